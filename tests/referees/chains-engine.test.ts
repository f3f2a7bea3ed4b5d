/**
 * The same chains as in chains.test.ts, sent through the whole engine as a program of the sandbox meets it: what its
 * clients say of a server, and its servers of a client, is what real Node says, code and words, and so is what the other end
 * gets to see of it.
 */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { assertSame, groups, runBoth } from '../node/tls/differential.ts';
import { makePki } from '../support/pki.ts';
import { makeChains } from './chains/all.ts';
import { pems } from './chains/real-node.ts';
import { tell } from './support/tally.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'handfast-chains-'));
after(() => rmSync(folder, { recursive: true }));

/**
 * Chains that leave a note in OpenSSL's queue of errors while they are looked at. A server of Node that then ends the
 * connection takes that note for the reason, and its `tlsClientError` is called ERR_SSL_PROVIDER_SIGNATURE_FAILURE and the
 * like. The engine's is ECONNRESET, as for all the others. The verdict itself, `authorizationError`, is the same.
 */
const NOTED = [
  'a root of the same name and another key',
  'a signature changed in one bit',
  'an intermediate whose signature is changed',
  'an extension that occurs twice',
  'key usage without a single bit',
  'names that do not decode',
  'a negative path length',
  'a distribution point that says nothing',
  'constraints: a URI with a port that is none',
  'constraints: a URI with a port too high',
  'constraints: a URI without an authority',
  'revocation: a list whose signature is changed',
  'revocation: a forged list that has the leaf',
  'revocation: a list in the intermediate’s name by another key',
  'revocation: another algorithm outside than inside',
  'revocation: another algorithm inside than outside',
];
const OTHERWISE = Object.fromEntries(
  NOTED.map((title) => [
    `server: ${title}`,
    'the name of the error comes from what is left in OpenSSL’s queue',
  ]),
);

/** What is said of the chain, without the name of the error that the connection ends with. */
const verdictOf = (line: string) => line.replace(/tlsClientError \S+/, 'tlsClientError');

const program = path.join(import.meta.dirname, 'programs/chains.cjs');
const file = path.join(folder, 'chains.json');

before(() => {
  const { chainPem, keyPem } = makePki().ec.server;
  const chains = makeChains().map(({ title, sent, anchors, partialChain, lists }) => ({
    ...{ title, sent: pems(sent), key: sent[0].keyPem, anchors: pems(anchors) },
    ...{ partialChain: partialChain || undefined, lists },
  }));
  writeFileSync(file, JSON.stringify({ host: { cert: chainPem, key: keyPem }, chains }));
});

for (const version of ['TLSv1.3', 'TLSv1.2']) {
  test(`${version}: both ends of the engine say of every chain what real Node's say`, async (context) => {
    const compared = await runBoth(program, version, file);
    assertSame(compared, OTHERWISE);
    assert.deepEqual(compared.sandbox.map(verdictOf), compared.real.map(verdictOf));
    const disabled = Object.keys(OTHERWISE).length;
    const run = groups(compared.real).size - disabled;
    tell(context, `chains sent to the engine: ${version}`, { run, passed: run, disabled });
    for (const judge of ['client', 'server']) {
      const lines = compared.real.filter((line) => line.startsWith(`[${judge}:`));
      const refused = lines.filter((line) => /\] (tlsClientE|e)rror/.test(line));
      const otherwise = Object.keys(OTHERWISE).filter((title) => title.startsWith(judge));
      context.diagnostic(
        `${refused.length} refused by a ${judge}, ${otherwise.length} of them under another name`,
      );
      assert.ok(refused.length >= 40);
    }
  });
}
