/** What the cryptographic binding takes from the process it runs in: chance, time, and its place in the event loop. */
import { host } from '../current.ts';
import { enter, hold } from '../loop.ts';

export function fillRandom(bytes: Uint8Array): void {
  host().random(bytes);
}

export function randomBytes(length: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(length);
  fillRandom(bytes);
  return bytes;
}

/** Milliseconds since the Unix epoch: certificates are judged by it. */
export function now(): number {
  return host().now();
}

/** Calls back as one macrotask of Node's event loop; the process stays alive until then. */
export function later(callback: () => void): void {
  const release = hold();
  enter(() => {
    release();
    callback();
  });
}
