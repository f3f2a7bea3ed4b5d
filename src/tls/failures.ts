import { DecodeError } from './codec/wire.ts';
import { TlsError, tlsError } from './errors.ts';

/** What is thrown inside the engine, told apart: the peer's fault, our own, and that of whoever listens to events. */

/** Wraps what an event listener threw: it is none of the connection's business, and goes back to who called us. */
export class ListenerError extends Error {
  constructor(cause: unknown) {
    super('an event listener threw', { cause });
  }
}

/** Bytes that cannot be read are a decode error of the peer's; what nobody foresaw is a mistake of ours. */
export function asTlsError(error: unknown): TlsError {
  if (error instanceof TlsError) return error;
  if (error instanceof DecodeError)
    return tlsError('decode-error', {
      expected: `${error.field} of ${error.expected}`,
      actual: error.actual,
      cause: error,
    });
  return tlsError('internal-error', { cause: error });
}
