/** What the control of somebody on the path says. */

/** "2.4 s", "350 ms". */
const lasting = (milliseconds: number) =>
  milliseconds < 1000 ? `${milliseconds} ms` : `${(milliseconds / 1000).toFixed(1)} s`;

const byte = (value: number) => value.toString(16).padStart(2, '0');

interface Change {
  offset: number;
  was: number;
  is: number;
}

interface Fact {
  state: 'held' | 'delayed' | 'passed' | 'dropped' | 'changed' | 'replayed' | 'lost';
  milliseconds?: number;
  change?: Change;
}

const after = ({ milliseconds }: Fact) =>
  milliseconds === undefined ? '' : ` after ${lasting(milliseconds)}`;

export const pathWords = {
  title: 'On the path',
  count: (held: number) => `${held} held`,
  intro:
    'You stand between two hosts, without a key. You tell records apart, and read the names of messages in clear; what is encrypted is a record to you, and no more.',
  form: 'What you do, to which message',
  when: 'When',
  sends: 'sends',
  number: 'number',
  act: 'then',
  anybody: 'anybody',
  anything: 'anything',
  data: 'bytes without TLS',
  clear: 'Names in clear',
  clear12: 'In clear with TLS 1.2 only',
  acts: {
    hold: 'hold it',
    change: 'change a byte',
    drop: 'drop it',
    delay: 'delay it',
    replay: 'send it twice',
  },
  offset: 'byte',
  milliseconds: 'milliseconds',
  stand: 'Stand on the path',
  leave: 'Leave the path',
  waiting: (name: string, nth: number, from: string, act: string) =>
    `You wait for ${name} number ${nth} of ${from}, to ${act}. Run a step.`,
  holding: 'Held',
  holdingWords:
    'The step’s time stands still until you decide. The programs measure their own: they may give up.',
  what: (name: string, length: number, from: string, to: string) =>
    `${name}, ${length} bytes, ${from} → ${to}`,
  pass: 'Let it pass',
  drop: 'Drop it',
  change: (offset: number) => `Change byte ${offset}`,
  replay: 'Send it twice',
  /** What a message's row says besides its name. */
  note: (fact: Fact): string =>
    ({
      held: 'held on the path',
      delayed: 'waits on the path',
      passed: `held on the path, passed${after(fact)}`,
      dropped: 'dropped on the path',
      changed: 'changed on the path',
      replayed: 'sent twice on the path',
      lost: 'held on the path, never arrived',
    })[fact.state],
  /** The same in full: for the opened message, and said aloud. */
  words: (fact: Fact): string =>
    ({
      held: 'Somebody on the path holds it: it has not arrived. What its sender says after it waits behind it.',
      delayed: 'Somebody on the path lets it wait, and what its sender says after it.',
      passed: `Somebody on the path let it pass${after(fact)}, as it was.`,
      dropped: `Somebody on the path dropped it${after(fact)}: it never arrived, and what came after it did. To both ends TCP was in order.`,
      changed: `Somebody on the path changed it${after(fact)}${changed(fact.change)}.`,
      replayed: `Somebody on the path sent it twice${after(fact)}: the same bytes arrived again, right after the first.`,
      lost: `Somebody on the path held it${after(fact)}, until there was nobody left to receive it.`,
    })[fact.state],
  changedByte: ({ was, is }: Change) => `sent ${byte(was)}, arrived ${byte(is)}`,
};

function changed(change: Change | undefined): string {
  if (!change) return '';
  return `: byte ${change.offset} of its record was sent as ${byte(change.was)} and arrived as ${byte(change.is)}`;
}
