/** Where this process is: its host, the others, and how each end is told from the other. */
import { writeSync } from 'node:fs';
import { threadId } from 'node:worker_threads';
import { createPortTable } from '../hosts.ts';
import { enclose, type Report } from '../reports.ts';
import { placement } from './heritage.ts';

// biome-ignore lint/suspicious/noExplicitAny: arguments of functions that take them in many shapes
export type Any = any;

/** The one address that all hosts of a lab share here. */
export const LOOPBACK = '127.0.0.1';
const SELF = new Set(['localhost', LOOPBACK, '::1']);
export const ANY = new Set(['0.0.0.0', '::']);

export const { host, hosts } = placement;
export const own = hosts[host];
export const ports = createPortTable(Object.keys(hosts));
export const nameOf = new Map(Object.entries(hosts).map(([name, address]) => [address, name]));

/** Whether a name or an address is this host's own. */
export const isSelf = (name: string) =>
  SELF.has(name) || name === host || name === own || name.startsWith('127.');

/** A number of calls by which no two threads, or processes, call from a port that another has just left. */
export const firstCall = process.pid * 37 + threadId * 1009;

export function report(seen: Report): void {
  if (placement.mark === undefined) return;
  let text = new TextEncoder().encode(enclose(placement.mark, seen));
  while (text.length > 0) {
    try {
      text = text.subarray(writeSync(1, text));
    } catch (problem) {
      if ((problem as NodeJS.ErrnoException).code !== 'EAGAIN') return; // nobody reads it any more
    }
  }
}
