import assert from 'node:assert/strict';
import * as crypto from 'node:crypto';
import { describe, test } from 'node:test';
import { readPrivateKey, type SignatureAlgorithm, sign, verify } from '../../src/x509/index.ts';
import { type KeyKind, makeKey } from '../support/pki.ts';

const CASES: readonly (readonly [title: string, kind: KeyKind, algorithm: SignatureAlgorithm])[] = [
  ...(['sha1', 'sha224', 'sha256', 'sha384', 'sha512'] as const).flatMap((hash) => [
    [`RSA PKCS#1 ${hash}`, 'rsa', { family: 'rsa-pkcs1', hash }] as const,
    [`RSA-PSS ${hash}`, 'rsa', { family: 'rsa-pss', hash }] as const,
    [`RSA-PSS ${hash}, no salt`, 'rsa', { family: 'rsa-pss', hash, saltLength: 0 }] as const,
    [`ECDSA P-256 ${hash}`, 'ec', { family: 'ecdsa', hash }] as const,
    [`ECDSA P-384 ${hash}`, 'p384', { family: 'ecdsa', hash }] as const,
    [`ECDSA P-521 ${hash}`, 'p521', { family: 'ecdsa', hash }] as const,
  ]),
  ['RSA-PSS by a key for nothing else', 'rsa-pss', { family: 'rsa-pss', hash: 'sha256' }],
  ['Ed25519', 'ed25519', { family: 'ed25519' }],
];

function nodeOptions(
  key: crypto.KeyObject,
  algorithm: SignatureAlgorithm,
): [hash: string | null, key: crypto.SignKeyObjectInput] {
  if (algorithm.family === 'ed25519') return [null, { key }];
  if (algorithm.family !== 'rsa-pss') return [algorithm.hash, { key }];
  const saltLength = algorithm.saltLength ?? crypto.constants.RSA_PSS_SALTLEN_DIGEST;
  return [algorithm.hash, { key, padding: crypto.constants.RSA_PKCS1_PSS_PADDING, saltLength }];
}

describe('signatures pass between here and node:crypto', () => {
  for (const [title, kind, algorithm] of CASES) {
    test(title, () => {
      const key = makeKey(kind, 'signing');
      const open = crypto.createPublicKey(key);
      const ours = readPrivateKey(key.export({ format: 'der', type: 'pkcs8' }));
      const message = crypto.randomBytes(99);
      const [hash, options] = nodeOptions(key, algorithm);
      const made = sign(algorithm, ours, message);
      assert.ok(crypto.verify(hash, message, { ...options, key: open }, made));
      const theirs = crypto.sign(hash, message, options);
      assert.ok(verify(algorithm, ours.publicKey, message, theirs));
      for (const spoil of [0, theirs.length >> 1, theirs.length - 1]) {
        const spoilt = Uint8Array.from(theirs);
        spoilt[spoil] ^= 1;
        assert.equal(verify(algorithm, ours.publicKey, message, spoilt), false);
      }
      assert.equal(verify(algorithm, ours.publicKey, crypto.randomBytes(99), theirs), false);
      for (const length of [0, 1, theirs.length - 1]) {
        assert.equal(verify(algorithm, ours.publicKey, message, theirs.subarray(0, length)), false);
      }
      assert.equal(verify(algorithm, ours.publicKey, message, Buffer.concat([theirs, Buffer.of(0)])), false);
    });
  }

  test('RSA with a modulus of 8n + 1 bits (RFC 8017 §8.1.1: the encoded message is a byte shorter than the modulus)', () => {
    for (const modulusLength of [1025, 1026, 1031, 1032]) {
      const { privateKey, publicKey } = crypto.generateKeyPairSync('rsa', { modulusLength });
      const ours = readPrivateKey(privateKey.export({ format: 'der', type: 'pkcs8' }));
      const message = crypto.randomBytes(20);
      for (const algorithm of [
        { family: 'rsa-pss', hash: 'sha256' },
        { family: 'rsa-pkcs1', hash: 'sha256' },
      ] as const) {
        const [hash, options] = nodeOptions(privateKey, algorithm);
        assert.ok(
          crypto.verify(hash, message, { ...options, key: publicKey }, sign(algorithm, ours, message)),
        );
        assert.ok(verify(algorithm, ours.publicKey, message, crypto.sign(hash, message, options)));
      }
    }
  });

  test('RSA-PSS of any salt length verifies when none is demanded, and only that one when one is', () => {
    const key = makeKey('rsa', 'signing');
    const { publicKey } = readPrivateKey(key.export({ format: 'der', type: 'pkcs8' }));
    const message = Buffer.from('salt');
    for (const saltLength of [0, 1, 20, 32, 100, 222]) {
      const [hash, options] = nodeOptions(key, { family: 'rsa-pss', hash: 'sha256', saltLength });
      const signature = crypto.sign(hash, message, options);
      assert.ok(verify({ family: 'rsa-pss', hash: 'sha256' }, publicKey, message, signature));
      assert.ok(verify({ family: 'rsa-pss', hash: 'sha256', saltLength }, publicKey, message, signature));
      assert.equal(
        verify({ family: 'rsa-pss', hash: 'sha256', saltLength: 33 }, publicKey, message, signature),
        false,
      );
    }
  });

  test('the salt comes from the generator one hands in', () => {
    const key = readPrivateKey(makeKey('rsa', 'signing').export({ format: 'der', type: 'pkcs8' }));
    const algorithm = { family: 'rsa-pss', hash: 'sha256' } as const;
    const fixed = () => sign(algorithm, key, Buffer.from('m'), (salt) => salt.fill(7));
    assert.deepEqual(fixed(), fixed());
    assert.notDeepEqual(fixed(), sign(algorithm, key, Buffer.from('m')));
  });

  test('a key never signs in another family, nor a restricted one with another hash (RFC 4055 §3.3)', () => {
    const restricted = readPrivateKey(makeKey('rsa-pss', 'signing').export({ format: 'der', type: 'pkcs8' }));
    const message = Buffer.from('m');
    assert.throws(() => sign({ family: 'rsa-pkcs1', hash: 'sha256' }, restricted, message), {
      code: 'unsupported-algorithm',
    });
    assert.throws(() => sign({ family: 'rsa-pss', hash: 'sha384' }, restricted, message), {
      code: 'unsupported-algorithm',
    });
    assert.throws(() => sign({ family: 'ecdsa', hash: 'sha256' }, restricted, message), {
      code: 'unsupported-algorithm',
    });
    const ed25519 = readPrivateKey(makeKey('ed25519', 'signing').export({ format: 'der', type: 'pkcs8' }));
    assert.equal(
      verify({ family: 'ecdsa', hash: 'sha256' }, ed25519.publicKey, message, new Uint8Array(64)),
      false,
    );
  });

  test('an RSA key whose parts do not belong together signs as in OpenSSL, to no avail', () => {
    const own = readPrivateKey(makeKey('rsa', 'signing').export({ format: 'der', type: 'pkcs8' }));
    const stranger = readPrivateKey(makeKey('rsa', 'stranger').export({ format: 'der', type: 'pkcs8' }));
    assert.ok(own.kind === 'rsa' && stranger.kind === 'rsa');
    const algorithm = { family: 'rsa-pss', hash: 'sha256' } as const;
    const signature = sign(algorithm, { ...own, publicKey: stranger.publicKey }, Buffer.from('m'));
    assert.equal(verify(algorithm, stranger.publicKey, Buffer.from('m'), signature), false);
    assert.equal(verify(algorithm, own.publicKey, Buffer.from('m'), signature), false);
  });
});
