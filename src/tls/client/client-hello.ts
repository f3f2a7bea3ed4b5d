import {
  certificateAuthorities,
  clientKeyShares,
  clientVersions,
  cookie,
  type Extension,
  makeExtension,
  protocolNames,
  pskKeyExchangeModes,
  recordSizeLimit,
  serverNameList,
  signatureSchemes,
  supportedGroups,
} from '../codec/extensions.ts';
import { type ClientHello, clientHello, handshakeMessage } from '../codec/messages.ts';
import { ExtensionType, HandshakeType, ProtocolVersion, PskKeyExchangeMode } from '../codec/registries.ts';
import { textToBytes } from '../codec/wire.ts';
import { defaultKeyShareGroups, groupOf, type KeyPair } from '../key-exchange.ts';
import { extensions12, usableSession12 } from '../tls12/client/offer.ts';
import type { Client, Offer } from './context.ts';
import { bind, type OfferedPsk, pskExtension, usablePsk } from './pre-shared-key.ts';

/** What the server asked for in a HelloRetryRequest. */
export interface RetryWish {
  readonly suite: NonNullable<Offer['retry']>['suite'];
  readonly group: number | undefined;
  readonly cookie: Uint8Array | undefined;
}

/** The first ClientHello. §4.1.2 */
export function sendClientHello(client: Client): Offer {
  const { core, settings } = client;
  const psk = usablePsk(client);
  const session12 = usableSession12(client);
  const { max, min } = settings.versions;
  const tls13 = max === ProtocolVersion['TLSv1.3'];
  const keyPairs = generateKeyPairs(client, tls13 ? wantedShares(client) : []);
  const hello: ClientHello = {
    legacyVersion: ProtocolVersion['TLSv1.2'],
    random: randomBytes(client, 32),
    // Appendix D.4: a session id that is not empty asks for the middlebox compatibility mode.
    // RFC 5077 §3.4: with a ticket, it tells whether that was taken.
    legacySessionId: session12?.sessionId.length
      ? session12.sessionId
      : randomBytes(client, tls13 || session12 ? 32 : 0),
    cipherSuites: [...settings.cipherSuites, ...settings.cipherSuites12],
    legacyCompressionMethods: Uint8Array.of(0),
    extensions: [
      ...firstExtensions(client),
      ...(min === ProtocolVersion['TLSv1.2'] ? extensions12(session12) : []),
      ...(tls13 ? extensions13(client, keyPairs) : []),
      ...(psk ? [pskExtension(client, psk)] : []),
    ],
  };
  // §5.1: version 1.0 in the very first record, for old servers that choke on anything else.
  sendHello(client, hello, psk, ProtocolVersion.TLSv1);
  core.incoming.allowsChangeCipherSpec = tls13;
  core.outgoing.changeCipherSpecDue = tls13;
  return { hello, keyPairs, psk, session12, retry: undefined };
}

/** The second ClientHello: the first, with only what HelloRetryRequest asked for changed. §4.1.2 */
export function sendClientHelloAgain(client: Client, offer: Offer, wish: RetryWish): Offer {
  const { core } = client;
  const keyPairs = wish.group === undefined ? offer.keyPairs : generateKeyPairs(client, [wish.group]);
  // §4.1.4: a pre-shared key whose hash is not that of the server's cipher suite is offered no more.
  const psk = offer.psk?.suite.hash === wish.suite.hash ? offer.psk : undefined;
  const extensions = (offer.hello.extensions ?? [])
    .filter(({ type }) => type !== ExtensionType.pre_shared_key)
    .map((extension) =>
      extension.type === ExtensionType.key_share ? keyShareExtension(keyPairs) : extension,
    );
  if (wish.cookie) extensions.push(makeExtension(ExtensionType.cookie, cookie, wish.cookie));
  if (psk) extensions.push(pskExtension(client, psk));
  const hello: ClientHello = { ...offer.hello, extensions };
  core.outgoing.sendChangeCipherSpecIfDue();
  sendHello(client, hello, psk);
  return {
    hello,
    keyPairs,
    psk,
    session12: offer.session12,
    retry: { suite: wish.suite, group: wish.group },
  };
}

function sendHello(client: Client, hello: ClientHello, psk: OfferedPsk | undefined, version?: number): void {
  const message = handshakeMessage(HandshakeType.client_hello, clientHello, hello);
  if (psk) bind(client, message, psk);
  client.core.sendMessage(message, version);
}

function firstExtensions({ options, settings }: Client): Extension[] {
  const extensions: Extension[] = [];
  const { serverName, alpn } = options;
  if (serverName && !isIpAddress(serverName)) {
    const name = textToBytes(serverName);
    extensions.push(makeExtension(ExtensionType.server_name, serverNameList, [{ type: 0, name }]));
  }
  extensions.push(
    makeExtension(ExtensionType.supported_groups, supportedGroups, [...settings.groups]),
    makeExtension(ExtensionType.signature_algorithms, signatureSchemes, [...settings.signatureSchemes]),
  );
  if (alpn?.length)
    extensions.push(
      makeExtension(
        ExtensionType.application_layer_protocol_negotiation,
        protocolNames,
        alpn.map(textToBytes),
      ),
    );
  if (options.signatureSchemesCert?.length)
    extensions.push(
      makeExtension(ExtensionType.signature_algorithms_cert, signatureSchemes, [
        ...options.signatureSchemesCert,
      ]),
    );
  if (options.certificateAuthorities?.length)
    extensions.push(
      makeExtension(ExtensionType.certificate_authorities, certificateAuthorities, [
        ...options.certificateAuthorities,
      ]),
    );
  if (options.recordSizeLimit !== undefined)
    extensions.push(makeExtension(ExtensionType.record_size_limit, recordSizeLimit, options.recordSizeLimit));
  return extensions;
}

/** What is for servers of TLS 1.3 alone. */
function extensions13({ settings }: Client, keyPairs: readonly KeyPair[]): Extension[] {
  const { 'TLSv1.3': tls13, 'TLSv1.2': tls12 } = ProtocolVersion;
  const versions = settings.versions.min === tls12 ? [tls13, tls12] : [tls13];
  return [
    makeExtension(ExtensionType.supported_versions, clientVersions, versions),
    // Sent even with nothing to resume: without it a server gives no ticket. §4.2.9
    makeExtension(ExtensionType.psk_key_exchange_modes, pskKeyExchangeModes, [PskKeyExchangeMode.psk_dhe_ke]),
    keyShareExtension(keyPairs),
  ];
}

function keyShareExtension(keyPairs: readonly KeyPair[]): Extension {
  return makeExtension(
    ExtensionType.key_share,
    clientKeyShares,
    keyPairs.map(({ group, publicKey }) => ({ group, keyExchange: publicKey })),
  );
}

function wantedShares({ options, settings }: Client): readonly number[] {
  return options.keyShareGroups ?? (options.groups ? settings.groups.slice(0, 1) : defaultKeyShareGroups);
}

function generateKeyPairs({ options, settings }: Client, wanted: readonly number[]): KeyPair[] {
  const pairs = [];
  for (const id of wanted) {
    const group = settings.groups.includes(id) ? groupOf(id) : undefined;
    if (group) pairs.push(group.generate(options.random));
  }
  return pairs;
}

function randomBytes({ options }: Client, length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  options.random(bytes);
  return bytes;
}

/** RFC 6066 §3: literal addresses are not permitted in server_name. */
function isIpAddress(name: string): boolean {
  return name.includes(':') || /^\d+\.\d+\.\d+\.\d+$/.test(name);
}
