/** What changed since the last run of the same step: messages that are new or gone, and fields that differ. */
import { signal } from '@preact/signals';
import { useEffect, useMemo, useState } from 'preact/hooks';
import { compareWords as words } from '../../../text/index.ts';
import { compareRuns, type FieldChange, type MessageChange, type Seen } from '../../../wire/index.ts';
import { Reading } from './reading.ts';
import { nameOf, shortName } from './rows.ts';

interface Props {
  before: readonly Seen[] | undefined;
  reading: Reading;
  version: number;
  onSelect(change: MessageChange): void;
}

export function Changes({ before, reading, version, onSelect }: Props) {
  // Read a little at a time, as the run that is shown is: there may be megabytes of it.
  const earlier = useMemo(() => before && new Reading({ seen: [...before], version: signal(0) }), [before]);
  const [, show] = useState(0);
  useEffect(() => earlier?.version.subscribe(show), [earlier]);
  const isRead = earlier?.isRead === true;
  const found = useMemo(
    () => isRead && compareRuns(earlier.dissector.connections, reading.dissector.connections),
    [earlier, isRead, reading, version],
  );
  if (!earlier) return <p class="wire-words">{words.none}</p>;
  if (!found) return <p class="wire-words">{words.reading}</p>;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard as well
    <section class="wire-changes" aria-label={words.title} tabIndex={0}>
      {found.changes.length === 0 ? (
        <p class="wire-words">{words.equal}</p>
      ) : (
        <ul>
          {found.changes.map((change, index) => (
            <Change key={index} change={change} onSelect={onSelect} />
          ))}
        </ul>
      )}
      <p class="wire-words">
        {words.same(found.same)} {found.skipped > 0 && words.skipped(found.skipped)}{' '}
        {found.random.length > 0 && words.random(found.random)}
      </p>
    </section>
  );
}

function Change({ change, onSelect }: { change: MessageChange; onSelect(change: MessageChange): void }) {
  const { kind, message, connection, fields } = change;
  const { client, server } = connection;
  const [from, to] = message.sender === 'client' ? [client, server] : [server, client];
  const title = (
    <>
      <b class="wire-text">{nameOf(message)}</b>{' '}
      <span class="wire-note">{`${shortName(from)} → ${shortName(to)}`}</span>
    </>
  );
  return (
    <li data-change={kind}>
      <span class="wire-kind">{words.kinds[kind]}</span>
      {kind === 'gone' ? (
        <span>{title}</span>
      ) : (
        <button type="button" onClick={() => onSelect(change)}>
          {title}
        </button>
      )}
      {fields.length > 0 && (
        <dl>
          {fields.map((field) => (
            <Field key={field.field} field={field} />
          ))}
        </dl>
      )}
    </li>
  );
}

function Field({ field: { field, before, after } }: { field: FieldChange }) {
  return (
    <div>
      <dt>{field}</dt>
      <dd>
        <span class="wire-note">{words.was}</span> <del>{listed(before)}</del>
      </dd>
      <dd>
        <span class="wire-note">{words.is}</span> <ins>{listed(after)}</ins>
      </dd>
    </div>
  );
}

const SHOWN_VALUES = 4;
const VALUE_LENGTH = 120;

function listed(values: readonly string[]): string {
  if (values.length === 0) return words.nothing;
  const shown = values.slice(0, SHOWN_VALUES).map((value) => {
    if (value.length > VALUE_LENGTH) return `${value.slice(0, VALUE_LENGTH)}…`;
    return value === '' ? '""' : value;
  });
  const left = values.length - shown.length;
  return left > 0 ? `${shown.join(', ')} ${words.more(left)}` : shown.join(', ');
}
