// What a certificate is said to hold is what Node.js reads in it.
import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { certificateSummary } from '../../src/wire/index.ts';
import { issue, makeKey, name } from '../support/pki.ts';

const fixtures = new URL('../node/tls/fixtures/pki.json', import.meta.url);
const pki: Record<string, string> = JSON.parse(readFileSync(fixtures, 'utf8'));
/** `rich` has names of every kind, which Node.js escapes. */
const plain = Object.keys(pki).filter((file) => file.endsWith('.crt') && file !== 'rich.crt');

const USAGES: Record<string, string> = {
  '1.3.6.1.5.5.7.3.1': 'serverAuth',
  '1.3.6.1.5.5.7.3.2': 'clientAuth',
};

test('every certificate of the tests is summed up as Node.js reads it', () => {
  assert.ok(plain.length > 30);
  for (const file of plain) {
    const real = new X509Certificate(pki[file]);
    const ours = certificateSummary(real.raw);
    assert.ok(ours, file);
    const { asymmetricKeyType: type, asymmetricKeyDetails: details } = real.publicKey;
    const key = { rsa: `RSA, ${details?.modulusLength} bits`, ed25519: 'Ed25519', ec: '' }[type as 'rsa'];
    assert.equal(ours.subject, real.subject.split('\n').join(', '), file);
    assert.equal(ours.issuer, real.issuer.split('\n').join(', '), file);
    assert.equal(ours.isSelfIssued, real.subject === real.issuer, file);
    assert.equal(ours.notBefore, real.validFromDate.getTime(), file);
    assert.equal(ours.notAfter, real.validToDate.getTime(), file);
    assert.equal(ours.serialNumber.toUpperCase(), real.serialNumber, file);
    assert.equal(ours.isAuthority, real.ca, file);
    assert.deepEqual(
      ours.names,
      real.subjectAltName?.replaceAll('IP Address:', 'IP:').split(', ') ?? [],
      file,
    );
    assert.deepEqual(
      ours.extendedKeyUsage,
      (real.keyUsage ?? []).map((id) => USAGES[id]),
      file,
    );
    assert.equal(ours.key, key || (details?.namedCurve === 'secp384r1' ? 'secp384r1' : 'secp256r1'), file);
  }
});

test('a name that is called like a field is not taken for it', () => {
  // 2.5.29.17 is subjectAltName: in a subject it is nothing.
  const { certificate } = issue({ subject: name('2.5.29.17=DNS:bank.example'), key: makeKey('ec') });
  assert.deepEqual(certificateSummary(certificate)?.names, []);
});

test('bytes that are no certificate have no summary', () => {
  assert.equal(certificateSummary(new Uint8Array([1, 2, 3])), undefined);
});
