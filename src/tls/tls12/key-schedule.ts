import { hmac } from '@noble/hashes/hmac.js';
import { concat, empty } from '../bytes.ts';
import type { Hash } from '../cipher-suites.ts';
import { textToBytes } from '../codec/wire.ts';
import { tlsError } from '../errors.ts';
import type { RecordKeys } from '../key-schedule.ts';
import type { Suite12 } from './cipher-suites.ts';

/** From one shared secret to every key of a TLS 1.2 connection. RFC 5246 §5, §6.3, §8.1 */

const MASTER_SECRET_LENGTH = 48;
const VERIFY_DATA_LENGTH = 12;

/** PRF: P_hash over a label and a seed, as long as asked for. RFC 5246 §5 */
export function prf(
  hash: Hash,
  secret: Uint8Array,
  label: string,
  seed: Uint8Array,
  length: number,
): Uint8Array {
  const labelled = concat([textToBytes(label), seed]);
  const output = new Uint8Array(Math.ceil(length / hash.outputLen) * hash.outputLen);
  let a = labelled;
  for (let at = 0; at < length; at += hash.outputLen) {
    a = hmac(hash, secret, a);
    output.set(hmac(hash, secret, concat([a, labelled])), at);
  }
  return output.subarray(0, length);
}

/** All that protects a connection, and what it is made of. */
export interface Keys {
  readonly suite: Suite12;
  readonly master: Uint8Array;
  readonly clientRandom: Uint8Array;
  readonly serverRandom: Uint8Array;
  readonly client: RecordKeys;
  readonly server: RecordKeys;
}

/**
 * The extended master secret: bound to the whole handshake up to ClientKeyExchange, so that nobody in the middle can give
 * two connections the same. `sessionHash` covers ClientHello … ClientKeyExchange. RFC 7627 §4
 */
export function extendedMasterSecret(hash: Hash, preMaster: Uint8Array, sessionHash: Uint8Array): Uint8Array {
  return prf(hash, preMaster, 'extended master secret', sessionHash, MASTER_SECRET_LENGTH);
}

/** The keys of both directions. RFC 5246 §6.3; an AEAD has no MAC keys. */
export function keysOf(
  suite: Suite12,
  master: Uint8Array,
  clientRandom: Uint8Array,
  serverRandom: Uint8Array,
): Keys {
  const { hash, keyLength, fixedIvLength } = suite;
  const seed = concat([serverRandom, clientRandom]);
  const block = prf(hash, master, 'key expansion', seed, 2 * (keyLength + fixedIvLength));
  const ivs = 2 * keyLength;
  const part = (start: number, length: number) => block.slice(start, start + length);
  return {
    suite,
    master,
    clientRandom,
    serverRandom,
    client: { key: part(0, keyLength), iv: part(ivs, fixedIvLength) },
    server: { key: part(keyLength, keyLength), iv: part(ivs + fixedIvLength, fixedIvLength) },
  };
}

/** The content of Finished. RFC 5246 §7.4.9 */
export function verifyData(
  { suite, master }: Keys,
  sender: 'client' | 'server',
  transcriptHash: Uint8Array,
): Uint8Array {
  return prf(suite.hash, master, `${sender} finished`, transcriptHash, VERIFY_DATA_LENGTH);
}

/** The labels of the protocol itself: an exporter must not give its keys away. RFC 5705 §4, RFC 7627 §4 */
const OWN_LABELS = [
  'client finished',
  'server finished',
  'master secret',
  'extended master secret',
  'key expansion',
];

/** Keying material for the application. Here an absent context is not the same as an empty one. RFC 5705 §4 */
export function exportKeyingMaterial12(
  { suite, master, clientRandom, serverRandom }: Keys,
  label: string,
  context: Uint8Array | undefined,
  length: number,
): Uint8Array {
  if (OWN_LABELS.some((own) => label.startsWith(own)))
    throw tlsError('bad-options', { expected: 'a label that TLS does not use itself', actual: label });
  if (context && context.length > 0xffff)
    throw tlsError('bad-options', {
      expected: 'a context whose length has two bytes',
      actual: context.length,
    });
  const given = context
    ? concat([Uint8Array.of(context.length >> 8, context.length & 0xff), context])
    : empty;
  return prf(suite.hash, master, label, concat([clientRandom, serverRandom, given]), length);
}
