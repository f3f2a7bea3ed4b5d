import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { assertSame, errorsOfBoth, groups, runBoth } from './differential.ts';

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

test('a connection begins with the first write, waits with an empty one, and knows whom a refused client was after', async () => {
  assertSame(await runBoth(program('beginnings')));
});

test('the corners of the interface are those of real Node: addresses, signals, options, events, STARTTLS', async () => {
  assertSame(await runBoth(program('details')));
});

test('what a program can ask and say is the same in both versions: versions, suites, keys, names, results', async () => {
  assertSame(await runBoth(program('surface')));
});

for (const version of ['TLSv1.3', 'TLSv1.2']) {
  test(`sessions of ${version} are told, kept, resumed and refused as on real Node`, async () => {
    assertSame(await runBoth(program('sessions'), version));
  });
}

const OTHER_IN_12: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  authentication: {},
  streams: { renegotiation: 'the engine refuses renegotiation on both ends' },
  https: {},
  details: { misc: 'it prints a ticket, which is sealed and of another length' },
  negotiation: {
    'the session identifier is changed':
      'a TLS 1.2 ClientHello has none: the byte that changes is another one in each hello',
  },
};
for (const [name, known] of Object.entries(OTHER_IN_12)) {
  test(`with TLS 1.2, too: ${name}`, async () => {
    assertSame(await runBoth(program(name), 'TLSv1.2'), known);
  });
}

for (const version of ['TLSv1.3', 'TLSv1.2']) {
  test(`enableTrace tells of the same records and messages as on real Node, ${version}`, async () => {
    const { real, sandbox } = await errorsOfBoth(program('trace'), version);
    assert.ok(sandbox.some((line) => /^\s+HostName.*=localhost$/.test(line)));
    assert.deepEqual(outline(sandbox), outline(real));
  });
}

/** Which way each record went, what it is, and the message that begins in it. An empty ChangeCipherSpec of TLS 1.3 is nothing. */
function outline(lines: readonly string[]): string[] {
  const records = lines
    .join('\n')
    .split(/^(?=(?:Sent|Received) TLS Record$)/m)
    .filter((record) => !record.includes('Content Type = ChangeCipherSpec'));
  return records.map((record) =>
    [
      /^(Sent|Received) TLS Record$/m,
      /^ {2}Version = .*$/m,
      /^ {2}Content Type = .*$/m,
      /^ {2}Inner Content Type = .*$/m,
      /^ {4}(?:\w+(?=, Length)|Level=.*)/m,
    ]
      .map((pattern) => pattern.exec(record)?.[0].trim())
      .join(' | '),
  );
}

test('a server answers server_name only where the name was of use', async () => {
  assertSame(await runBoth(program('server-name')), {
    'the name chooses the certificate': 'RFC 6066 §3 has a server say so in this case; Node never does',
  });
});

test('https over TLS: agents, keep-alive, client certificates and refusals are those of real Node', async () => {
  assertSame(await runBoth(program('https')));
});

test('tls.createSecureContext accepts and refuses what real Node does, in its words', async () => {
  const compared = await runBoth(program('contexts'));
  const notHere = ['ccm', 'curve 256k1', 'curve ff', 'sig rsa', 'engine'];
  assertSame(compared, Object.fromEntries(notHere.map((name) => [name, NOT_HERE])));
  const said = groups(compared.sandbox);
  for (const name of notHere)
    assert.match(`${said.get(name)}`, /"ERR_FEATURE_UNAVAILABLE_ON_PLATFORM".* is not available/);
});

test('PEM that is damaged or odd is read and refused as on real Node', async () => {
  assertSame(await runBoth(program('pem')));
});

test('without `ca`, NODE_EXTRA_CA_CERTS and tls.setDefaultCACertificates() say whom to trust, as on real Node', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'handfast-roots-'));
  const before = process.env.NODE_EXTRA_CA_CERTS;
  try {
    const pki = JSON.parse(await readFile(path.join(import.meta.dirname, 'fixtures/pki.json'), 'utf8'));
    process.env.NODE_EXTRA_CA_CERTS = path.join(folder, 'extra.pem');
    await writeFile(process.env.NODE_EXTRA_CA_CERTS, pki['root-rsa.crt']);
    assertSame(await runBoth(program('roots')));
  } finally {
    if (before === undefined) delete process.env.NODE_EXTRA_CA_CERTS;
    else process.env.NODE_EXTRA_CA_CERTS = before;
    await rm(folder, { recursive: true });
  }
});
