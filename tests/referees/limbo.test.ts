import assert from 'node:assert/strict';
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { checkServerIdentity, type PeerCertificate } from 'node:tls';
import {
  legacyCertificate,
  readCertificatesPem,
  readRevocationListPem,
  type Verdict,
  verifyChain,
} from '../../src/x509/index.ts';
import { message } from '../../src/x509/verdicts.ts';
import type { Issued } from '../support/pki.ts';
import { opensslComplaints } from './chains/openssl.ts';
import { nodeVerdict } from './chains/real-node.ts';
import { tell } from './support/tally.ts';

/** x509-limbo (C2SP): chains with the verdict each must get. Data, not committed; used where it lies next to the checkout. */
const VECTORS = join(import.meta.dirname, '../../../shared/vectors/limbo.json');

interface Case {
  id: string;
  validation_kind: 'SERVER' | 'CLIENT';
  trusted_certs: string[];
  untrusted_intermediates: string[];
  peer_certificate: string;
  /** Null for chains found in the wild. */
  peer_certificate_key: string | null;
  expected_peer_name: { value: string } | null;
  validation_time: string | null;
  features: string[];
  expected_result: 'SUCCESS' | 'FAILURE';
  crls: string[];
}

/** Keys that we do not know and OpenSSL does: we refuse too, but say so in other words, or where OpenSSL accepts. */
const UNKNOWN_KEYS: Readonly<Record<string, string>> = {
  'webpki::explicit-curve': 'a curve spelt out: we stop at the key, OpenSSL at a later check',
  'webpki::forbidden-p192-root': 'P-192: the same',
  'webpki::forbidden-dsa-root': 'DSA: OpenSSL accepts it',
  'webpki::forbidden-dsa-leaf': 'DSA: OpenSSL accepts it',
};

/** What real Node cannot be asked, or does not get to see. */
const NOT_SENT: Readonly<Record<string, string>> = {
  'webpki::forbidden-p192-leaf': 'no signature of TLS 1.3 fits a key of P-192: the handshake fails',
  'webpki::forbidden-dsa-leaf': 'nor one of DSA',
};

const purposeOf = (one: Case) => (one.validation_kind === 'SERVER' ? 'serverAuth' : 'clientAuth');
const timeOf = (one: Case) => (one.validation_time ? new Date(one.validation_time) : new Date());

/** There is no list to look at that speaks for the leaf alone, and no limit to the depth that a user may set. */
const isApplicable = ({ validation_kind, features }: Case) =>
  validation_kind === 'SERVER' && !features.includes('has-crl') && !features.includes('max-chain-depth');

/** How many of those must be right at least: what `openssl verify` was measured at, and with -x509_strict. */
const RIGHT = { usual: 122, strict: 129 };

function ourVerdict(one: Case, strict: boolean): Verdict {
  const read = (texts: string[]) => texts.flatMap((text) => readCertificatesPem(text));
  return verifyChain(read([one.peer_certificate, ...one.untrusted_intermediates]), {
    anchors: read(one.trusted_certs),
    purpose: purposeOf(one),
    now: timeOf(one),
    revocationLists: one.crls.map(readRevocationListPem),
    strict,
  });
}

/** Whether a client of Node would go on: the chain is good, and the name is in the certificate. */
function isAccepted(one: Case, strict: boolean): boolean {
  if (ourVerdict(one, strict).code !== null) return false;
  const [leaf] = readCertificatesPem(one.peer_certificate);
  return isNamed(one, legacyCertificate(leaf) as object);
}

const isNamed = ({ expected_peer_name: name }: Case, certificate: object) =>
  name === null || checkServerIdentity(name.value, certificate as PeerCertificate) === undefined;

/** Real Node's judgement of the chain, sent to it over a connection; it has no clock to set, and needs the peer's key. */
async function nodesVerdict(one: Case): Promise<string | null> {
  const key = createPrivateKey(one.peer_certificate_key as string);
  const issued = (pem: string) => ({ pem, key }) as unknown as Issued;
  return nodeVerdict(
    {
      title: one.id,
      sent: [one.peer_certificate, ...one.untrusted_intermediates].map(issued),
      anchors: one.trusted_certs.map(issued),
      ...(one.crls.length > 0 && { lists: one.crls }),
    },
    purposeOf(one),
  );
}

describe('x509-limbo', { skip: existsSync(VECTORS) ? false : `no ${VECTORS}` }, () => {
  const cases: Case[] = existsSync(VECTORS) ? JSON.parse(readFileSync(VECTORS, 'utf8')).testcases : [];

  for (const strict of [false, true]) {
    test(`every verdict, with its code and depth, is OpenSSL's${strict ? ' -x509_strict' : ''}`, (context) => {
      for (const one of cases) {
        const verdict = ourVerdict(one, strict);
        if (UNKNOWN_KEYS[one.id]) {
          assert.notEqual(verdict.code, null, one.id);
          continue;
        }
        const theirs = opensslComplaints({
          anchors: one.trusted_certs,
          sent: [one.peer_certificate, ...one.untrusted_intermediates],
          purpose: purposeOf(one),
          now: timeOf(one),
          strict,
          ...(one.crls.length > 0 && { lists: one.crls }),
        });
        const ours = verdict.complaints.map(({ depth, code }) => `${depth}: ${message(code)}`);
        // The command stops at some complaints; Node, and so we, go on to find more.
        assert.deepEqual(ours.slice(0, theirs.length || undefined), theirs, one.id);
      }
      const disabled = Object.keys(UNKNOWN_KEYS).length;
      const run = cases.length - disabled;
      tell(context, `x509-limbo: ${strict ? 'strict' : 'OpenSSL'}`, { run, passed: run, disabled });
    });
  }

  test('real Node says the same of every chain that can be sent to it now', async (context) => {
    let asked = 0;
    for (const one of cases) {
      if (!one.peer_certificate_key || one.validation_time || NOT_SENT[one.id]) continue;
      asked++;
      const theirs = await nodesVerdict(one);
      const ours = ourVerdict(one, false);
      if (UNKNOWN_KEYS[one.id]) assert.notEqual(ours.code, null, one.id);
      else assert.equal(ours.nodeCode, theirs, one.id);
      const certificate = new X509Certificate(one.peer_certificate).toLegacyObject();
      const accepted = theirs === null && isNamed(one, certificate);
      if (!UNKNOWN_KEYS[one.id]) assert.equal(isAccepted(one, false), accepted, one.id);
      // What the usual mode refuses, and so Node, the strict one refuses as well.
      if (!accepted) assert.equal(isAccepted(one, true), false, one.id);
    }
    assert.ok(asked > 150, `${asked} asked`);
    const why =
      'real Node cannot be asked of chains from the wild, whose keys nobody has, nor at another time';
    const disabled = Object.keys(NOT_SENT).length;
    const skipped = cases.length - asked - disabled;
    tell(context, 'x509-limbo: Node', { run: asked, passed: asked, disabled, skipped, why });
  });

  test('of the 185 applicable cases at least as many are right as OpenSSL has right; strict mode has more', (context) => {
    const applicable = cases.filter(isApplicable);
    assert.equal(applicable.length, 185);
    const right = (strict: boolean) =>
      applicable.filter((one) => isAccepted(one, strict) === (one.expected_result === 'SUCCESS')).length;
    const found = { usual: right(false), strict: right(true) };
    context.diagnostic(`right: ${found.usual}, in strict mode ${found.strict}`);
    assert.ok(found.usual >= RIGHT.usual, `${found.usual} right`);
    assert.ok(found.strict >= RIGHT.strict, `${found.strict} right in strict mode`);
  });

  test('strict mode accepts nothing that the usual mode refuses', () => {
    for (const one of cases) assert.ok(isAccepted(one, false) || !isAccepted(one, true), one.id);
  });
});
