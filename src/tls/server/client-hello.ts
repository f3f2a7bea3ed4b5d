import type { ClientHelloEvent } from '../api.ts';
import { equal } from '../bytes.ts';
import { type Suite, suiteOf } from '../cipher-suites.ts';
import { hasExtension } from '../codec/extensions.ts';
import {
  CipherSuite,
  ExtensionType,
  HandshakeType,
  NamedGroup,
  ProtocolVersion,
  spell,
} from '../codec/registries.ts';
import type { State } from '../core.ts';
import { tlsError } from '../errors.ts';
import type { Message } from '../handshake-joiner.ts';
import { type Group, groupOf } from '../key-exchange.ts';
import { inCommon } from '../settings.ts';
import { receiveClientHello12 } from '../tls12/server/client-hello.ts';
import type { Retried, Server } from './context.ts';
import { openClientHello, type ReadHello, readClientHello } from './read-client-hello.ts';
import { chooseSession } from './resumption.ts';
import { sendHelloRetry, sendServerFlight } from './server-flight.ts';
import { askOwner } from './waiting.ts';

/** How much early data we read past when we do not take it. BoringSSL allows as much. §4.2.10 */
const MAX_SKIPPED_EARLY_DATA = 16_384;

/** What was begun as TLS 1.3 goes on as that. */
const TLS13_ALONE = { min: 0x0304, max: 0x0304 } as const;

/** Waits for the first ClientHello, which says what is spoken from here on. §4.1.2 */
export function expectClientHello(server: Server): State {
  return {
    name: 'expectClientHello',
    expects: [HandshakeType.client_hello],
    handle(message) {
      const { core, settings } = server;
      const opened = openClientHello(message.body, settings.versions);
      if (opened.version === ProtocolVersion['TLSv1.2'])
        return receiveClientHello12(server, opened.hello, message);
      const hello = readClientHello(opened);
      const suite = chooseSuite(server, hello);
      core.version = ProtocolVersion['TLSv1.3'];
      core.incoming.allowsChangeCipherSpec = true;
      // Appendix D.4 demands it for a client with a session id; OpenSSL and BoringSSL send it to all.
      core.outgoing.changeCipherSpecDue = true;
      return askOwner(server, announcement(hello), () => answerHello(server, hello, suite, message));
    },
  };
}

function announcement(hello: ReadHello): ClientHelloEvent {
  return {
    type: 'client-hello',
    version: ProtocolVersion['TLSv1.3'],
    serverName: hello.serverName,
    alpn: hello.alpn,
    cipherSuites: hello.hello.cipherSuites,
    groups: hello.groups,
    signatureSchemes: hello.signatureSchemes,
    random: hello.hello.random,
    sessionId: hello.hello.legacySessionId,
    offersTicket: hasExtension(hello.extensions, ExtensionType.pre_shared_key),
  };
}

/** Answers with a whole flight, or with a HelloRetryRequest where the client's guess was wrong. */
function answerHello(server: Server, hello: ReadHello, suite: Suite, message: Message): State {
  const { core, options } = server;
  const group = chooseGroup(server, hello);
  if (hello.offersEarlyData) core.incoming.skipEarlyData(MAX_SKIPPED_EARLY_DATA);
  core.expectRecordBoundary();
  const share = hello.keyShares.find((entry) => entry.group === group.id);
  if (share && !options.cookie) {
    const resumption = chooseSession(server, hello, suite, message);
    core.transcript.add(message.bytes);
    core.transcript.begin(suite.hash);
    return sendServerFlight(server, { hello, suite, group, share, resumption, helloRetried: false });
  }
  core.transcript.add(message.bytes);
  core.transcript.begin(suite.hash);
  core.transcript.replaceFirstHello(suite.hash);
  sendHelloRetry(server, hello, suite, share ? undefined : group);
  const { cookie } = options;
  return expectSecondClientHello(server, { firstHello: hello.hello, suite, group, asked: !share, cookie });
}

/** Waits for the ClientHello that answers our HelloRetryRequest. §4.1.2 */
function expectSecondClientHello(server: Server, retried: Retried): State {
  return {
    name: 'expectSecondClientHello',
    expects: [HandshakeType.client_hello],
    handle(message) {
      const { core } = server;
      const { suite, group } = retried;
      core.incoming.stopSkippingEarlyData();
      const hello = readClientHello(openClientHello(message.body, TLS13_ALONE));
      checkUnchanged(hello, retried);
      if (retried.cookie && !(hello.cookie && equal(hello.cookie, retried.cookie)))
        throw tlsError('bad-cookie');
      const share = hello.keyShares.find((entry) => entry.group === group.id);
      // §4.1.2: exactly the one share that was asked for, or, if none was, those of before.
      if (!share || (retried.asked && hello.keyShares.length > 1))
        throw tlsError('wrong-key-share-group', {
          expected: group.name,
          actual: hello.keyShares.map((entry) => spell(NamedGroup, entry.group)),
        });
      core.expectRecordBoundary();
      const resumption = chooseSession(server, hello, suite, message);
      core.transcript.add(message.bytes);
      return sendServerFlight(server, { hello, suite, group, share, resumption, helloRetried: true });
    },
  };
}

/** The extensions that §4.1.2 allows to differ after a HelloRetryRequest, or to go. */
const CHANGEABLE: readonly number[] = [
  ExtensionType.key_share,
  ExtensionType.cookie,
  ExtensionType.early_data,
  ExtensionType.pre_shared_key,
  ExtensionType.padding,
];

function checkUnchanged(
  { hello: second, extensions, offersEarlyData }: ReadHello,
  { firstHello: first }: Retried,
): void {
  const changed = (field: string) => tlsError('client-hello-changed', { actual: field });
  if (!equal(first.random, second.random)) throw changed('random');
  if (!equal(first.legacySessionId, second.legacySessionId)) throw changed('legacy_session_id');
  if (first.cipherSuites.join() !== second.cipherSuites.join()) throw changed('cipher_suites');
  if (offersEarlyData) throw changed('early_data');
  const kept = extensions.filter(({ type }) => !CHANGEABLE.includes(type));
  const before = (first.extensions ?? []).filter(({ type }) => !CHANGEABLE.includes(type));
  if (kept.length !== before.length) throw changed('extensions');
  for (const { type, data } of before) {
    const after = kept.find((extension) => extension.type === type);
    if (!after || !equal(after.data, data)) throw changed(spell(ExtensionType, type));
  }
}

/** Our order of preference decides, unless the owner leaves it to the client. */
function chooseSuite({ settings, options }: Server, { hello }: ReadHello): Suite {
  const [id] = inCommon(settings.cipherSuites, hello.cipherSuites, options.prefersPeersOrder);
  const suite = id === undefined ? undefined : suiteOf(id);
  if (!suite)
    throw tlsError('no-shared-cipher', {
      expected: settings.cipherSuites.map((id) => spell(CipherSuite, id)),
      actual: hello.cipherSuites.map((id) => spell(CipherSuite, id)),
    });
  return suite;
}

/** Within a tier, a group that costs no extra round trip is better than one we like more. */
function chooseGroup({ settings }: Server, { groups, keyShares }: ReadHello): Group {
  const tiers = settings.groupTiers.map((tier) => tier.filter((id) => groups.includes(id)));
  const shared = tiers.find((tier) => tier.length > 0) ?? [];
  const id = shared.find((id) => keyShares.some((share) => share.group === id)) ?? shared[0];
  const group = id === undefined ? undefined : groupOf(id);
  if (!group)
    throw tlsError('no-shared-group', {
      expected: settings.groups.map((id) => spell(NamedGroup, id)),
      actual: groups.map((id) => spell(NamedGroup, id)),
    });
  return group;
}
