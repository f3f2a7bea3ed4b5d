/**
 * Somebody on the way changes what two ends of ours say to each other: in both versions, with client certificates,
 * HelloRetryRequest and sessions that are resumed. Whatever was changed, each end either fails with a typed error or is
 * connected; and if both are, they agree on everything.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hex } from '../../src/tls/codec/index.ts';
import {
  type ClientOptions,
  decodeSession,
  encodeSession,
  type ServerOptions,
  type Session,
  ticketSealer,
} from '../../src/tls/index.ts';
import { identity, type KeyKind } from '../tls/support/identities.ts';
import {
  clientEnd,
  connect,
  type End,
  type Overrides,
  seededRandom,
  serverEnd,
} from '../tls/support/pair.ts';
import { assertSound, mutate, type Numbers, numbers } from './fuzz/mutate.ts';
import { tell } from './support/tally.ts';

const ROUNDS = Number(process.env.FUZZ_ROUNDS ?? 200);
const TLS12 = { min: 0x0303, max: 0x0303 } as const;
const TLS13 = { min: 0x0304, max: 0x0304 } as const;
const BOTH = { min: 0x0303, max: 0x0304 } as const;
const LABEL = 'EXPORTER-fuzz';

interface Scenario {
  readonly client: Overrides<ClientOptions>;
  readonly server: Overrides<ServerOptions>;
}

const mutual = (kind: KeyKind): Scenario => ({
  client: { identity: identity(kind, 'ana') },
  server: { identity: identity(kind), requestCertificate: true, requireCertificate: true },
});
const sealer = ticketSealer(new Uint8Array(48).fill(5), seededRandom(3));

/** A session that these two would resume. */
function sessionOf({ client, server }: Scenario): Session {
  const first = connect(client, server);
  const found = first.client.events.flatMap((event) => (event.type === 'session' ? [event.session] : []));
  assert.ok(found.length > 0);
  return found[0];
}

function resuming(versions: ClientOptions['versions']): Scenario {
  const scenario = { client: { versions }, server: { versions, tickets: sealer } };
  return { ...scenario, client: { versions, session: sessionOf(scenario) } };
}

const scenarios: readonly (readonly [title: string, scenario: Scenario])[] = [
  ['TLS 1.3', { client: { versions: TLS13, alpn: ['h2', 'x'] }, server: { versions: TLS13, alpn: ['x'] } }],
  ['TLS 1.2', { client: { versions: TLS12, alpn: ['h2', 'x'] }, server: { versions: TLS12, alpn: ['x'] } }],
  ['TLS 1.3 and 1.2, so that 1.2 is a downgrade', { client: { versions: BOTH }, server: { versions: BOTH } }],
  [
    'TLS 1.2 with both certificates, ECDSA',
    {
      client: { ...mutual('P-256').client, versions: TLS12 },
      server: { ...mutual('P-256').server, versions: TLS12 },
    },
  ],
  [
    'TLS 1.2 with both certificates, RSA',
    {
      client: { ...mutual('rsa').client, versions: TLS12 },
      server: { ...mutual('rsa').server, versions: TLS12 },
    },
  ],
  [
    'HelloRetryRequest',
    {
      client: { versions: TLS13, groups: [0x001d, 0x0017], keyShareGroups: [0x001d] },
      server: { versions: TLS13, groups: [0x0017] },
    },
  ],
  ['a ticket of TLS 1.3', resuming(TLS13)],
  ['a ticket of TLS 1.2', resuming(TLS12)],
];

/** Carries bytes to and fro. The `wounded`-th delivery is changed. */
function shuttleSpoilt(client: End, server: End, wounded: number, next: Numbers): boolean {
  let delivery = 0;
  let changed = false;
  const carry = (from: End, to: End): boolean => {
    const bytes = from.connection.takeOutput();
    if (bytes.length === 0) return false;
    const spoilt = delivery === wounded ? mutate(bytes, next) : bytes;
    changed ||= hex(spoilt) !== hex(bytes);
    delivery += 1;
    to.connection.receive(spoilt);
    return true;
  };
  // What cannot end by itself would go on for ever: no handshake has this many flights.
  for (let turn = 0; turn < 40; turn++) {
    const any = carry(client, server);
    if (!carry(server, client) && !any) return changed;
  }
  throw new Error('the ends talk without end');
}

/** The network ends too, as it would after a loss. */
function hangUp(...ends: End[]): void {
  for (const end of ends) end.connection.receiveEnd();
}

for (const [title, { client: clientOptions, server: serverOptions }] of scenarios) {
  test(`changed on the way: ${title}`, (context) => {
    let changed = 0;
    let connected = 0;
    for (let round = 0; round < ROUNDS; round++) {
      const label = `round ${round} of ${title}`;
      const client = clientEnd({ ...clientOptions, random: seededRandom(round + 1) });
      const server = serverEnd({ ...serverOptions, random: seededRandom(round + 1001) });
      client.connection.start();
      const next = numbers(round + 1);
      if (shuttleSpoilt(client, server, next(4), next)) changed += 1;
      if (client.connection.result && server.connection.result) {
        connected += 1;
        assertAgreed(client, server, label);
      }
      hangUp(client, server);
      assertSound(client, label);
      assertSound(server, label);
    }
    tell(context, `fuzz: ${title}`, { run: ROUNDS, passed: ROUNDS });
    assert.ok(changed > ROUNDS / 2, `${changed} changed`);
    // Else nothing would have been tried but the first message.
    assert.ok(connected < ROUNDS, `${connected} connected`);
  });
}

function assertAgreed(client: End, server: End, label: string): void {
  const [ours, theirs] = [client, server].map((end) => ({
    ...end.connection.result,
    exported: hex(end.connection.exportKeyingMaterial(LABEL, undefined, 32)),
  }));
  for (const field of ['version', 'alpn', 'resumed', 'exported'] as const)
    assert.equal(ours[field], theirs[field], `${label}: ${field}`);
  assert.equal(ours.cipherSuite?.id, theirs.cipherSuite?.id, label);
  assert.equal(
    hex(ours.finished?.own ?? new Uint8Array()),
    hex(theirs.finished?.peer ?? new Uint8Array()),
    label,
  );
}

test('a session in spoilt bytes is none, or one that a server refuses without harm', (context) => {
  const scenario = { client: { versions: TLS13 }, server: { versions: TLS13, tickets: sealer } };
  const honest = encodeSession(sessionOf(scenario));
  let read = 0;
  const rounds = ROUNDS * 4;
  for (let round = 0; round < rounds; round++) {
    const session = decodeSession(mutate(honest, numbers(round + 1)));
    if (!session) continue;
    read += 1;
    const { client, server } = connect({ ...scenario.client, session }, scenario.server);
    assertSound(client, `round ${round}`);
    assertSound(server, `round ${round}`);
  }
  tell(context, 'fuzz: sessions', { run: rounds, passed: rounds });
  assert.ok(read > 5, `${read} sessions`);
});

test('what is sealed in a ticket may be anything: a server then shakes hands in full', (context) => {
  const scenario = { client: { versions: TLS13 }, server: { versions: TLS13, tickets: sealer } };
  const session = sessionOf(scenario);
  const state = sealer.open(session.ticket);
  assert.ok(state);
  for (let round = 0; round < ROUNDS; round++) {
    const ticket = sealer.seal(mutate(state, numbers(round + 1)));
    const { client, server } = connect(
      { ...scenario.client, session: { ...session, ticket } },
      scenario.server,
    );
    assertSound(client, `round ${round}`);
    assertSound(server, `round ${round}`);
    // A binder that does not fit its key ends the connection; a state that cannot be read does not.
    const [error] = server.errors();
    if (error) assert.equal(error.reason, 'bad-binder', `round ${round}: ${error.message}`);
    else assert.ok(client.connection.result && server.connection.result, `round ${round}`);
  }
  tell(context, 'fuzz: tickets', { run: ROUNDS, passed: ROUNDS });
});
