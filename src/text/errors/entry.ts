/** What the page says of one code. Backquotes mark code; nothing else is markup. */
import type { ErrorCode } from './codes.ts';

/** A step of a lesson in which the code can be seen. */
export interface Seen {
  readonly lesson: string;
  readonly step: string;
}

export interface ErrorEntry {
  readonly code: ErrorCode;
  /** Who says it: one side of a connection, a program to itself, the API or the authorization server in its answer. */
  readonly by: 'client' | 'server' | 'program' | 'api' | 'auth';
  /** As Node.js prints it, or as the answer says it. A test raises each one, on Node.js and in the page's engine. */
  readonly message: string;
  readonly means: string;
  readonly causes: readonly string[];
  /** What mends it, and leaves the check in place. */
  readonly fix: string;
  /** Common advice that silences the message and leaves the fault, or makes a worse one. */
  readonly not?: string;
  /** What a browser of Chromium's kind calls it. */
  readonly browser?: string;
  readonly rfc?: readonly { readonly n: number; readonly s: string }[];
  readonly seen?: readonly Seen[];
}

export interface ErrorKind {
  /** The fragment of its heading. */
  readonly id: string;
  readonly title: string;
  /** What these have in common. */
  readonly about: string;
  readonly entries: readonly ErrorEntry[];
}
