import { expand, extract } from '@noble/hashes/hkdf.js';
import { hmac } from '@noble/hashes/hmac.js';
import { empty } from './bytes.ts';
import { type Hash, NONCE_LENGTH, type Suite } from './cipher-suites.ts';
import { type Codec, textToBytes } from './codec/wire.ts';
import { encode } from './codec/writer.ts';

/** From one shared secret to every key of a connection. §7.1 */

interface HkdfLabel {
  readonly length: number;
  readonly label: Uint8Array;
  readonly context: Uint8Array;
}

const hkdfLabel: Codec<HkdfLabel> = (wire, value) => ({
  length: wire.uint(2, value?.length, 'length', 'How many bytes to make.', '§7.1'),
  // The RFC's least is 7, but everybody lets an exporter have an empty label.
  label: wire.vector(
    1,
    [6, 255],
    value?.label,
    'label',
    '"tls13 " and what the bytes are for.',
    '§7.1',
    'text',
  ),
  context: wire.vector(1, [0, 255], value?.context, 'context', 'A hash of what they are bound to.', '§7.1'),
});

/** HKDF-Expand-Label. §7.1 */
export function expandLabel(
  hash: Hash,
  secret: Uint8Array,
  label: string,
  context: Uint8Array,
  length: number,
): Uint8Array {
  const info = encode(hkdfLabel, { length, label: textToBytes(`tls13 ${label}`), context });
  return expand(hash, secret, info, length);
}

/** Derive-Secret, with the transcript already hashed. §7.1 */
export function deriveSecret(
  hash: Hash,
  secret: Uint8Array,
  label: string,
  transcriptHash: Uint8Array,
): Uint8Array {
  return expandLabel(hash, secret, label, transcriptHash, hash.outputLen);
}

/** One secret for each direction. */
export interface TrafficSecrets {
  readonly client: Uint8Array;
  readonly server: Uint8Array;
}

/**
 * The ladder of §7.1, climbed one rung at a time: early secret, handshake secret, master secret.
 * Each rung mixes in something new and can derive secrets for what happens on it.
 */
export class KeySchedule {
  readonly #hash: Hash;
  #secret: Uint8Array;

  /** The early secret, from a pre-shared key or, without one, zeros. */
  constructor(hash: Hash, preSharedKey: Uint8Array = new Uint8Array(hash.outputLen)) {
    this.#hash = hash;
    this.#secret = extract(hash, preSharedKey, new Uint8Array(hash.outputLen));
  }

  /** The key for binders of a pre-shared key that came from a ticket. §4.2.11.2 */
  binderKey(): Uint8Array {
    return this.#derive('res binder', this.#hash(empty));
  }

  /** Early secret → handshake secret, with the (EC)DHE shared secret. */
  enterHandshake(sharedSecret: Uint8Array): void {
    this.#climb(sharedSecret);
  }

  /** Handshake secret → master secret: nothing new is mixed in. */
  enterMaster(): void {
    this.#climb(new Uint8Array(this.#hash.outputLen));
  }

  /** `transcriptHash` covers ClientHello … ServerHello. */
  handshakeTraffic(transcriptHash: Uint8Array): TrafficSecrets {
    return {
      client: this.#derive('c hs traffic', transcriptHash),
      server: this.#derive('s hs traffic', transcriptHash),
    };
  }

  /** `transcriptHash` covers ClientHello … server Finished. */
  applicationTraffic(transcriptHash: Uint8Array): TrafficSecrets {
    return {
      client: this.#derive('c ap traffic', transcriptHash),
      server: this.#derive('s ap traffic', transcriptHash),
    };
  }

  /** `transcriptHash` covers ClientHello … server Finished. */
  exporterMaster(transcriptHash: Uint8Array): Uint8Array {
    return this.#derive('exp master', transcriptHash);
  }

  /** `transcriptHash` covers ClientHello … client Finished. */
  resumptionMaster(transcriptHash: Uint8Array): Uint8Array {
    return this.#derive('res master', transcriptHash);
  }

  #derive(label: string, transcriptHash: Uint8Array): Uint8Array {
    return deriveSecret(this.#hash, this.#secret, label, transcriptHash);
  }

  #climb(input: Uint8Array): void {
    const salt = deriveSecret(this.#hash, this.#secret, 'derived', this.#hash(empty));
    this.#secret = extract(this.#hash, input, salt);
  }
}

/** The pre-shared key of one ticket: its nonce makes it differ from that of any other. §4.6.1 */
export function ticketKey(hash: Hash, resumptionMaster: Uint8Array, nonce: Uint8Array): Uint8Array {
  return expandLabel(hash, resumptionMaster, 'resumption', nonce, hash.outputLen);
}

/** The key and nonce base for the records of one direction. §7.3 */
export interface RecordKeys {
  readonly key: Uint8Array;
  readonly iv: Uint8Array;
}

export function recordKeys({ hash, keyLength }: Suite, trafficSecret: Uint8Array): RecordKeys {
  return {
    key: expandLabel(hash, trafficSecret, 'key', empty, keyLength),
    iv: expandLabel(hash, trafficSecret, 'iv', empty, NONCE_LENGTH),
  };
}

/** The next secret of a direction after a KeyUpdate. §7.2 */
export function nextTrafficSecret(hash: Hash, trafficSecret: Uint8Array): Uint8Array {
  return expandLabel(hash, trafficSecret, 'traffic upd', empty, hash.outputLen);
}

/** The content of Finished: an HMAC over the transcript, keyed from the sender's handshake secret. §4.4.4 */
export function finishedMac(hash: Hash, trafficSecret: Uint8Array, transcriptHash: Uint8Array): Uint8Array {
  const key = expandLabel(hash, trafficSecret, 'finished', empty, hash.outputLen);
  return hmac(hash, key, transcriptHash);
}

/** Keying material for the application, bound to this connection. §7.5 */
export function exportKeyingMaterial(
  hash: Hash,
  exporterMaster: Uint8Array,
  label: string,
  context: Uint8Array | undefined,
  length: number,
): Uint8Array {
  const secret = deriveSecret(hash, exporterMaster, label, hash(empty));
  return expandLabel(hash, secret, 'exporter', hash(context ?? empty), length);
}
