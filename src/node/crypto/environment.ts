/** What the cryptographic bindings take from the process they run in: chance, time, and a place in the event loop. */
import { host } from '../current.ts';
import type { Host } from '../host.ts';
import { enter, hold } from '../loop.ts';

type Source = Pick<Host, 'random' | 'now' | 'keylog'>;

/** Stands in for the Host while a spare worker practises, before it has one. */
let standIn: Source | undefined;

const source = (): Source => standIn ?? host();

export function withSource(practice: Source, work: () => void): void {
  standIn = practice;
  try {
    work();
  } finally {
    standIn = undefined;
  }
}

export function fillRandom(bytes: Uint8Array): void {
  source().random(bytes);
}

export function randomBytes(length: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(length);
  fillRandom(bytes);
  return bytes;
}

/** Milliseconds since the Unix epoch: certificates are judged by it. */
export function now(): number {
  return source().now();
}

/** A key that was made ahead, in PKCS #8, where somebody makes such keys. */
export function rsaKeyFromStock(): Promise<Uint8Array | undefined> | undefined {
  return host().rsaKey?.();
}

/** A line of the key log for whoever watches the network. */
export function keylog(line: string): void {
  source().keylog(line);
}

/** Calls back as one macrotask of Node's event loop; the process stays alive until then. */
export function later(callback: () => void): void {
  const release = hold();
  enter(() => {
    release();
    callback();
  });
}

/** Waits for work that is done outside the event loop, and tells its end as `later` does. */
export function whenDone<Result>(
  work: Promise<Result>,
  fulfilled: (result: Result) => void,
  rejected: (error: unknown) => void,
): void {
  const release = hold();
  const tell = (callback: () => void) =>
    enter(() => {
      release();
      callback();
    });
  work.then(
    (result) => tell(() => fulfilled(result)),
    (error) => tell(() => rejected(error)),
  );
}
