import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { describe, test } from 'node:test';
import {
  isRsa,
  keyBits,
  readPem,
  readPrivateKey,
  readPrivateKeyPem,
  readPublicKey,
  readRsaPublicKey,
  samePublicKey,
  writeEcPrivateKey,
  writePem,
  writePrivateKey,
  writePublicKey,
  writeRsaPrivateKey,
  writeRsaPublicKey,
  X509Error,
} from '../../src/x509/index.ts';
import { makeKey } from '../support/pki.ts';

const KINDS = ['rsa', 'rsa3072', 'rsa-pss', 'ec', 'p384', 'p521', 'ed25519'] as const;

const pkcs8 = (key: KeyObject) => key.export({ format: 'der', type: 'pkcs8' });
const spki = (key: KeyObject) => createPublicKey(key).export({ format: 'der', type: 'spki' });

function fails(code: string, run: () => unknown): void {
  assert.throws(run, (error) => error instanceof X509Error && error.code === code);
}

describe('keys survive the way in and out, byte for byte as node:crypto writes them', () => {
  for (const kind of KINDS) {
    test(`${kind}: PKCS#8 (RFC 5958) and SPKI (RFC 5280 §4.1.2.7)`, () => {
      const key = makeKey(kind, 'round trip');
      assert.deepEqual(Buffer.from(writePrivateKey(readPrivateKey(pkcs8(key)))), pkcs8(key));
      assert.deepEqual(Buffer.from(writePublicKey(readPublicKey(spki(key)))), spki(key));
      assert.ok(samePublicKey(readPrivateKey(pkcs8(key)).publicKey, readPublicKey(spki(key))));
    });
  }

  test('X25519', () => {
    const { privateKey } = generateKeyPairSync('x25519');
    assert.deepEqual(Buffer.from(writePrivateKey(readPrivateKey(pkcs8(privateKey)))), pkcs8(privateKey));
    assert.deepEqual(Buffer.from(writePublicKey(readPublicKey(spki(privateKey)))), spki(privateKey));
  });

  test('RSA: PKCS#1 (RFC 8017 A.1), private and public', () => {
    const key = makeKey('rsa', 'round trip');
    const secret = key.export({ format: 'der', type: 'pkcs1' });
    const read = readPrivateKey(secret, 'RSA PRIVATE KEY');
    assert.ok(isRsa(read));
    assert.deepEqual(Buffer.from(writeRsaPrivateKey(read)), secret);
    const open = createPublicKey(key).export({ format: 'der', type: 'pkcs1' });
    assert.deepEqual(Buffer.from(writeRsaPublicKey(readRsaPublicKey(open))), open);
  });

  for (const kind of ['ec', 'p384', 'p521'] as const) {
    test(`${kind}: SEC1 (RFC 5915)`, () => {
      const secret = makeKey(kind, 'round trip').export({ format: 'der', type: 'sec1' });
      const read = readPrivateKey(secret, 'EC PRIVATE KEY');
      assert.ok(read.kind === 'ec');
      assert.deepEqual(Buffer.from(writeEcPrivateKey(read)), secret);
    });
  }

  test('node:crypto reads what is written here', () => {
    for (const kind of KINDS) {
      const key = makeKey(kind, 'round trip');
      const text = writePem('PRIVATE KEY', writePrivateKey(readPrivateKey(pkcs8(key))));
      assert.ok(createPrivateKey(text).equals(key));
    }
  });
});

describe('a private key', () => {
  test('in PEM is found by its label, whatever stands around it', () => {
    const key = makeKey('ec', 'round trip');
    const text = `Bag Attributes\n${key.export({ format: 'pem', type: 'sec1' })}`;
    assert.deepEqual(readPrivateKeyPem(text), readPrivateKey(pkcs8(key)));
    fails('bad-pem', () => readPrivateKeyPem('nothing'));
    fails('bad-pem', () =>
      readPrivateKeyPem(createPublicKey(key).export({ format: 'pem', type: 'spki' }).toString()),
    );
  });

  test('encrypted with PBES2 (RFC 8018 §6.2) opens with its passphrase only', () => {
    for (const kind of ['ec', 'ed25519'] as const) {
      for (const cipher of ['aes-128-cbc', 'aes-192-cbc', 'aes-256-cbc']) {
        const key = makeKey(kind, 'round trip');
        const text = key.export({ format: 'pem', type: 'pkcs8', cipher, passphrase: 'bündel' }).toString();
        assert.deepEqual(readPrivateKeyPem(text, 'bündel'), readPrivateKey(pkcs8(key)));
        fails('needs-passphrase', () => readPrivateKeyPem(text));
        assert.throws(() => readPrivateKeyPem(text, 'other'), X509Error);
      }
    }
  });

  test('encrypted with scrypt opens too', () => {
    const key = makeKey('ec', 'round trip');
    const text = execFileSync(
      'openssl',
      ['pkcs8', '-topk8', '-scrypt', '-scrypt_N', '1024', '-passout', 'pass:x'],
      {
        input: key.export({ format: 'pem', type: 'pkcs8' }),
      },
    ).toString();
    assert.deepEqual(readPrivateKeyPem(text, 'x'), readPrivateKey(pkcs8(key)));
  });

  test("in OpenSSL's traditional encryption is refused with a way out", () => {
    const text = makeKey('rsa', 'round trip')
      .export({ format: 'pem', type: 'pkcs1', cipher: 'aes-128-cbc', passphrase: 'x' })
      .toString();
    fails('needs-passphrase', () => readPrivateKeyPem(text));
    assert.throws(() => readPrivateKeyPem(text, 'x'), /openssl pkcs8 -topk8/);
  });

  test('keeps the public half that its file states, even a false one', () => {
    const own = readPrivateKey(pkcs8(makeKey('ec', 'own')));
    const stranger = readPrivateKey(pkcs8(makeKey('ec', 'stranger')));
    assert.ok(own.kind === 'ec' && stranger.kind === 'ec');
    const forged = readPrivateKey(writePrivateKey({ ...own, publicKey: stranger.publicKey }));
    assert.deepEqual(forged.publicKey, stranger.publicKey);
  });

  test('without a public half gets the one that belongs to it', () => {
    for (const curve of ['prime256v1', 'secp384r1', 'secp521r1']) {
      const pem = execFileSync('openssl', ['ecparam', '-name', curve, '-genkey', '-noout']);
      const bare = execFileSync('openssl', ['ec', '-no_public', '-outform', 'DER'], {
        input: pem,
        stdio: ['pipe', 'pipe', 'ignore'],
      });
      const { publicKey } = readPrivateKey(bare, 'EC PRIVATE KEY');
      assert.deepEqual(Buffer.from(writePublicKey(publicKey)), spki(createPrivateKey(pem)));
    }
  });

  test('that left its leading zeros out is the same key, as for OpenSSL', () => {
    const key = readPrivateKey(pkcs8(makeKey('ec', 'own')));
    assert.ok(key.kind === 'ec');
    const small = { ...key, secret: Uint8Array.from({ length: 32 }, (_, index) => (index < 2 ? 0 : index)) };
    const short = writePrivateKey({ ...small, secret: small.secret.subarray(2) });
    const read = readPrivateKey(short);
    assert.ok(read.kind === 'ec');
    assert.deepEqual(read.secret, small.secret);
    const asNodeHasIt = createPrivateKey({ key: Buffer.from(short), format: 'der', type: 'pkcs8' }).export({
      format: 'jwk',
    });
    assert.equal(asNodeHasIt.d, Buffer.from(read.secret).toString('base64url'));
  });

  test('out of range is refused', () => {
    const key = readPrivateKey(pkcs8(makeKey('ec', 'own')));
    assert.ok(key.kind === 'ec');
    fails('bad-key', () => readPrivateKey(writePrivateKey({ ...key, secret: new Uint8Array(32) })));
    fails('bad-key', () =>
      readPrivateKey(writePrivateKey({ ...key, secret: new Uint8Array(32).fill(0xff) })),
    );
  });
});

describe('a public key', () => {
  test('compressed is the same key as uncompressed', () => {
    for (const curve of ['prime256v1', 'secp384r1', 'secp521r1']) {
      const pem = execFileSync('openssl', ['ecparam', '-name', curve, '-genkey', '-noout']);
      const short = execFileSync(
        'openssl',
        ['ec', '-pubout', '-conv_form', 'compressed', '-outform', 'DER'],
        { input: pem, stdio: ['pipe', 'pipe', 'ignore'] },
      );
      assert.deepEqual(Buffer.from(writePublicKey(readPublicKey(short))), spki(createPrivateKey(pem)));
    }
  });

  test('off its curve is refused', () => {
    const bytes = spki(makeKey('ec', 'own'));
    bytes[bytes.length - 1] ^= 1;
    fails('bad-key', () => readPublicKey(bytes));
  });

  test('of an unknown kind is refused by name', () => {
    fails('unsupported-key', () => readPublicKey(spki(generateKeyPairSync('ed448').privateKey)));
    fails('unsupported-key', () =>
      readPublicKey(spki(generateKeyPairSync('ec', { namedCurve: 'secp256k1' }).privateKey)),
    );
  });

  test('has the size people call it by', () => {
    const sizes = { rsa: 2048, rsa3072: 3072, 'rsa-pss': 2048, ec: 256, p384: 384, p521: 521, ed25519: 256 };
    for (const kind of KINDS)
      assert.equal(keyBits(readPublicKey(spki(makeKey(kind, 'round trip')))), sizes[kind]);
  });

  test('differs from every other', () => {
    const all = KINDS.map((kind) => readPublicKey(spki(makeKey(kind, 'round trip'))));
    for (const a of all) for (const b of all) assert.equal(samePublicKey(a, b), a === b);
  });
});

test('PEM comes out as node:crypto writes it (RFC 7468 §3)', () => {
  for (const kind of KINDS) {
    const text = makeKey(kind, 'round trip').export({ format: 'pem', type: 'pkcs8' }).toString();
    const [{ label, bytes }] = readPem(text);
    assert.equal(writePem(label, bytes), text);
  }
});
