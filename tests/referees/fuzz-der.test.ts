/**
 * Certificates, revocation lists and keys whose DER is well formed but whose structure is not: the tree of the honest one,
 * with parts lost, doubled, swapped or put elsewhere. What comes out is a value or an `X509Error`, soon; and no signature
 * vouches for what its issuer did not sign.
 */
import assert from 'node:assert/strict';
import { createPublicKey } from 'node:crypto';
import { type TestContext, test } from 'node:test';
import {
  legacyCertificate,
  nameText,
  readCertificate,
  readPem,
  readPrivateKey,
  readPublicKey,
  readRevocationList,
  verifyChain,
  X509Error,
} from '../../src/x509/index.ts';
import { extensions, general, issue, makeKey, makePki, name } from '../support/pki.ts';
import { processorTime } from '../support/processor-time.ts';
import { revocationList } from '../support/revocation.ts';
import { mutateDer } from './fuzz/der-mutate.ts';
import { numbers } from './fuzz/mutate.ts';
import { tell } from './support/tally.ts';

const ROUNDS = Number(process.env.FUZZ_ROUNDS ?? 2000);
/** Milliseconds of work, and generous: what is meant is work that grows with the square of the input, or worse. */
const SOON = 2000;

const { root, intermediate, server } = makePki().ec;

/** Puts what has become of `original` to `judge`; anything but an X509Error that it throws is a fault of ours. */
function fuzz(
  context: TestContext,
  what: string,
  original: Uint8Array,
  judge: (mutant: Uint8Array, round: string) => void,
): void {
  let read = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const label = `round ${round} of ${what}`;
    const mutant = mutateDer(original, numbers(round + 1));
    const started = processorTime();
    try {
      judge(mutant, label);
      read += 1;
    } catch (error) {
      if (!(error instanceof X509Error)) throw new Error(`${label}: ${error}`, { cause: error });
    }
    assert.ok(processorTime() - started < SOON, `${label} takes long`);
  }
  tell(context, `fuzz: ${what}`, { run: ROUNDS, passed: ROUNDS });
  // Else nothing but the outermost layer would have been tried.
  assert.ok(read > ROUNDS / 100, `${read} read`);
}

const usual = { purpose: 'serverAuth', now: new Date() } as const;

test('certificates: none is believed that is not the one that was signed', (context) => {
  const anchors = [readCertificate(root.certificate)];
  const authority = readCertificate(intermediate.certificate);
  fuzz(context, 'leaf certificates', server.certificate, (mutant, round) => {
    const certificate = readCertificate(mutant);
    legacyCertificate(certificate);
    nameText(certificate.subject);
    for (const strict of [false, true]) {
      const { code } = verifyChain([certificate, authority], { ...usual, anchors, strict });
      if (code === null) assert.equal(Buffer.compare(mutant, server.certificate), 0, round);
    }
  });
});

test('authorities that are trusted whatever they say: their constraints are read and obeyed in good order', (context) => {
  const rich = issue({
    subject: name('O=Test', 'CN=rich'),
    key: makeKey('ec', 'rich'),
    extensions: [
      extensions.authority(3),
      extensions.constraints({
        permitted: [general.dns('example'), general.ip(10, 0, 0, 0, 255, 0, 0, 0)],
        excluded: [general.email('x.example'), general.directory(name('CN=d'))],
      }),
    ],
  });
  const leaf = issue({
    subject: name('CN=leaf'),
    key: makeKey('ec', 'leaf'),
    issuer: rich,
    extensions: [
      extensions.names(general.dns('a.example'), general.ip(10, 1, 2, 3), general.email('a@y.example')),
    ],
  });
  const chain = [readCertificate(leaf.certificate)];
  assert.equal(verifyChain(chain, { ...usual, anchors: [readCertificate(rich.certificate)] }).code, null);
  fuzz(context, 'authorities', rich.certificate, (mutant) => {
    verifyChain(chain, { ...usual, anchors: [readCertificate(mutant)] });
  });
});

test('revocation lists: none is believed that is not the one that was signed', (context) => {
  const chain = [server, intermediate].map(({ certificate }) => readCertificate(certificate));
  const anchors = [readCertificate(root.certificate)];
  const bytes = (pem: string) => readPem(pem)[0].bytes;
  const rootList = readRevocationList(bytes(revocationList(root)));
  const honest = bytes(revocationList(intermediate, { revoked: [{ serial: 5n, reason: 1 }] }));
  fuzz(context, 'revocation lists', honest, (mutant, round) => {
    const revocationLists = [rootList, readRevocationList(mutant)];
    const { code } = verifyChain(chain, { ...usual, anchors, revocationLists });
    if (code === null) assert.equal(Buffer.compare(mutant, honest), 0, round);
  });
});

for (const kind of ['rsa', 'rsa-pss', 'ec', 'p521', 'ed25519'] as const) {
  test(`keys of kind ${kind}`, (context) => {
    const key = makeKey(kind, 'fuzz');
    const secret = key.export({ format: 'der', type: 'pkcs8' });
    const open = createPublicKey(key).export({ format: 'der', type: 'spki' });
    fuzz(context, `private keys, ${kind}`, secret, (mutant) => void readPrivateKey(mutant));
    fuzz(context, `public keys, ${kind}`, open, (mutant) => void readPublicKey(mutant));
  });
}
