/**
 * NIST PKITS: certification paths with their revocation lists, each sent over a real connection to real Node with `crl`
 * set. What Node says we must say, as client and as server; what PKITS expects holds too, but where OpenSSL under Node
 * leaves a part of RFC 5280 out, and then the case stands below.
 */
import assert from 'node:assert/strict';
import type { KeyObject } from 'node:crypto';
import { existsSync } from 'node:fs';
import { before, describe, test } from 'node:test';
import { installPrograms } from '../../scripts/support/programs.mjs';
import { type Certificate, verifyChain } from '../../src/x509/index.ts';
import type { Issued } from '../support/pki.ts';
import { nodeVerdict, type Purpose } from './chains/real-node.ts';
import { type Case, FOLDER, leafKey, listPem, pem, readCases, sectionOf } from './pkits/cases.ts';

/** All certificates of the suite are valid until then. */
const END = new Date('2030-12-31T00:00:00Z');

const NO_DSA = 'a DSA key: TLS has none, so Node cannot be asked, and ours refuses it as too weak';
/** Not run at all. */
const LEFT_OUT: Readonly<Record<string, string>> = {
  ValidDSASignaturesTest4: NO_DSA,
  ValidDSAParameterInheritanceTest5: NO_DSA,
  InvalidDSASignatureTest6: NO_DSA,
};

const INDIRECT = 'a list by somebody who did not issue the certificate: Node does not ask OpenSSL for them';
const REASONS = 'lists for some reasons only: Node does not ask OpenSSL for them';
/** Where Node, and so we, answer otherwise than PKITS expects. All but the delta list are refusals. */
const OTHERWISE: Readonly<Record<string, string>> = {
  ValidBasicSelfIssuedCRLSigningKeyTest6: INDIRECT,
  ValidBasicSelfIssuedNewWithOldTest4: INDIRECT,
  ValidSeparateCertificateandCRLKeysTest19: INDIRECT,
  ValidIDPwithindirectCRLTest22: INDIRECT,
  ValidIDPwithindirectCRLTest24: INDIRECT,
  ValidIDPwithindirectCRLTest25: INDIRECT,
  ValidcRLIssuerTest28: INDIRECT,
  ValidcRLIssuerTest29: INDIRECT,
  ValidcRLIssuerTest30: INDIRECT,
  ValidcRLIssuerTest33: INDIRECT,
  ValidonlySomeReasonsTest18: REASONS,
  ValidonlySomeReasonsTest19: REASONS,
  ValiddeltaCRLTest5:
    'only the delta list takes the certificate off again, and Node does not ask for delta lists',
  InvaliddeltaCRLTest4: 'only the delta list has the certificate, and Node does not ask for delta lists',
};
/** Node does not ask OpenSSL to look at policies, which RFC 5280 §6.1 leaves to the application. */
const isAboutPolicies = (name: string) => sectionOf(name).endsWith('policies');

installPrograms('python3-cryptography-vectors');
const skip = !existsSync(FOLDER)
  ? "no PKITS: Debian's python3-cryptography-vectors is not installed"
  : Date.now() > END.getTime() && `the certificates of PKITS were valid until ${END.toISOString()}`;

function ourVerdict({ leaf, authorities, lists }: Case, root: Certificate, purpose: Purpose, strict = false) {
  const options = { anchors: [root], purpose, now: new Date(), revocationLists: lists, strict };
  return verifyChain([leaf, ...authorities], options).nodeCode;
}

async function theirVerdict(
  { name, leaf, authorities, lists }: Case,
  root: Certificate,
  key: KeyObject,
  purpose: Purpose,
) {
  const issued = (certificate: Certificate) => ({ pem: pem(certificate), key }) as unknown as Issued;
  const chain = { sent: [leaf, ...authorities].map(issued), anchors: [issued(root)] };
  return nodeVerdict({ title: name, ...chain, lists: lists.map(listPem) }, purpose);
}

describe('NIST PKITS', { skip }, () => {
  const { root, cases } = skip ? { root: undefined, cases: [] } : readCases();
  const keys = new Map<string, KeyObject>();

  // All of them before the first connection: one that was refused can leave an entry in OpenSSL's error queue, which
  // Node then throws when the next key is read.
  before(() => {
    for (const { name } of cases) if (!LEFT_OUT[name]) keys.set(name, leafKey(name));
  });

  for (const one of cases) {
    const { name, isValid } = one;
    test(`${sectionOf(name)}: ${name}`, { skip: LEFT_OUT[name] ?? false }, async () => {
      const key = keys.get(name);
      assert.ok(root && key);
      for (const purpose of ['serverAuth', 'clientAuth'] as const) {
        const ours = ourVerdict(one, root, purpose);
        assert.equal(ours, await theirVerdict(one, root, key, purpose), purpose);
        if (ours !== null)
          assert.notEqual(ourVerdict(one, root, purpose, true), null, 'strict mode is no laxer');
        if (isValid === undefined || isAboutPolicies(name)) continue;
        assert.equal(
          ours === null,
          OTHERWISE[name] ? !isValid : isValid,
          OTHERWISE[name] ?? 'as PKITS has it',
        );
      }
    });
  }

  test('no name is listed that the suite does not have', () => {
    const names = new Set(cases.map(({ name }) => name));
    for (const name of [...Object.keys(LEFT_OUT), ...Object.keys(OTHERWISE)])
      assert.ok(names.has(name), name);
  });
});
