/**
 * A handshake for the front page: a step of a lesson, run in the reader's browser, as the tap saw it. The door of this
 * folder; it is loaded on its own.
 */
import { addressesOf } from '../../lesson/lab.ts';
import { boot } from '../../sandbox/index.ts';
import { Dissector, seenBy, type WireMessage } from '../../wire/index.ts';
import { createRunner } from '../runner.ts';
import { treeOf } from '../tree.ts';
import { fetchLabData } from '../workbench/lab-data.ts';

/** What one side said before the other spoke. */
export interface Flight {
  readonly sender: 'client' | 'server';
  readonly messages: readonly { readonly name: string; readonly isClear: boolean }[];
}

export interface Handshake {
  readonly flights: readonly Flight[];
  /** From the first byte of the ClientHello to the client's Finished, as the network saw them. */
  readonly milliseconds: number;
  /** How many records somebody on the path could read nothing of. */
  readonly sealed: number;
}

/** Runs the step, and tells what was said on its first connection. Rejects where the step does not pass. */
export async function shakeHands(slug: string, step: string): Promise<Handshake> {
  const data = await fetchLabData(slug);
  const { lab, syntax } = data;
  const dissector = new Dissector();
  const files = treeOf(data.files);
  const runner = createRunner({
    lab,
    boot: () => boot('embedded', { hosts: addressesOf(lab), syntax }),
    files: () => files,
    onWire: (seen) => dissector.add(seen),
  });
  try {
    const { state, fault } = await runner.runStep(step);
    if (state !== 'passed') throw new Error(fault ?? `the step ${step} did not pass`);
  } finally {
    await runner.close();
  }
  dissector.work();
  const [connection] = dissector.connections;
  const messages = seenBy('everything', connection).filter(isSaid);
  const finished = messages.findLast(({ name, sender }) => name === 'Finished' && sender === 'client');
  return {
    flights: flightsOf(messages),
    milliseconds: (finished?.time ?? Number.NaN) - messages[0].time,
    sealed: seenBy('observer', connection).filter(({ kind }) => kind === 'sealed').length,
  };
}

/** What a reader would call saying something: not TCP's signs, nor what TLS 1.3 sends for the sake of middleboxes. */
function isSaid({ kind }: WireMessage): boolean {
  return kind === 'handshake' || kind === 'data' || kind === 'http';
}

function flightsOf(messages: readonly WireMessage[]): Flight[] {
  const flights: { sender: Flight['sender']; messages: { name: string; isClear: boolean }[] }[] = [];
  for (const { sender, name, protection } of messages) {
    if (flights.at(-1)?.sender !== sender) flights.push({ sender, messages: [] });
    flights.at(-1)?.messages.push({ name, isClear: protection === 'none' });
  }
  return flights;
}
