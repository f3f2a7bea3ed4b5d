import path from 'node:path';
import { test } from 'node:test';
import { assertSame, runBoth } from './differential.ts';

const program = (name: string) => path.join(import.meta.dirname, 'programs', `${name}.cjs`);

const NOT_HERE = 'the engine has no such thing, and says so';

test('authentication: good, bad, missing and forged certificates end as on real Node', async () => {
  assertSame(await runBoth(program('authentication')));
});

test('negotiation: names, protocols, suites, groups, alerts and bytes that are no TLS end as on real Node', async () => {
  assertSame(await runBoth(program('negotiation')));
});

test('streams over TLS: order, ends, pressure and destruction are those of real Node', async () => {
  assertSame(await runBoth(program('streams')));
});

test('https over TLS: agents, keep-alive, client certificates and refusals are those of real Node', async () => {
  assertSame(await runBoth(program('https')));
});

test('tls.createSecureContext accepts and refuses what real Node does, in its words', async () => {
  assertSame(await runBoth(program('contexts')), {
    ccm: NOT_HERE,
    'curve kem': NOT_HERE,
    'curve 256k1': NOT_HERE,
    'curve ff': NOT_HERE,
    maxV: NOT_HERE,
    'min>max': NOT_HERE,
    proto: NOT_HERE,
    'proto 23': NOT_HERE,
    pfx: NOT_HERE,
    pfx2: NOT_HERE,
    engine: NOT_HERE,
  });
});
