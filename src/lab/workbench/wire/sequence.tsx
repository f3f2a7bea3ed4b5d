/** The sequence diagram: a lane for each host, an arrow for each message. Only the rows in sight are in the page. */
import { useEffect, useRef, useState } from 'preact/hooks';
import { ui } from '../../../text/index.ts';
import { type MessageRow, type Row, shortName } from './rows.ts';

export const ROW_HEIGHT = 30;
/** Rows beyond the edges that are there already when one scrolls. */
const MARGIN = 12;

export interface Lane {
  readonly host: string;
  /** The shape that the host's role wears. */
  readonly shape: string;
}

interface Props {
  rows: readonly Row[];
  lanes: readonly Lane[];
  selected: string | undefined;
  onSelect(key: string): void;
  onFold(connection: number): void;
  /** The reader wants to look inside what is selected. */
  onEnter(): void;
}

export function Sequence({ rows, lanes, selected, onSelect, onFold, onEnter }: Props) {
  const list = useRef<HTMLDivElement>(null);
  const [place, setPlace] = useState({ top: 0, height: 600 });
  const wasAtEnd = useRef(true);

  const look = () => {
    const element = list.current;
    if (!element) return;
    wasAtEnd.current = element.scrollTop + element.clientHeight >= element.scrollHeight - ROW_HEIGHT;
    setPlace({ top: element.scrollTop, height: element.clientHeight });
  };
  useEffect(() => {
    const observer = new ResizeObserver(look);
    if (list.current) observer.observe(list.current);
    return () => observer.disconnect();
  }, []);
  // The newest message stays in sight, unless the reader has scrolled away or looks at one.
  useEffect(() => {
    const element = list.current;
    if (element && wasAtEnd.current && selected === undefined) element.scrollTop = element.scrollHeight;
  }, [rows.length, selected]);

  const index = rows.findIndex(({ key }) => key === selected);
  // What is selected stays in sight also when its message opens below and takes some of the room.
  useEffect(() => {
    if (list.current && index >= 0) reveal(list.current, index);
  }, [selected, place.height]);

  function go(to: number): void {
    const row = rows[Math.max(0, Math.min(rows.length - 1, to))];
    const element = list.current;
    if (!row || !element) return;
    onSelect(row.key);
    reveal(element, rows.indexOf(row));
  }

  function press(event: KeyboardEvent): void {
    const page = Math.max(1, Math.floor(place.height / ROW_HEIGHT) - 1);
    const moves: Record<string, number> = {
      ArrowDown: index + 1,
      ArrowUp: index < 0 ? 0 : index - 1,
      PageDown: index + page,
      PageUp: index - page,
      Home: 0,
      End: rows.length - 1,
    };
    const row = rows[index];
    if (event.key in moves) go(moves[event.key]);
    else if (row?.kind === 'connection' && FOLDS.includes(event.key)) {
      const isWanted =
        event.key === 'ArrowLeft' ? !row.isFolded : event.key === 'ArrowRight' ? row.isFolded : true;
      if (isWanted) onFold(row.connection.id);
    } else if (row?.kind === 'message' && event.key === 'Enter') onEnter();
    else if (row?.kind === 'message' && event.key === 'ArrowLeft')
      go(rows.findIndex(({ key }) => key === `c${row.connection.id}`));
    else return;
    event.preventDefault();
  }

  /** A connection folds when its mark is pressed, or it is pressed again. */
  function click({ target }: MouseEvent): void {
    const key = target instanceof Element && target.closest<HTMLElement>('[data-key]')?.dataset.key;
    const row = rows.find((each) => each.key === key);
    if (!row) return;
    const isFold = (target as Element).closest('[data-fold]') !== null || row.key === selected;
    if (row.kind === 'connection' && isFold) onFold(row.connection.id);
    onSelect(row.key);
  }

  const first = Math.max(0, Math.floor(place.top / ROW_HEIGHT) - MARGIN);
  const last = Math.min(rows.length, Math.ceil((place.top + place.height) / ROW_HEIGHT) + MARGIN);
  return (
    <div class="wire-sequence">
      <div class="wire-lanes-head" aria-hidden="true">
        <div class="wire-lanes">
          {lanes.map(({ host, shape }, lane) => (
            <span
              key={host}
              class="wire-lane-name"
              data-role={shape}
              // Where there are many, a little more than its share: most neighbours need less.
              style={{
                left: `${center(lane, lanes)}%`,
                maxWidth: `${(lanes.length > 3 ? 130 : 100) / lanes.length}%`,
              }}
              title={host}
            >
              <svg class="shape" aria-hidden="true">
                <use href={`#shape-${shape}`} />
              </svg>
              <span>{shortName({ host })}</span>
            </span>
          ))}
        </div>
        <span class="wire-lane-names">{lanes.map(shortName).join(' · ')}</span>
      </div>
      <div
        class="wire-list"
        ref={list}
        role="listbox"
        tabIndex={0}
        aria-label={ui.wire.messages}
        aria-activedescendant={index >= first && index < last ? `wire-${selected}` : undefined}
        onScroll={look}
        onKeyDown={press}
        onClick={click}
      >
        <div class="wire-all" style={{ height: `${rows.length * ROW_HEIGHT}px` }}>
          <div class="wire-lanes wire-lines" aria-hidden="true">
            {lanes.map(({ host }, lane) => (
              <i key={host} style={{ left: `${center(lane, lanes)}%` }} />
            ))}
          </div>
          {rows.slice(first, last).map((row, offset) => (
            <RowLine
              key={row.key}
              row={row}
              at={first + offset}
              of={rows.length}
              lanes={lanes}
              isSelected={row.key === selected}
            />
          ))}
        </div>
      </div>
    </div>
  );
}

function reveal(list: HTMLElement, index: number): void {
  const top = index * ROW_HEIGHT;
  if (top < list.scrollTop) list.scrollTop = top;
  else if (top + ROW_HEIGHT > list.scrollTop + list.clientHeight)
    list.scrollTop = top + ROW_HEIGHT - list.clientHeight;
}

const FOLDS = ['ArrowLeft', 'ArrowRight', 'Enter', ' '];

/** Where a lane stands, in percent of the lanes' room. */
function center(lane: number, { length }: readonly Lane[]): number {
  return ((lane + 0.5) / length) * 100;
}

interface LineProps {
  row: Row;
  at: number;
  of: number;
  lanes: readonly Lane[];
  isSelected: boolean;
}

function RowLine({ row, at, of, lanes, isSelected }: LineProps) {
  const common = {
    id: `wire-${row.key}`,
    'aria-posinset': at + 1,
    'aria-setsize': of,
    style: { top: `${at * ROW_HEIGHT}px` },
    'data-key': row.key,
  };
  if (row.kind === 'connection') {
    const words = row.isFolded ? ui.wire.folded : ui.wire.unfolded;
    return (
      <div
        {...common}
        role="option"
        tabIndex={-1}
        aria-selected={isSelected}
        class="wire-row wire-connection"
        data-fault={row.hasFault || undefined}
      >
        <span class="wire-fold" aria-hidden="true" data-fold>
          {row.isFolded ? '▸' : '▾'}
        </span>
        <b>{row.title}</b> <span class="wire-note">{row.facts}</span>
        <span class="wire-count">{ui.wire.count(row.count)}</span>
        <span class="visually-hidden">, {words}</span>
      </div>
    );
  }
  return (
    <div
      {...common}
      role="option"
      tabIndex={-1}
      aria-selected={isSelected}
      class="wire-row wire-message"
      data-cover={row.cover}
      data-fault={row.isFault || undefined}
      data-path={row.onPath?.seen.state}
    >
      <span class="wire-lanes" aria-hidden="true">
        <Arrow row={row} lanes={lanes} />
      </span>
      <span class="wire-name">
        {row.isFault && <span class="visually-hidden">{ui.wire.fault}: </span>}
        {row.isFault && (
          <svg class="glyph" aria-hidden="true">
            <use href="#mark-failed" />
          </svg>
        )}
        {row.cover !== 'clear' && (
          <svg class="glyph wire-lock" aria-hidden="true">
            <use href="#mark-padlock" />
          </svg>
        )}
        <span class="wire-text">{row.name}</span>
      </span>
      <span class="wire-note">{row.note}</span>
      <span class="visually-hidden">, {ui.wire.fromTo(row.from, row.to)}</span>
    </div>
  );
}

/** A message is new for so long after it was sent: then its arrow is seen to cross. */
const NEW_MILLISECONDS = 1000;
/** What somebody on the path does with these ends there, for now or for good. */
const STOPS = ['held', 'delayed', 'dropped', 'lost'];

/** From lane to lane, or to the eye that stands between them. */
function Arrow({ row, lanes }: { row: MessageRow; lanes: readonly Lane[] }) {
  const [isNew] = useState(() => Date.now() - row.message.time < NEW_MILLISECONDS);
  const [from, to] = [row.from, row.to].map((host) => lanes.findIndex((lane) => lane.host === host));
  const state = row.onPath?.seen.state;
  const [a, b] = [center(from, lanes), center(to, lanes)];
  const end = state && STOPS.includes(state) ? (a + b) / 2 : b;
  return (
    <>
      <span
        class="wire-arrow"
        data-role={lanes[from]?.shape}
        data-toward={to > from ? 'right' : 'left'}
        data-new={isNew || undefined}
        style={{ left: `${Math.min(a, end)}%`, width: `${Math.abs(a - end)}%` }}
      />
      {state && (
        <span class="wire-eye" data-role="observer" style={{ left: `${(a + b) / 2}%` }}>
          <svg class="shape" aria-hidden="true">
            <use href="#shape-observer" />
          </svg>
        </span>
      )}
    </>
  );
}
