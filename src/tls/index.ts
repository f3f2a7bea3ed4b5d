/**
 * TLS 1.3 (RFC 8446), and in `tls12` what is left of TLS 1.2 (RFC 5246), as a machine without input and output: bytes, time
 * and randomness in; bytes and events out.
 * For learning in a sandbox: it does not run in constant time and is not for production.
 */
export type * from './api.ts';
export { defaultCipherSuites } from './cipher-suites.ts';
export {
  AlertDescription,
  type AlertName,
  CipherSuite,
  NamedGroup,
  nameOf,
  SignatureScheme,
} from './codec/registries.ts';
export { createTlsClient, createTlsServer } from './connection.ts';
export { type Fault, type Reason, reasons, TlsError } from './errors.ts';
export { defaultGroups } from './key-exchange.ts';
export { decodeSession, encodeSession, MAX_LIFETIME, TICKET_KEYS_LENGTH, ticketSealer } from './session.ts';
export { inCommon } from './settings.ts';
export { chooseScheme, defaultSignatureSchemes } from './signature-schemes.ts';
export { isReadable } from './tls12/key-exchange.ts';
