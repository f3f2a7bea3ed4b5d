import type { Session } from '../api.ts';
import { equal } from '../bytes.ts';
import { type Suite, suiteOf } from '../cipher-suites.ts';
import {
  cookie,
  type Extension,
  hasExtension,
  type KeyShareEntry,
  readExtension,
  repeatedExtension,
  selectedGroup,
  selectedIdentity,
  selectedVersion,
  serverKeyShare,
} from '../codec/extensions.ts';
import { isHelloRetry, type ServerHello, serverHello } from '../codec/messages.ts';
import { decode } from '../codec/reader.ts';
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
import { type Group, groupOf, type KeyPair } from '../key-exchange.ts';
import { KeySchedule } from '../key-schedule.ts';
import { receiveServerHello12 } from '../tls12/client/server-hello.ts';
import { ignoringHelloRequests } from '../tls12/traffic.ts';
import { sendClientHelloAgain } from './client-hello.ts';
import type { Client, Offer } from './context.ts';
import { expectEncryptedExtensions } from './encrypted-extensions.ts';

/** Waits for the server's choice of cipher and key, or for its wish to be asked again. §4.1.3, §4.1.4 */
export function expectServerHello(client: Client, offer: Offer): State {
  const state: State = {
    name: 'expectServerHello',
    expects: [HandshakeType.server_hello],
    handle(message) {
      const hello = decode(serverHello, message.body, 'ServerHello');
      if (isTls12(hello, offer, client)) return receiveServerHello12(client, offer, message, hello);
      const suite = checkChoices(hello, offer, client);
      client.core.version = ProtocolVersion['TLSv1.3'];
      return isHelloRetry(hello.random)
        ? receiveHelloRetry(client, offer, message, hello, suite)
        : receiveServerHello(client, offer, message, hello, suite);
    },
  };
  return speaksTls12(offer, client) ? ignoringHelloRequests(state) : state;
}

/** §4.2.1: a server that does not answer supported_versions speaks TLS 1.2 at best. */
function isTls12({ extensions = [] }: ServerHello, offer: Offer, client: Client): boolean {
  if (client.settings.versions.max === ProtocolVersion['TLSv1.2']) return true;
  return speaksTls12(offer, client) && !hasExtension(extensions, ExtensionType.supported_versions);
}

/** A server that asked for another ClientHello has chosen TLS 1.3 with that. */
function speaksTls12({ retry }: Offer, { settings }: Client): boolean {
  return settings.versions.min === ProtocolVersion['TLSv1.2'] && !retry;
}

/** What holds for ServerHello and HelloRetryRequest alike. §4.1.3 */
function checkChoices(hello: ServerHello, { hello: sent }: Offer, { settings }: Client): Suite {
  const extensions = hello.extensions ?? [];
  const twice = repeatedExtension(extensions);
  if (twice !== undefined) throw tlsError('duplicate-extension', { actual: spell(ExtensionType, twice) });
  const version = readExtension(extensions, ExtensionType.supported_versions, selectedVersion);
  if (version === undefined)
    throw tlsError('unsupported-protocol', {
      expected: 'TLSv1.3',
      actual: spell(ProtocolVersion, hello.legacyVersion),
    });
  if (version !== ProtocolVersion['TLSv1.3'])
    throw tlsError('bad-selected-version', { expected: 'TLSv1.3', actual: spell(ProtocolVersion, version) });
  if (hello.legacyVersion !== ProtocolVersion['TLSv1.2'])
    throw tlsError('bad-legacy-version', { actual: spell(ProtocolVersion, hello.legacyVersion) });
  if (!equal(hello.legacySessionIdEcho, sent.legacySessionId)) throw tlsError('bad-session-id-echo');
  const suite = settings.cipherSuites.includes(hello.cipherSuite) ? suiteOf(hello.cipherSuite) : undefined;
  if (!suite) throw tlsError('wrong-cipher-returned', { actual: spell(CipherSuite, hello.cipherSuite) });
  if (hello.legacyCompressionMethod !== 0) throw tlsError('bad-compression');
  return suite;
}

/** §4.1.4 */
function receiveHelloRetry(
  client: Client,
  offer: Offer,
  message: Message,
  { extensions = [] }: ServerHello,
  suite: Suite,
): State {
  const { core, settings } = client;
  if (offer.retry) throw tlsError('second-hello-retry');
  allowOnly(extensions, offer, [
    ExtensionType.supported_versions,
    ExtensionType.key_share,
    ExtensionType.cookie,
  ]);
  const group = readExtension(extensions, ExtensionType.key_share, selectedGroup);
  const echo = readExtension(extensions, ExtensionType.cookie, cookie);
  if (group === undefined && echo === undefined) throw tlsError('useless-hello-retry');
  if (group !== undefined && (!settings.groups.includes(group) || shareFor(offer, group)))
    throw tlsError('bad-hello-retry-group', { actual: spell(NamedGroup, group) });
  core.expectRecordBoundary();
  core.transcript.begin(suite.hash);
  core.transcript.replaceFirstHello(suite.hash);
  core.transcript.add(message.bytes);
  return expectServerHello(client, sendClientHelloAgain(client, offer, { suite, group, cookie: echo }));
}

/** §4.1.3; keys are made as §7.1 says. */
function receiveServerHello(
  client: Client,
  offer: Offer,
  message: Message,
  { extensions = [] }: ServerHello,
  suite: Suite,
): State {
  const { core } = client;
  if (offer.retry && offer.retry.suite !== suite)
    throw tlsError('cipher-changed-after-retry', { expected: offer.retry.suite.name, actual: suite.name });
  allowOnly(extensions, offer, [
    ExtensionType.supported_versions,
    ExtensionType.key_share,
    ExtensionType.pre_shared_key,
  ]);
  const resumed = acceptedSession(extensions, offer, suite);
  const share = readExtension(extensions, ExtensionType.key_share, serverKeyShare);
  if (!share) throw tlsError('missing-key-share');
  const own = shareFor(offer, share.group);
  const group = groupOf(share.group);
  if (!own || !group) throw tlsError('wrong-key-share-group', { actual: spell(NamedGroup, share.group) });
  const sharedSecret = agree(group, own, share);

  core.transcript.begin(suite.hash);
  core.transcript.add(message.bytes);
  const schedule = new KeySchedule(suite.hash, resumed?.secret);
  schedule.enterHandshake(sharedSecret);
  const traffic = schedule.handshakeTraffic(core.transcript.hash());
  core.keyLog('SERVER_HANDSHAKE_TRAFFIC_SECRET', offer.hello.random, traffic.server);
  core.changeReadKeys(suite, traffic.server);
  // Logged when it is first used, where OpenSSL logs it too: programs see the lines in the same order.
  core.outgoing.protect(suite, traffic.client, () =>
    core.keyLog('CLIENT_HANDSHAKE_TRAFFIC_SECRET', offer.hello.random, traffic.client),
  );
  return expectEncryptedExtensions(client, { offer, suite, group, schedule, traffic, resumed });
}

/** The session that we offered, if the server takes it. §4.2.11 */
function acceptedSession(
  extensions: readonly Extension[],
  { psk }: Offer,
  suite: Suite,
): Session | undefined {
  const index = readExtension(extensions, ExtensionType.pre_shared_key, selectedIdentity);
  if (index === undefined || !psk) return undefined;
  if (index !== 0) throw tlsError('bad-psk-identity', { expected: 0, actual: index });
  if (psk.suite.hash !== suite.hash)
    throw tlsError('psk-hash-changed', { expected: psk.suite.name, actual: suite.name });
  return psk.session;
}

function agree(group: Group, own: KeyPair, { keyExchange }: KeyShareEntry): Uint8Array {
  try {
    return group.agree(own, keyExchange);
  } catch (cause) {
    throw tlsError('bad-key-share', { actual: group.name, cause });
  }
}

function shareFor({ keyPairs }: Offer, group: number): KeyPair | undefined {
  return keyPairs.find((pair) => pair.group === group);
}

/** §4.2: an answer to what was not asked is one error, an answer in the wrong message another. */
export function allowOnly(
  extensions: readonly Extension[],
  { hello }: Offer,
  allowed: readonly number[],
): void {
  for (const { type } of extensions) {
    // HelloRetryRequest's cookie is the one extension a server may begin with.
    const asked = hasExtension(hello.extensions ?? [], type) || type === ExtensionType.cookie;
    if (!allowed.includes(type) || !asked)
      throw tlsError(asked ? 'misplaced-extension' : 'unsolicited-extension', {
        actual: spell(ExtensionType, type),
      });
  }
}
