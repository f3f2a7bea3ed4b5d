import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { type TestContext, test } from 'node:test';
import { expand, extract } from '@noble/hashes/hkdf.js';
import { type Aead, suites } from '../../src/tls/cipher-suites.ts';
import { hex } from '../../src/tls/codec/index.ts';
import { groupOf } from '../../src/tls/key-exchange.ts';

/** Wycheproof's known-good and known-bad inputs, put to the primitives in the way this engine calls them. */
const FOLDER = new URL('../../../shared/vectors/wycheproof/', import.meta.url);

interface Vector {
  readonly tcId: number;
  readonly comment: string;
  readonly result: 'valid' | 'invalid' | 'acceptable';
  readonly flags: readonly string[];
  readonly [field: string]: unknown;
}
interface Group {
  readonly tests: readonly Vector[];
  readonly [field: string]: unknown;
}

function vectors(context: TestContext, name: string): readonly Group[] {
  const file = new URL(`${name}.json`, FOLDER);
  if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8')).testGroups;
  context.skip(`the vectors ${name} are not here`);
  return [];
}

const unhex = (value: unknown) => Uint8Array.from(Buffer.from(String(value), 'hex'));

function checkAead(aead: Aead, groups: readonly Group[], keySizes: readonly number[]): number {
  let checked = 0;
  for (const group of groups) {
    // TLS uses nonces of 96 bits and tags of 128 only; others never reach the cipher.
    if (group.ivSize !== 96 || group.tagSize !== 128 || !keySizes.includes(Number(group.keySize))) continue;
    for (const { tcId, result, ...vector } of group.tests) {
      const [key, iv, aad, msg, ct, tag] = ['key', 'iv', 'aad', 'msg', 'ct', 'tag'].map((name) =>
        unhex(vector[name]),
      );
      const sealed = Uint8Array.from([...ct, ...tag]);
      if (result === 'valid') {
        assert.equal(hex(aead(key, iv, aad).encrypt(msg)), hex(sealed), `case ${tcId}`);
        assert.equal(hex(aead(key, iv, aad).decrypt(sealed)), hex(msg), `case ${tcId}`);
      } else assert.throws(() => aead(key, iv, aad).decrypt(sealed), `case ${tcId} must not open`);
      checked += 1;
    }
  }
  return checked;
}

for (const { name, aead, keyLength } of suites) {
  test(`Wycheproof: the AEAD of ${name}`, (context) => {
    const groups = vectors(context, name.includes('CHACHA') ? 'chacha20_poly1305_test' : 'aes_gcm_test');
    if (groups.length) assert.ok(checkAead(aead, groups, [keyLength * 8]) > 50);
  });
}

test('Wycheproof: HKDF with SHA-256', (context) => {
  const { hash } = suites[1];
  for (const group of vectors(context, 'hkdf_sha256_test')) {
    for (const { tcId, result, ...vector } of group.tests) {
      const derive = () =>
        expand(
          hash,
          extract(hash, unhex(vector.ikm), unhex(vector.salt)),
          unhex(vector.info),
          Number(vector.size),
        );
      if (result === 'valid') assert.equal(hex(derive()), vector.okm, `case ${tcId}`);
      else assert.throws(derive, `case ${tcId}`);
    }
  }
});

test('Wycheproof: X25519; RFC 8446 §7.4.2 forbids the all-zero secret that some of its cases make', (context) => {
  const group = groupOf(0x001d);
  assert.ok(group);
  for (const { tests } of vectors(context, 'x25519_test')) {
    for (const { tcId, ...vector } of tests) {
      const pair = { group: group.id, secretKey: unhex(vector.private), publicKey: new Uint8Array(32) };
      const agree = (): Uint8Array => group.agree(pair, unhex(vector.public));
      if (/^0+$/.test(String(vector.shared))) assert.throws(agree, `case ${tcId}`);
      else assert.equal(hex(agree()), vector.shared, `case ${tcId}`);
    }
  }
});

test('Wycheproof: ECDH on P-256, with points as TLS carries them', (context) => {
  const group = groupOf(0x0017);
  assert.ok(group);
  const groups = vectors(context, 'ecdh_secp256r1_test');
  // The DER head of a P-256 key; what follows it is the point that key_exchange would hold.
  const head = '3059301306072a8648ce3d020106082a8648ce3d030107034200';
  let valid = 0;
  let refused = 0;
  for (const { tests } of groups) {
    for (const { tcId, result, ...vector } of tests) {
      const spki = String(vector.public);
      // What only some may accept is a matter of DER, which TLS does not use here.
      if (!spki.startsWith(head) || result === 'acceptable') continue;
      const secretKey = BigInt(`0x${vector.private}`).toString(16).padStart(64, '0');
      const pair = { group: group.id, secretKey: unhex(secretKey), publicKey: new Uint8Array(65) };
      const agree = (): Uint8Array => group.agree(pair, unhex(spki.slice(head.length)));
      if (result === 'invalid') {
        assert.throws(agree, `case ${tcId}`);
        refused += 1;
      } else {
        assert.equal(hex(agree()), vector.shared, `case ${tcId}`);
        valid += 1;
      }
    }
  }
  if (groups.length) assert.ok(valid > 200 && refused > 5, `${valid} valid, ${refused} refused`);
});
