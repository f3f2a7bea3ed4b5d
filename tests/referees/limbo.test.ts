import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { readCertificatesPem, type Verdict, verifyChain } from '../../src/x509/index.ts';
import { message } from '../../src/x509/verdicts.ts';
import { opensslComplaints } from './chains/openssl.ts';

/** x509-limbo (C2SP): chains with the verdict each must get. Data, not committed; used where it lies next to the checkout. */
const VECTORS = join(import.meta.dirname, '../../../shared/vectors/limbo.json');

interface Case {
  id: string;
  validation_kind: 'SERVER' | 'CLIENT';
  trusted_certs: string[];
  untrusted_intermediates: string[];
  peer_certificate: string;
  validation_time: string | null;
}

/** Keys that we do not know and OpenSSL does: we refuse too, but say so in other words, or where OpenSSL accepts. */
const UNKNOWN_KEYS: Readonly<Record<string, string>> = {
  'webpki::explicit-curve': 'a curve spelt out: we stop at the key, OpenSSL at a later check',
  'webpki::forbidden-p192-root': 'P-192: the same',
  'webpki::forbidden-dsa-root': 'DSA: OpenSSL accepts it',
  'webpki::forbidden-dsa-leaf': 'DSA: OpenSSL accepts it',
};

const purposeOf = (one: Case) => (one.validation_kind === 'SERVER' ? 'serverAuth' : 'clientAuth');
const timeOf = (one: Case) => (one.validation_time ? new Date(one.validation_time) : new Date());

function ourVerdict(one: Case, strict: boolean): Verdict {
  const read = (texts: string[]) => texts.flatMap((text) => readCertificatesPem(text));
  return verifyChain(read([one.peer_certificate, ...one.untrusted_intermediates]), {
    anchors: read(one.trusted_certs),
    purpose: purposeOf(one),
    now: timeOf(one),
    strict,
  });
}

describe('x509-limbo', { skip: existsSync(VECTORS) ? false : `no ${VECTORS}` }, () => {
  const cases: Case[] = existsSync(VECTORS) ? JSON.parse(readFileSync(VECTORS, 'utf8')).testcases : [];

  for (const strict of [false, true]) {
    test(`every verdict, with its code and depth, is OpenSSL's${strict ? ' -x509_strict' : ''}`, () => {
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
        });
        const ours = verdict.complaints.map(({ depth, code }) => `${depth}: ${message(code)}`);
        // The command stops at some complaints; Node, and so we, go on to find more.
        assert.deepEqual(ours.slice(0, theirs.length || undefined), theirs, one.id);
      }
    });
  }
});
