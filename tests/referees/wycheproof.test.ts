/**
 * C2SP Wycheproof: known-good and known-bad inputs, put to each primitive in the way that the TLS engine, the certificates
 * and `node:crypto` of the sandbox call it. Data, not committed: used where it lies beside the checkout.
 */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { type TestContext, test } from 'node:test';
import { cbc } from '@noble/ciphers/aes.js';
import { expand, extract } from '@noble/hashes/hkdf.js';
import { hmac } from '@noble/hashes/hmac.js';
import { blockMode, chacha20Poly1305Mode, galoisCounterMode } from '../../src/node/crypto/cipher-modes.ts';
import { suites } from '../../src/tls/cipher-suites.ts';
import { hex } from '../../src/tls/codec/index.ts';
import { groupOf } from '../../src/tls/key-exchange.ts';
import { type PublicKey, readPublicKey, type SignatureAlgorithm, verify } from '../../src/x509/index.ts';
import { tell } from './support/tally.ts';

const FOLDER = new URL('../../../shared/vectors/wycheproof/', import.meta.url);

interface Vector {
  readonly tcId: number;
  readonly result: 'valid' | 'invalid' | 'acceptable';
  readonly [field: string]: unknown;
}
interface Group {
  readonly tests: readonly Vector[];
  readonly [field: string]: unknown;
}

const unhex = (value: unknown) => Uint8Array.from(Buffer.from(String(value), 'hex'));
const fields = (vector: Vector, ...names: string[]) => names.map((name) => unhex(vector[name]));
const joined = (...parts: Uint8Array[]) => Uint8Array.from(Buffer.concat(parts));

/**
 * Puts each case of a file to `judge`. It throws unless the primitive does as it must, and returns false, having done
 * nothing, for a case that never reaches the primitive.
 */
function wycheproof(
  title: string,
  file: string,
  unreached: string,
  judge: (vector: Vector, group: Group) => boolean,
): void {
  test(`Wycheproof: ${title}`, (context: TestContext) => {
    const url = new URL(`${file}.json`, FOLDER);
    if (!existsSync(url)) {
      tell(context, `Wycheproof: ${title}`, {
        run: 0,
        passed: 0,
        skipped: 1,
        why: 'no vectors beside the checkout',
      });
      return context.skip('the vectors are not beside the checkout');
    }
    const groups: readonly Group[] = JSON.parse(readFileSync(url, 'utf8')).testGroups;
    const wrong: string[] = [];
    let run = 0;
    let skipped = 0;
    for (const group of groups) {
      for (const vector of group.tests) {
        try {
          if (judge(vector, group)) run += 1;
          else skipped += 1;
        } catch (error) {
          run += 1;
          wrong.push(`${vector.tcId} ${vector.comment}: ${(error as Error).message}`);
        }
      }
    }
    tell(context, `Wycheproof: ${title}`, {
      run,
      passed: run - wrong.length,
      skipped,
      why: skipped ? unreached : '',
    });
    assert.deepEqual(wrong, []);
    assert.ok(run > 50, `${run} cases`);
  });
}

/** TLS has nonces of 96 bits and tags of 128. */
const ofTls = (group: Group, keyLength: number) =>
  group.ivSize === 96 && group.tagSize === 128 && group.keySize === keyLength * 8;

for (const { name, aead, keyLength } of suites) {
  const file = name.includes('CHACHA') ? 'chacha20_poly1305_test' : 'aes_gcm_test';
  wycheproof(
    `records of ${name}`,
    file,
    'keys, nonces and tags of lengths TLS does not have',
    (vector, group) => {
      if (!ofTls(group, keyLength)) return false;
      const [key, iv, aad, msg, ct, tag] = fields(vector, 'key', 'iv', 'aad', 'msg', 'ct', 'tag');
      const sealed = joined(ct, tag);
      if (vector.result === 'valid') {
        assert.equal(hex(aead(key, iv, aad).encrypt(msg)), hex(sealed));
        assert.equal(hex(aead(key, iv, aad).decrypt(sealed)), hex(msg));
      } else assert.throws(() => aead(key, iv, aad).decrypt(sealed));
      return true;
    },
  );
}

const streamed = [
  [
    'aes-gcm',
    'aes_gcm_test',
    galoisCounterMode,
    (group: Group) => Number(group.ivSize) > 0,
    'no nonce at all, which Node refuses',
  ],
  [
    'chacha20-poly1305',
    'chacha20_poly1305_test',
    chacha20Poly1305Mode,
    (group: Group) => group.ivSize === 96,
    'nonces of a length RFC 8439 does not know',
  ],
] as const;
for (const [name, file, mode, isTaken, unreached] of streamed) {
  wycheproof(`${name} of node:crypto`, file, unreached, (vector, group) => {
    if (!isTaken(group)) return false;
    const [key, iv, aad, msg, ct, tag] = fields(vector, 'key', 'iv', 'aad', 'msg', 'ct', 'tag');
    const sealing = mode(key, iv, true);
    sealing.authenticate?.(aad);
    const sealed = joined(sealing.update(msg), sealing.final());
    const opening = mode(key, iv, false);
    opening.authenticate?.(aad);
    const opened = joined(opening.update(ct), opening.final());
    // Who calls compares this tag with the one that came.
    const isGood = hex(opening.tag?.() ?? new Uint8Array()) === hex(tag);
    assert.equal(isGood, vector.result === 'valid');
    if (isGood) {
      assert.equal(hex(sealed), hex(ct));
      assert.equal(hex(sealing.tag?.() ?? new Uint8Array()), hex(tag));
      assert.equal(hex(opened), hex(msg));
    }
    return true;
  });
}

wycheproof('AES-CBC of encrypted keys and node:crypto', 'aes_cbc_pkcs5_test', '', (vector) => {
  const [key, iv, msg, ct] = fields(vector, 'key', 'iv', 'msg', 'ct');
  const streamOpen = () => {
    const mode = blockMode(key, iv, false);
    return joined(mode.update(ct), mode.final());
  };
  for (const open of [() => cbc(key, iv).decrypt(ct), streamOpen]) {
    if (vector.result === 'valid') assert.equal(hex(open()), hex(msg));
    else assert.throws(open);
  }
  if (vector.result !== 'valid') return true;
  const mode = blockMode(key, iv, true);
  assert.equal(hex(joined(mode.update(msg), mode.final())), hex(ct));
  return true;
});

const { hash: sha256 } = suites[1];

wycheproof('HKDF with SHA-256, of the key schedule', 'hkdf_sha256_test', '', (vector) => {
  const [ikm, salt, info] = fields(vector, 'ikm', 'salt', 'info');
  const derive = () => expand(sha256, extract(sha256, ikm, salt), info, Number(vector.size));
  if (vector.result === 'valid') assert.equal(hex(derive()), vector.okm);
  else assert.throws(derive);
  return true;
});

wycheproof(
  'HMAC with SHA-256, of Finished and the PRF of TLS 1.2',
  'hmac_sha256_test',
  '',
  (vector, group) => {
    const [key, msg, tag] = fields(vector, 'key', 'msg', 'tag');
    const made = hmac(sha256, key, msg).subarray(0, Number(group.tagSize) / 8);
    assert.equal(hex(made) === hex(tag), vector.result === 'valid');
    return true;
  },
);

wycheproof('X25519 of key_share', 'x25519_test', '', (vector) => {
  const group = groupOf(0x001d);
  assert.ok(group);
  const pair = { group: group.id, secretKey: unhex(vector.private), publicKey: new Uint8Array(32) };
  const agree = (): Uint8Array => group.agree(pair, unhex(vector.public));
  // RFC 8446 §7.4.2 forbids the all-zero secret that some of these cases make.
  if (/^0+$/.test(String(vector.shared))) assert.throws(agree);
  else assert.equal(hex(agree()), vector.shared);
  return true;
});

/** The DER head of a P-256 key; what follows it is the point that key_exchange would hold. */
const P256_HEAD = '3059301306072a8648ce3d020106082a8648ce3d030107034200';

wycheproof(
  'ECDH on P-256 of key_share',
  'ecdh_secp256r1_test',
  'keys in DER that TLS does not carry',
  (vector) => {
    const group = groupOf(0x0017);
    assert.ok(group);
    const spki = String(vector.public);
    if (!spki.startsWith(P256_HEAD) || vector.result === 'acceptable') return false;
    const secretKey = BigInt(`0x${vector.private}`).toString(16).padStart(64, '0');
    const pair = { group: group.id, secretKey: unhex(secretKey), publicKey: new Uint8Array(65) };
    const agree = (): Uint8Array => group.agree(pair, unhex(spki.slice(P256_HEAD.length)));
    if (vector.result === 'invalid') assert.throws(agree);
    else assert.equal(hex(agree()), vector.shared);
    return true;
  },
);

const signatures: readonly (readonly [title: string, file: string, (group: Group) => SignatureAlgorithm])[] =
  [
    ['RSA PKCS#1', 'rsa_signature_2048_sha256_test', () => ({ family: 'rsa-pkcs1', hash: 'sha256' })],
    [
      'RSA-PSS',
      'rsa_pss_2048_sha256_mgf1_32_test',
      ({ sLen }) => ({ family: 'rsa-pss', hash: 'sha256', saltLength: Number(sLen) }),
    ],
    ['ECDSA on P-256', 'ecdsa_secp256r1_sha256_test', () => ({ family: 'ecdsa', hash: 'sha256' })],
    ['ECDSA on P-384', 'ecdsa_secp384r1_sha384_test', () => ({ family: 'ecdsa', hash: 'sha384' })],
    ['Ed25519', 'ed25519_test', () => ({ family: 'ed25519' })],
  ];
for (const [title, file, algorithm] of signatures) {
  wycheproof(`${title} of certificates and CertificateVerify`, file, '', (vector, group) => {
    const key: PublicKey = group.publicKeyDer
      ? readPublicKey(unhex(group.publicKeyDer))
      : { kind: 'ed25519', point: unhex((group.publicKey as { pk: string }).pk) };
    const [msg, sig] = fields(vector, 'msg', 'sig');
    // "Acceptable" is here a DigestInfo without its NULL, which nobody need accept, and we do not.
    assert.equal(verify(algorithm(group), key, msg, sig), vector.result === 'valid');
    return true;
  });
}
