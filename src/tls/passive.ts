/**
 * What one who only listens can do with the lines of a key log: open the records of a connection. It is all that the wire
 * view may use of the engine besides the codec; it makes no keys and sends nothing.
 */
import { suiteOf } from './cipher-suites.ts';
import { RecordProtection } from './record-protection.ts';
import { suiteOf12 } from './tls12/cipher-suites.ts';
import { keysOf } from './tls12/key-schedule.ts';
import { RecordProtection12 } from './tls12/record-protection.ts';

/** Opens the records of one direction, in their order. */
export interface RecordOpener {
  /** The record's true type and content, without padding. Throws when it does not decrypt: another key, or changed bytes. */
  open(header: Uint8Array, encrypted: Uint8Array): { readonly type: number; readonly content: Uint8Array };
  /** The sender has said KeyUpdate. RFC 8446 §7.2 */
  update(): void;
}

/** For one direction of TLS 1.3, from its traffic secret (RFC 8446 §7.3); nothing for a cipher suite that is not spoken here. */
export function openerOf(cipherSuite: number, trafficSecret: Uint8Array): RecordOpener | undefined {
  const suite = suiteOf(cipherSuite);
  return suite && new RecordProtection(suite, trafficSecret);
}

/** For both directions of TLS 1.2, from the master secret (RFC 5246 §6.3). */
export function openersOf12(
  cipherSuite: number,
  master: Uint8Array,
  clientRandom: Uint8Array,
  serverRandom: Uint8Array,
): { readonly client: RecordOpener; readonly server: RecordOpener } | undefined {
  const suite = suiteOf12(cipherSuite);
  if (!suite) return undefined;
  const keys = keysOf(suite, master, clientRandom, serverRandom);
  return {
    client: new RecordProtection12(suite, keys.client),
    server: new RecordProtection12(suite, keys.server),
  };
}
