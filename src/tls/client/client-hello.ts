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
import { groupOf, type KeyPair } from '../key-exchange.ts';
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
  const { core, options, settings } = client;
  const psk = usablePsk(client);
  const keyPairs = generateKeyPairs(client, options.keyShareGroups ?? settings.groups.slice(0, 1));
  const hello: ClientHello = {
    legacyVersion: ProtocolVersion['TLSv1.2'],
    random: randomBytes(client, 32),
    // Appendix D.4: a session id that is not empty asks for the middlebox compatibility mode.
    legacySessionId: randomBytes(client, 32),
    cipherSuites: settings.cipherSuites,
    legacyCompressionMethods: Uint8Array.of(0),
    extensions: [
      ...firstExtensions(client),
      keyShareExtension(keyPairs),
      ...(psk ? [pskExtension(client, psk)] : []),
    ],
  };
  // §5.1: version 1.0 in the very first record, for old servers that choke on anything else.
  sendHello(client, hello, psk, ProtocolVersion.TLSv1);
  core.incoming.allowsChangeCipherSpec = true;
  core.outgoing.changeCipherSpecDue = true;
  return { hello, keyPairs, psk, retry: undefined };
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
  return { hello, keyPairs, psk, retry: { suite: wish.suite, group: wish.group } };
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
  if (options.certificateAuthorities?.length)
    extensions.push(
      makeExtension(ExtensionType.certificate_authorities, certificateAuthorities, [
        ...options.certificateAuthorities,
      ]),
    );
  if (options.recordSizeLimit !== undefined)
    extensions.push(makeExtension(ExtensionType.record_size_limit, recordSizeLimit, options.recordSizeLimit));
  extensions.push(
    makeExtension(ExtensionType.supported_versions, clientVersions, [ProtocolVersion['TLSv1.3']]),
    // Sent even with nothing to resume: without it a server gives no ticket. §4.2.9
    makeExtension(ExtensionType.psk_key_exchange_modes, pskKeyExchangeModes, [PskKeyExchangeMode.psk_dhe_ke]),
  );
  return extensions;
}

function keyShareExtension(keyPairs: readonly KeyPair[]): Extension {
  return makeExtension(
    ExtensionType.key_share,
    clientKeyShares,
    keyPairs.map(({ group, publicKey }) => ({ group, keyExchange: publicKey })),
  );
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
