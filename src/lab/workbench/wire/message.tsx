/** One message, opened: its fields as a tree, its bytes beside it, each lighting up the other. */
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { pathWords, ui } from '../../../text/index.ts';
import {
  hex,
  type OnPathOf,
  type OpenedMessage,
  openMessage,
  sayingOf,
  type WireNote,
} from '../../../wire/index.ts';
import type { MessageRow } from './rows.ts';
import { Tokens } from './tokens.tsx';

const words = ui.wire;

/** More bytes than anybody reads in a page; the file of the capture has them all. */
const SHOWN_BYTES = 4096;
const BYTES_IN_A_ROW = 16;

interface Props {
  row: MessageRow;
  /** What the reader looked for: the field that holds it is chosen when the message is opened. */
  sought: string;
  /** The hash of a link to this message; nothing where no step says it. */
  link: string | undefined;
  onClose(): void;
}

/** A note and where it stands in the tree. */
interface Place {
  readonly note: WireNote;
  readonly path: string;
  readonly depth: number;
}

export function Message({ row, sought, link, onClose }: Props) {
  const { message, connection } = row;
  const opened = useMemo(() => openMessage(message, connection.tls), [message, connection.tls.version]);
  const [chosen, setChosen] = useState('');
  const [copied, setCopied] = useState('');
  const [shut, setShut] = useState<ReadonlySet<string>>(new Set());
  useEffect(() => {
    setChosen((sought && holderOf(opened.notes, sought)) || '');
    setCopied('');
    setShut(new Set());
  }, [message]);

  const places = useMemo(() => visible(opened.notes, shut), [opened, shut]);
  const current = places.find(({ path }) => path === chosen);
  const toggle = (path: string, isShut = !shut.has(path)) => {
    const next = new Set(shut);
    if (isShut) next.add(path);
    else next.delete(path);
    setShut(next);
  };
  const copy = (what: string, text: string) => {
    // Where the page may not write to the clipboard, it says so rather than nothing.
    Promise.resolve(navigator.clipboard?.writeText(text) ?? Promise.reject()).then(
      () => setCopied(words.copied(what)),
      () => setCopied(words.notCopied),
    );
  };
  const choose = (path: string) => {
    setCopied('');
    setChosen(path);
  };
  const chooseByte = (at: number) => {
    const path = deepest(opened.notes, at);
    if (path === undefined) return;
    setShut(new Set([...shut].filter((each) => !path.startsWith(`${each}.`))));
    choose(path);
  };

  return (
    <section class="wire-opened" aria-label={`${row.name}: ${words.opened}`}>
      <header>
        <h3>
          {row.name} <span class="wire-note">{words.fromTo(row.from, row.to)}</span>
        </h3>
        <span class="wire-note">{words.size(opened.bytes.length)}</span>
        {link && (
          <button
            type="button"
            class="quiet-press"
            onClick={() => copy(words.link, new URL(link, location.href).href)}
          >
            {words.copyLink}
          </button>
        )}
        {opened.bytes.length > 0 && (
          <button type="button" class="quiet-press" onClick={() => copy(words.bytes, hex(opened.bytes))}>
            {words.copyHex}
          </button>
        )}
        <button type="button" class="quiet-press" onClick={onClose}>
          {words.close}
        </button>
      </header>
      {row.onPath && (
        <p class="wire-words wire-passed" data-role="observer">
          <svg class="shape" aria-hidden="true">
            <use href="#shape-observer" />
          </svg>{' '}
          {pathWords.words(row.onPath.seen)}
        </p>
      )}
      {message.kind === 'http' && <Tokens message={message} connection={connection} />}
      {opened.problem && <p class="wire-problem">{words.problem(opened.problem)}</p>}
      {opened.notes.length === 0 ? (
        <p class="wire-words">{words.tcpWords[message.kind === 'tcp' ? message.name : 'open']}</p>
      ) : (
        <div class="wire-inside">
          <Tree places={places} shut={shut} chosen={chosen} onChoose={choose} onToggle={toggle} />
          <Bytes opened={opened} note={current?.note} onPath={row.onPath} onChoose={chooseByte} />
        </div>
      )}
      <p class="wire-words" aria-live="polite">
        {copied || (current ? `${current.note.words} ${current.note.section}` : words.choose)}
      </p>
    </section>
  );
}

/** The notes that are not inside a shut one, in reading order. */
function visible(notes: readonly WireNote[], shut: ReadonlySet<string>, path = '', depth = 0): Place[] {
  return notes.flatMap((note, index) => {
    const here = `${path}.${index}`;
    const inside = shut.has(here) ? [] : visible(childrenOf(note), shut, here, depth + 1);
    return [{ note, path: here, depth }, ...inside];
  });
}

/** A vector's only child that says the same again is left out of the tree. */
function childrenOf({ children, name }: WireNote): readonly WireNote[] {
  const [only] = children;
  return children.length === 1 && only.name === name ? only.children : children;
}

/** The path of the first and smallest note that says this. */
function holderOf(notes: readonly WireNote[], sought: string, path = ''): string | undefined {
  for (const [index, note] of notes.entries()) {
    const here = `${path}.${index}`;
    const inside = holderOf(childrenOf(note), sought, here);
    if (inside !== undefined) return inside;
    if (sayingOf(note).includes(sought)) return here;
  }
  return undefined;
}

/** The path of the smallest note that holds this byte. */
function deepest(notes: readonly WireNote[], at: number, path = ''): string | undefined {
  for (const [index, note] of notes.entries()) {
    if (at < note.offset || at >= note.offset + note.length) continue;
    const here = `${path}.${index}`;
    return deepest(childrenOf(note), at, here) ?? here;
  }
  return undefined;
}

interface TreeProps {
  places: readonly Place[];
  shut: ReadonlySet<string>;
  chosen: string;
  onChoose(path: string): void;
  onToggle(path: string, isShut?: boolean): void;
}

function Tree({ places, shut, chosen, onChoose, onToggle }: TreeProps) {
  const root = useRef<HTMLDivElement>(null);
  const index = places.findIndex(({ path }) => path === chosen);
  useEffect(() => {
    root.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' });
  }, [chosen]);

  function press(event: KeyboardEvent): void {
    const here = places[index];
    const isParent = here && childrenOf(here.note).length > 0;
    const isShut = here && shut.has(here.path);
    const to = { ArrowDown: index + 1, ArrowUp: Math.max(0, index - 1), Home: 0, End: places.length - 1 }[
      event.key
    ];
    if (to !== undefined) onChoose((places[to] ?? places[places.length - 1]).path);
    else if (here && event.key === 'ArrowRight' && isParent) {
      if (isShut) onToggle(here.path, false);
      else onChoose(places[index + 1].path);
    } else if (here && event.key === 'ArrowLeft') {
      if (isParent && !isShut) onToggle(here.path, true);
      else onChoose(here.path.slice(0, here.path.lastIndexOf('.')) || here.path);
    } else if (here && (event.key === 'Enter' || event.key === ' ') && isParent) onToggle(here.path);
    else return;
    event.preventDefault();
  }

  function click({ target }: MouseEvent): void {
    const path = target instanceof Element && target.closest<HTMLElement>('[data-path]')?.dataset.path;
    const place = places.find((each) => each.path === path);
    if (!place) return;
    if (place.path === chosen && childrenOf(place.note).length > 0) onToggle(place.path);
    onChoose(place.path);
  }

  return (
    <div
      class="wire-tree"
      role="tree"
      tabIndex={0}
      ref={root}
      aria-label={words.fields}
      aria-activedescendant={index >= 0 ? `field${chosen}` : undefined}
      onKeyDown={press}
      onClick={click}
    >
      {places.map(({ note, path, depth }) => {
        const isParent = childrenOf(note).length > 0;
        return (
          <div
            key={path}
            id={`field${path}`}
            role="treeitem"
            aria-level={depth + 1}
            aria-selected={path === chosen}
            aria-expanded={isParent ? !shut.has(path) : undefined}
            style={{ paddingInlineStart: `${0.5 + depth}rem` }}
            tabIndex={-1}
            data-path={path}
          >
            <span class="wire-field">{note.name}</span> <span class="wire-value">{excerpt(note.value)}</span>
          </div>
        );
      })}
    </div>
  );
}

const VALUE_LENGTH = 240;
const excerpt = (value: string) => (value.length > VALUE_LENGTH ? `${value.slice(0, VALUE_LENGTH)}…` : value);

interface BytesProps {
  opened: OpenedMessage;
  note: WireNote | undefined;
  onPath: OnPathOf | undefined;
  onChoose(at: number): void;
}

function Bytes({ opened, note, onPath, onChoose }: BytesProps) {
  const root = useRef<HTMLElement>(null);
  const shown = opened.bytes.subarray(0, SHOWN_BYTES);
  const change = onPath?.seen.change;
  useEffect(() => {
    root.current?.querySelector('[data-lit]')?.scrollIntoView({ block: 'nearest' });
  }, [note]);
  const isLit = (at: number) => note !== undefined && at >= note.offset && at < note.offset + note.length;
  const rows = Array.from(
    { length: Math.ceil(shown.length / BYTES_IN_A_ROW) },
    (_, index) => index * BYTES_IN_A_ROW,
  );
  return (
    <section
      class="wire-bytes"
      ref={root}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard as well
      tabIndex={0}
      aria-label={words.bytes}
      onClick={({ target }) => {
        const at = target instanceof HTMLElement ? target.dataset.at : undefined;
        if (at !== undefined) onChoose(Number(at));
      }}
      onKeyDown={(event) => {
        // From field to field, forwards and back.
        const to = { ArrowRight: note ? note.offset + note.length : 0, ArrowLeft: (note?.offset ?? 1) - 1 }[
          event.key
        ];
        if (to === undefined || to < 0 || to >= opened.bytes.length) return;
        event.preventDefault();
        onChoose(to);
      }}
    >
      {rows.map((start) => (
        <div key={start} class="wire-hex">
          <span class="wire-offset">{start.toString(16).padStart(4, '0')}</span>
          {[...shown.subarray(start, start + BYTES_IN_A_ROW)].map((byte, offset) => (
            <span
              key={offset}
              data-at={start + offset}
              data-lit={isLit(start + offset) || undefined}
              data-changed={(change && start + offset === onPath.changedAt) || undefined}
              title={
                change && start + offset === onPath.changedAt ? pathWords.changedByte(change) : undefined
              }
            >
              {byte.toString(16).padStart(2, '0')}
            </span>
          ))}
        </div>
      ))}
      {opened.bytes.length > SHOWN_BYTES && (
        <p class="wire-words">{words.more(SHOWN_BYTES, opened.bytes.length)}</p>
      )}
    </section>
  );
}
