/** How BoringSSL calls the ways in which a connection fails: the names that the runner looks for. */
import type { Reason, TlsError } from '../../../src/tls/index.ts';

export function errorNames({ reason }: TlsError): string {
  return `[${reason satisfies Reason}]`;
}
