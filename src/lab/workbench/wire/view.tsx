/** The wire view: whose eyes, a filter, the sequence diagram, and the message that is opened. */
import { useSignalEffect } from '@preact/signals';
import { render } from 'preact';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { Lab } from '../../../lesson/index.ts';
import { compareWords, pathWords, ui } from '../../../text/index.ts';
import { type Eyes, soughtIn } from '../../../wire/index.ts';
import { offer } from '../files/download.ts';
import { shapeOf } from '../shape.ts';
import type { Capture, Captures } from './captures.ts';
import { Changes } from './changes.tsx';
import { Message } from './message.tsx';
import { PathPanel } from './path-panel.tsx';
import { rowAt, writePointer } from './pointer.ts';
import { Reading } from './reading.ts';
import { keyOf, lanesOf, type Row, rowsOf } from './rows.ts';
import { Search } from './search.ts';
import { Sequence } from './sequence.tsx';

const words = ui.wire;

/** Draws the view into an element of the page, and keeps it up to date. */
export function showWire(root: HTMLElement, lab: Lab, slug: string, captures: Captures): void {
  render(<Wire lab={lab} slug={slug} captures={captures} />, root);
}

interface Props {
  lab: Lab;
  slug: string;
  captures: Captures;
}

/** Each network is read once, however often one looks back and forth between worlds. */
const readings = new WeakMap<Capture, Reading>();

function readingOf(captures: Captures, world: string | undefined): Reading {
  const capture = captures.of(world);
  const reading = readings.get(capture) ?? new Reading(capture);
  readings.set(capture, reading);
  return reading;
}

function eyesOf(choice: string): Eyes {
  if (choice === 'everything' || choice === 'observer') return choice;
  return { host: choice };
}

/** A connection's row knows how many of its messages match, folded away or not. */
const countOf = (row: Row) => (row.kind === 'connection' ? row.count : 0);

function Wire({ lab, slug, captures }: Props) {
  const [worlds, setWorlds] = useState(captures.worlds.peek());
  const [chosenWorld, setWorld] = useState<string>();
  const [choice, setChoice] = useState('everything');
  const [filter, setFilter] = useState('');
  const [folded, setFolded] = useState<ReadonlySet<number>>(new Set());
  const [selected, setSelected] = useState<string>();
  const [version, setVersion] = useState(0);
  const { path } = captures;
  const [isPathShown, showPath] = useState(path.isTaken);
  const [held, setHeld] = useState(0);
  const [isComparing, compare] = useState(false);
  const root = useRef<HTMLDivElement>(null);
  const world = worlds.includes(chosenWorld) ? chosenWorld : worlds[0];
  const reading = readingOf(captures, world);
  // The two effects read signals; the rest of the view follows from the state they set.
  useSignalEffect(() => setWorlds(captures.worlds.value));
  useEffect(() => reading.version.subscribe(setVersion), [reading]);
  const search = useMemo(() => new Search(), []);
  const [searched, setSearched] = useState(0);
  useEffect(() => search.version.subscribe(setSearched), [search]);
  useSignalEffect(() => {
    setHeld(path.held.value.length);
    if (path.held.value.length > 0) showPath(true);
  });

  const { dissector } = reading;
  const { connections } = dissector;
  const sought = soughtIn(filter);
  const rows = useMemo(
    () => rowsOf(connections, eyesOf(choice), folded, sought, search.for(sought, dissector)),
    [dissector, version, choice, folded, sought, searched],
  );
  const lanes = useMemo(
    () =>
      lanesOf(connections).map((host) => ({
        host,
        shape: shapeOf(lab.hosts.find(({ name }) => name === host)?.role ?? 'observer'),
      })),
    [dissector, version],
  );
  const row = rows.find(({ key }) => key === selected);
  useSignalEffect(() => {
    if (captures.wanted.value === undefined) return;
    // Nothing may hide what a link points at.
    setChoice('everything');
    setFilter('');
    setFolded(new Set());
    setSelected(undefined);
  });
  useEffect(() => {
    const { value } = captures.wanted;
    // What was run before may have a message of the same name, and stays in sight until the new run is read.
    const isOfThisRun = captures.step === value?.step && reading.current === dissector;
    const found = value && isOfThisRun && rowAt(rows, value);
    if (!found) return;
    setSelected(found.key);
    captures.wanted.value = undefined;
  }, [rows]);
  const link = useMemo(() => {
    if (!captures.step || row?.kind !== 'message') return undefined;
    // Messages of one name are counted as whoever follows the link sees them: all of them, and with every key.
    const all = rowsOf(connections, 'everything', new Set(), '', new Set());
    const same = all.find(({ key }) => key === row.key);
    return same?.kind === 'message' ? writePointer(captures.step, same, all) : undefined;
  }, [row?.key, dissector, version]);
  const fold = (connection: number) => {
    const next = new Set(folded);
    if (!next.delete(connection)) next.add(connection);
    setFolded(next);
  };
  const save = () => {
    const file = new Blob([reading.file(words.comment(slug)) as Uint8Array<ArrayBuffer>], {
      type: 'application/vnd.tcpdump.pcap',
    });
    offer(`${[slug, world].filter(Boolean).join('-')}.pcapng`, file);
  };

  return (
    <div class="wire-view" ref={root}>
      <fieldset class="wire-controls" aria-label={words.tab}>
        {worlds.length > 1 && (
          <label>
            {words.world}{' '}
            <select
              value={world ?? ''}
              onChange={({ currentTarget }) => setWorld(currentTarget.value || undefined)}
            >
              {worlds.map((name) => (
                <option key={name ?? ''} value={name ?? ''}>
                  {lab.worlds?.find((each) => each.name === name)?.title ?? words.yours}
                </option>
              ))}
            </select>
          </label>
        )}
        <label>
          {words.eyes}{' '}
          <select value={choice} onChange={({ currentTarget }) => setChoice(currentTarget.value)}>
            <option value="everything">{words.everything}</option>
            {lanes.map(({ host }) => (
              <option key={host} value={host}>
                {host}
              </option>
            ))}
            <option value="observer">{words.observer}</option>
          </select>
        </label>
        <label class="wire-filter">
          <span class="visually-hidden">{words.filter}</span>
          <input
            type="search"
            placeholder={words.filter}
            value={filter}
            onInput={({ currentTarget }) => setFilter(currentTarget.value)}
          />
        </label>
        {path.isAllowed && (
          <button
            type="button"
            class="quiet-press"
            aria-expanded={isPathShown}
            aria-controls={isPathShown ? 'wire-path' : undefined}
            onClick={() => showPath(!isPathShown)}
          >
            {pathWords.title}
            {held > 0 && ` · ${pathWords.count(held)}`}
          </button>
        )}
        <button
          type="button"
          class="quiet-press"
          aria-pressed={isComparing}
          onClick={() => compare(!isComparing)}
        >
          {compareWords.toggle}
        </button>
        <button
          type="button"
          class="quiet-press"
          aria-disabled={connections.length === 0}
          aria-label={words.save}
          onClick={() => connections.length > 0 && save()}
        >
          {words.saveShort}
        </button>
      </fieldset>
      <p class="visually-hidden" role="status">
        {sought !== '' && search.isDone
          ? words.found(rows.reduce((sum, each) => sum + countOf(each), 0))
          : ''}
      </p>
      {path.isAllowed && isPathShown && <PathPanel lab={lab} desk={path} id="wire-path" />}
      {isComparing && (
        <Changes
          before={captures.before(world)}
          reading={reading}
          version={version}
          onSelect={({ connection, message }) => {
            setChoice('everything');
            setFilter('');
            setFolded(new Set());
            setSelected(keyOf(connection, message));
          }}
        />
      )}
      {rows.length === 0 ? (
        <Empty lab={lab} captures={captures} isQuiet={connections.length === 0} isLooking={!search.isDone} />
      ) : (
        <div class="wire-panes" data-opened={row?.kind === 'message' || undefined}>
          <Sequence
            rows={rows}
            lanes={lanes}
            selected={selected}
            onSelect={setSelected}
            onFold={fold}
            onEnter={() => root.current?.querySelector<HTMLElement>('.wire-tree')?.focus()}
          />
          {row?.kind === 'message' && (
            <Message
              row={row}
              sought={sought}
              link={link}
              onClose={() => {
                setSelected(undefined);
                root.current?.querySelector<HTMLElement>('.wire-list')?.focus();
              }}
            />
          )}
        </div>
      )}
    </div>
  );
}

interface EmptyProps {
  lab: Lab;
  captures: Captures;
  /** Nothing was said at all. */
  isQuiet: boolean;
  isLooking: boolean;
}

/** Why there is nothing to see; what a link points at comes with one press. */
function Empty({ lab, captures, isQuiet, isLooking }: EmptyProps) {
  const [wanted, setWanted] = useState(captures.wanted.peek());
  useSignalEffect(() => setWanted(captures.wanted.value));
  const step = isQuiet && lab.steps.find(({ id }) => id === wanted?.step);
  return (
    <div class="wire-empty">
      <p>{isQuiet ? words.empty : isLooking ? words.looking : words.noMatch}</p>
      {step && (
        <button type="button" class="press small" onClick={() => captures.run(step.id)}>
          <svg class="glyph" aria-hidden="true">
            <use href="#mark-run" />
          </svg>
          {step.title}
        </button>
      )}
    </div>
  );
}
