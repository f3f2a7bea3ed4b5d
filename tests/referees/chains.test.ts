import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { describe, test } from 'node:test';
import { readCertificate, readRevocationListPem, type Verdict, verifyChain } from '../../src/x509/index.ts';
import { message } from '../../src/x509/verdicts.ts';
import { extensions, issue, makeKey, makePki, name } from '../support/pki.ts';
import { processorTime } from '../support/processor-time.ts';
import { makeChains } from './chains/all.ts';
import type { Chain } from './chains/make.ts';
import { opensslComplaints } from './chains/openssl.ts';
import { crossSigned, roundabout } from './chains/paths.ts';
import { randomChains } from './chains/random.ts';
import { nodeError, nodeVerdict, type Purpose, pems } from './chains/real-node.ts';

function judge(
  { anchors, sent, partialChain, lists = [] }: Chain,
  purpose: Purpose,
  strict = false,
): Verdict {
  return verifyChain(
    sent.map(({ certificate }) => readCertificate(certificate)),
    {
      anchors: anchors.map(({ certificate }) => readCertificate(certificate)),
      purpose,
      now: new Date(),
      partialChain: partialChain ?? false,
      strict,
      revocationLists: lists.map(readRevocationListPem),
    },
  );
}

/** Before OpenSSL 3.5, which is in Node, these were looked at more loosely: there Node alone is the referee. */
const CHANGED =
  /^constraints: a URI|^revocation: (a list that limits nothing|a list without a point|another algorithm inside)/;
const isOld = /^OpenSSL 3\.[0-4]\./.test(execFileSync('openssl', ['version'], { encoding: 'utf8' }));

describe('a chain is judged as OpenSSL and Node judge it', () => {
  const chains = makeChains();

  for (const purpose of ['serverAuth', 'clientAuth'] as const) {
    for (const chain of chains) {
      test(`${purpose}: ${chain.title}`, async () => {
        const verdict = judge(chain, purpose);
        const ours = verdict.complaints.map(({ depth, code }) => `${depth}: ${message(code)}`);
        if (!(isOld && CHANGED.test(chain.title))) {
          const theirs = opensslComplaints({
            anchors: pems(chain.anchors),
            sent: pems(chain.sent),
            purpose,
            partialChain: chain.partialChain ?? false,
            ...(chain.lists && { lists: chain.lists }),
          });
          // The command stops at some complaints; Node, and so we, go on and find more.
          assert.deepEqual(ours.slice(0, theirs.length || undefined), theirs);
        }
        // Node's servers do not take allowPartialTrustChain.
        if (chain.partialChain && purpose === 'clientAuth') return;
        assert.equal(verdict.nodeCode, await nodeVerdict(chain, purpose));
      });
    }
  }
});

test('chains put together at random are judged alike too, whatever combination of flaws they have', async () => {
  for (const { purpose, strict, ...chain } of randomChains(1, 120)) {
    const { title, partialChain = false, lists } = chain;
    const theirs = opensslComplaints({
      ...{ anchors: pems(chain.anchors), sent: pems(chain.sent), purpose, strict, partialChain },
      ...(lists && { lists }),
    });
    const { complaints } = judge(chain, purpose, strict);
    const ours = complaints.map(({ depth, code }) => `${depth}: ${message(code)}`);
    assert.deepEqual(ours.slice(0, theirs.length || undefined), theirs, title);
    const { nodeCode, aborted } = judge(chain, purpose);
    if (aborted || (partialChain && purpose === 'clientAuth')) continue;
    assert.equal(nodeCode, await nodeVerdict(chain, purpose), title);
  }
});

describe('a verdict', () => {
  test("speaks in Node's words", async () => {
    for (const chain of makeChains()) {
      const verdict = judge(chain, 'serverAuth');
      const error = await nodeError(chain);
      assert.equal(error?.code ?? null, verdict.nodeCode, chain.title);
      if (error) assert.equal(error.message, verdict.nodeMessage, chain.title);
    }
  });

  test('holds the path from the leaf to the root, whatever else was sent', () => {
    const { ec, foreign } = makePki();
    const sent = [ec.server, foreign.root, ec.root, foreign.intermediate, ec.intermediate];
    const { code, path } = judge({ title: '', sent, anchors: [foreign.root, ec.root] }, 'serverAuth');
    assert.equal(code, null);
    assert.deepEqual(
      path.map(({ bytes }) => bytes),
      [ec.server, ec.intermediate, ec.root].map(({ certificate }) => certificate),
    );
  });

  test('counts the last second of validity as over, the first as begun', () => {
    const { ec } = makePki();
    const [server, intermediate, root] = [ec.server, ec.intermediate, ec.root].map(({ certificate }) =>
      readCertificate(certificate),
    );
    const at = (time: number) =>
      verifyChain([server, intermediate], {
        anchors: [root],
        purpose: 'serverAuth',
        now: new Date(time),
      }).code;
    // They may have been issued in different seconds: the chain is valid while each of them is.
    const chain = [server, intermediate, root];
    const begins = Math.max(...chain.map(({ notBefore }) => notBefore.getTime()));
    const ends = Math.min(...chain.map(({ notAfter }) => notAfter.getTime()));
    assert.equal(at(begins - 1), 'CERT_NOT_YET_VALID');
    assert.equal(at(begins), null);
    assert.equal(at(ends - 1), null);
    assert.equal(at(ends), 'CERT_HAS_EXPIRED');
  });

  test('of a maze comes in bounded time, and says that it was one', () => {
    const { root } = makePki().ec;
    const mazes = { everyone: crossSigned(30), ring: roundabout(1000) };
    for (const [maze, code] of [
      ['everyone', 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY'],
      ['ring', 'CERT_CHAIN_TOO_LONG'],
    ] as const) {
      const sent = mazes[maze].map(({ certificate }) => readCertificate(certificate));
      const options = {
        anchors: [readCertificate(root.certificate)],
        purpose: 'serverAuth',
        now: new Date(),
      } as const;
      const started = processorTime();
      const { complaints, path } = verifyChain(sent, options);
      assert.ok(processorTime() - started < 3000, maze);
      assert.ok(
        complaints.some((one) => one.code === code),
        maze,
      );
      assert.ok(path.length <= 102, maze);
    }
  });

  test('security level 0 asks nothing of keys and hashes', () => {
    const root = issue({
      subject: name('CN=Weak'),
      key: makeKey('rsa1024', 'weak root'),
      hash: 'sha1',
      extensions: [extensions.authority()],
    });
    const leaf = issue({ subject: name('CN=leaf'), key: makeKey('ec', 'leaf'), issuer: root, hash: 'sha1' });
    const options = {
      anchors: [readCertificate(root.certificate)],
      purpose: 'serverAuth',
      now: new Date(),
    } as const;
    const peer = [readCertificate(leaf.certificate)];
    assert.equal(verifyChain(peer, { ...options, securityLevel: 0 }).code, null);
    assert.deepEqual(
      verifyChain(peer, options).complaints.map(({ code }) => code),
      ['CA_MD_TOO_WEAK', 'CA_KEY_TOO_SMALL'],
    );
  });
});
