import { hex } from './codec/annotator.ts';

/** Which secret a line of a key log holds. */
export type KeyLogLabel =
  /** TLS 1.2: the master secret. */
  | 'CLIENT_RANDOM'
  | 'CLIENT_HANDSHAKE_TRAFFIC_SECRET'
  | 'SERVER_HANDSHAKE_TRAFFIC_SECRET'
  | 'CLIENT_TRAFFIC_SECRET_0'
  | 'SERVER_TRAFFIC_SECRET_0'
  | 'EXPORTER_SECRET';

/** A line of the SSLKEYLOGFILE format (RFC 9850), without its line end. The client's random names the connection. */
export function keyLogLine(label: KeyLogLabel, clientRandom: Uint8Array, secret: Uint8Array): string {
  return `${label} ${hex(clientRandom)} ${hex(secret)}`;
}
