/**
 * The wire view's knowledge: from what the tap captured and the key log, to connections, messages and their fields. It is
 * passive, as Wireshark is, and knows no page and no engine.
 */

export { hex, type Note as WireNote } from '../tls/codec/index.ts';
export { type Binding, bindingsOf, certificatesOf, certificateThumbprint, keyThumbprint } from './binding.ts';
export { type CertificateSummary, certificateSummary } from './certificate-summary.ts';
export { type Comparison, compareRuns, type FieldChange, type MessageChange } from './compare.ts';
export { type OpenedMessage, openMessage } from './describe.ts';
export { type ConnectionSeen, Dissector, type KeyLogSeen, type Seen, type SegmentSeen } from './dissector.ts';
export { type Eyes, hasKeys, placeOf, seenBy } from './eyes.ts';
export { type HttpHeader, type HttpMessage, headerOf } from './http.ts';
export { type Jwt, readJwt } from './jwt.ts';
export type {
  Endpoint,
  HttpWireMessage,
  OnPathSeen,
  Protection,
  Sender,
  TlsFacts,
  WireConnection,
  WireMessage,
  WireRecord,
} from './model.ts';
export { type CarriedToken, type Meaning, meaningOf, tokensOf } from './oauth.ts';
export { type OnPathOf, onPathOf } from './on-path.ts';
export { type PcapngOptions, writePcapng } from './pcapng.ts';
export { sayingOf, sayingsOf, soughtIn } from './search.ts';
