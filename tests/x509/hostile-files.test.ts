import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { createSecureContext } from 'node:tls';
import {
  readCertificate,
  readPem,
  readPfx,
  readRevocationList,
  verifyChain,
  writePem,
  X509Error,
} from '../../src/x509/index.ts';
import { der, extension, general, makePki } from '../support/pki.ts';
import { revocationList, scope } from '../support/revocation.ts';
import { makeRandom, mutate } from './mutate.ts';

/** The value, or undefined where it was refused with a code; anything else that is thrown is a fault. */
function orRefused<Value>(read: () => Value): Value | undefined {
  try {
    return read();
  } catch (error) {
    assert.ok(error instanceof X509Error, String(error));
    return undefined;
  }
}

const HOUR = 3_600_000;

test('a revocation list that was changed is refused, or read as OpenSSL reads it and then not believed', () => {
  const { root, intermediate, server } = makePki().ec;
  const bytes = (pem: string) => readPem(pem)[0].bytes;
  const rich = bytes(
    revocationList(intermediate, {
      revoked: [
        { serial: 5n, reason: 1, extensions: [extension('2.5.29.24', der.text('20260101000000Z', 0x18))] },
        {
          serial: 6n,
          extensions: [extension('2.5.29.29', der.sequence(general.directory(root.subject)), true)],
        },
      ],
      nextUpdate: new Date(Date.now() + HOUR),
      extensions: [scope({ onlyUsers: true })],
    }),
  );
  const rootList = readRevocationList(bytes(revocationList(root)));
  const chain = [server, intermediate].map(({ certificate }) => readCertificate(certificate));
  const judge = (list: ReturnType<typeof readRevocationList>) =>
    verifyChain(chain, {
      anchors: [readCertificate(root.certificate)],
      purpose: 'serverAuth',
      now: new Date(),
      revocationLists: [rootList, list],
    }).code;
  assert.equal(judge(readRevocationList(rich)), null);

  const random = makeRandom(5);
  let read = 0;
  for (let round = 0; round < 3000; round++) {
    const mutant = mutate(rich, random);
    const list = orRefused(() => readRevocationList(mutant));
    if (!list) continue;
    read++;
    createSecureContext({ crl: writePem('X509 CRL', mutant) });
    if (judge(list) === null) assert.deepEqual(Buffer.from(mutant), Buffer.from(rich));
  }
  assert.ok(read > 300, `${read} read`);
});

test('a PFX that was changed is refused: its code does not fit any more', () => {
  const folder = mkdtempSync(join(tmpdir(), 'handfast-pfx-'));
  const [key, certificate, out] = ['key', 'certificate', 'out'].map((name) => join(folder, name));
  try {
    const { keyPem, pem } = makePki().ec.server;
    writeFileSync(key, keyPem);
    writeFileSync(certificate, pem);
    const options = ['-passout', 'pass:x', '-iter', '2', '-out', out];
    execFileSync('openssl', ['pkcs12', '-export', '-inkey', key, '-in', certificate, ...options]);
    const original = readFileSync(out);
    const passphrase = new TextEncoder().encode('x');
    assert.ok(readPfx(original, passphrase).certificate);
    const random = makeRandom(6);
    for (let round = 0; round < 2000; round++) {
      const mutant = mutate(original, random);
      // Whoever raises the count of rounds only makes us work: bounded, but not in no time.
      const pfx = orRefused(() => readPfx(mutant, passphrase));
      if (pfx) assert.deepEqual(Buffer.from(mutant), original);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
});
