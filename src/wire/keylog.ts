/** The lines of a key log, found by the random of the ClientHello that they belong to. SSLKEYLOGFILE, RFC 9850. */

import { hexToBytes } from '@noble/hashes/utils.js';

/** Which secret a line holds, as the format spells it. */
export type SecretLabel =
  | 'CLIENT_RANDOM'
  | 'CLIENT_HANDSHAKE_TRAFFIC_SECRET'
  | 'SERVER_HANDSHAKE_TRAFFIC_SECRET'
  | 'CLIENT_TRAFFIC_SECRET_0'
  | 'SERVER_TRAFFIC_SECRET_0';

const LINE = /^([A-Z][A-Z0-9_]*) ([0-9a-f]{64}) ((?:[0-9a-f]{2})+)\s*$/i;

export class KeyLog {
  /** As they came, for a file. */
  readonly lines: string[] = [];
  readonly #secrets = new Map<string, Uint8Array>();

  /** Takes one line; comments and what is no key-log line are passed over, as the format asks. Says whether it was one. */
  add(line: string): boolean {
    const parts = LINE.exec(line);
    if (!parts) return false;
    const [, label, random, secret] = parts;
    const key = `${label} ${random.toLowerCase()}`;
    if (this.#secrets.has(key)) return true; // both ends of a connection log the same
    this.#secrets.set(key, hexToBytes(secret));
    this.lines.push(line.trimEnd());
    return true;
  }

  secret(label: SecretLabel, clientRandom: string): Uint8Array | undefined {
    return this.#secrets.get(`${label} ${clientRandom}`);
  }
}
