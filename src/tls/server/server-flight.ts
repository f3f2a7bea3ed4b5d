import type { Identity } from '../api.ts';
import { chooseProof, sendCertificate, sendCertificateVerify } from '../authentication.ts';
import { empty } from '../bytes.ts';
import type { Suite } from '../cipher-suites.ts';
import {
  certificateAuthorities,
  cookie,
  type Extension,
  emptyExtension,
  type KeyShareEntry,
  makeExtension,
  protocolNames,
  recordSizeLimit,
  selectedGroup,
  selectedIdentity,
  selectedVersion,
  serverKeyShare,
  signatureSchemes,
} from '../codec/extensions.ts';
import {
  certificateRequest,
  encryptedExtensions,
  HELLO_RETRY_RANDOM,
  serverHello,
} from '../codec/messages.ts';
import { ExtensionType, HandshakeType, ProtocolVersion } from '../codec/registries.ts';
import { textToBytes } from '../codec/wire.ts';
import type { State } from '../core.ts';
import { tlsError } from '../errors.ts';
import { sendFinished } from '../finished.ts';
import type { Group, Random } from '../key-exchange.ts';
import { KeySchedule } from '../key-schedule.ts';
import { inCommon } from '../settings.ts';
import { noScheme, type SignatureScheme as Scheme } from '../signature-schemes.ts';
import { expectClientCertificate, expectClientFinished } from './client-answer.ts';
import type { Server } from './context.ts';
import type { ReadHello } from './read-client-hello.ts';
import type { Resumption } from './resumption.ts';

interface Agreement {
  readonly hello: ReadHello;
  readonly suite: Suite;
  readonly group: Group;
  readonly share: KeyShareEntry;
  readonly resumption: Resumption | undefined;
  readonly helloRetried: boolean;
}

/** Asks for a ClientHello with another key share, or with our cookie, or both. §4.1.4 */
export function sendHelloRetry(
  { core, options }: Server,
  { hello }: ReadHello,
  suite: Suite,
  group?: Group,
): void {
  const extensions = [versionExtension()];
  if (group) extensions.push(makeExtension(ExtensionType.key_share, selectedGroup, group.id));
  if (options.cookie) extensions.push(makeExtension(ExtensionType.cookie, cookie, options.cookie));
  core.sendHandshake(HandshakeType.server_hello, serverHello, {
    legacyVersion: ProtocolVersion['TLSv1.2'],
    random: HELLO_RETRY_RANDOM,
    legacySessionIdEcho: hello.legacySessionId,
    cipherSuite: suite.id,
    legacyCompressionMethod: 0,
    extensions,
  });
  core.outgoing.sendChangeCipherSpecIfDue();
}

/** ServerHello … Finished: everything a server says in a handshake. §2 */
export function sendServerFlight(server: Server, agreement: Agreement): State {
  const { core, options, choices } = server;
  const { hello, suite, group, share, resumption } = agreement;
  // Chosen before anything is sent, so that a refusal can still be said in clear.
  const signer = resumption ? undefined : chooseSigner(server, hello);
  const alpn = chooseProtocol(choices.alpn ?? options.alpn ?? [], hello.alpn);
  const exchanged = answer(group, share, options.random);

  sendServerHello(server, agreement, exchanged.share);
  const schedule = new KeySchedule(suite.hash, resumption?.session.secret);
  schedule.enterHandshake(exchanged.secret);
  const handshakeTraffic = schedule.handshakeTraffic(core.transcript.hash());
  const { random } = hello.hello;
  core.keyLog('SERVER_HANDSHAKE_TRAFFIC_SECRET', random, handshakeTraffic.server);
  core.keyLog('CLIENT_HANDSHAKE_TRAFFIC_SECRET', random, handshakeTraffic.client);
  core.outgoing.protect(suite, handshakeTraffic.server);
  core.changeReadKeys(suite, handshakeTraffic.client, { plaintextAlerts: true });

  sendEncryptedExtensions(server, hello, alpn);
  const asksClient = signer && (options.requestCertificate || options.requireCertificate);
  if (asksClient) sendCertificateRequest(server);
  if (signer) {
    sendCertificate(core, signer.identity.certificates);
    sendCertificateVerify(core, signer.identity, signer.scheme, options.random);
  }
  sendFinished(core, suite, handshakeTraffic.server);

  const transcriptHash = core.transcript.hash();
  schedule.enterMaster();
  const applicationTraffic = schedule.applicationTraffic(transcriptHash);
  const exporterMaster = schedule.exporterMaster(transcriptHash);
  core.keyLog('EXPORTER_SECRET', random, exporterMaster);
  core.keyLog('SERVER_TRAFFIC_SECRET_0', random, applicationTraffic.server);
  core.outgoing.protect(suite, applicationTraffic.server);

  const scheme = signer?.scheme;
  const sent = { ...agreement, alpn, scheme, schedule, handshakeTraffic, applicationTraffic, exporterMaster };
  if (asksClient) return expectClientCertificate(server, sent);
  // §2.2: a client that resumes is who it was.
  const certificates = resumption?.session.peerCertificates ?? [];
  return expectClientFinished(server, { ...sent, certificates, clientScheme: undefined });
}

/** Which certificate to show, and how to prove that it is ours. §4.4.2.2 */
function chooseSigner(
  { options, settings, choices }: Server,
  hello: ReadHello,
): { identity: Identity; scheme: Scheme } {
  const identity = choices.identity ?? options.identity;
  if (!identity || identity.certificates.length === 0) throw tlsError('no-certificate-set');
  // §9.2: a client may do without them only as long as its pre-shared key is taken.
  if (hello.signatureSchemes.length === 0) throw tlsError('missing-signature-algorithms');
  const { signatureSchemes: own } = settings;
  const shared = inCommon(own, hello.signatureSchemes, options.prefersPeersOrder);
  const scheme = chooseProof(identity, shared, hello);
  if (scheme) return { identity, scheme };
  throw noScheme(own, hello.signatureSchemes, identity.privateKey.publicKey);
}

/** §4.1.3 */
function sendServerHello(
  { core, options }: Server,
  { hello, suite, group, resumption }: Agreement,
  keyExchange: Uint8Array,
): void {
  const random = new Uint8Array(32);
  options.random(random);
  const share = { group: group.id, keyExchange };
  const extensions = [versionExtension(), makeExtension(ExtensionType.key_share, serverKeyShare, share)];
  if (resumption)
    extensions.push(makeExtension(ExtensionType.pre_shared_key, selectedIdentity, resumption.index));
  core.sendHandshake(HandshakeType.server_hello, serverHello, {
    legacyVersion: ProtocolVersion['TLSv1.2'],
    random,
    legacySessionIdEcho: hello.hello.legacySessionId,
    cipherSuite: suite.id,
    legacyCompressionMethod: 0,
    extensions,
  });
}

function versionExtension(): Extension {
  return makeExtension(ExtensionType.supported_versions, selectedVersion, ProtocolVersion['TLSv1.3']);
}

/** §4.3.1 */
function sendEncryptedExtensions(
  { core, options, choices }: Server,
  hello: ReadHello,
  alpn: string | false,
): void {
  const extensions: Extension[] = [];
  // RFC 6066 §3: an empty answer says that the name was of use.
  if (hello.serverName !== false && choices.nameUsed)
    extensions.push(emptyExtension(ExtensionType.server_name));
  if (alpn !== false)
    extensions.push(
      makeExtension(ExtensionType.application_layer_protocol_negotiation, protocolNames, [textToBytes(alpn)]),
    );
  if (hello.recordSizeLimit !== undefined) {
    core.outgoing.limitRecords(hello.recordSizeLimit);
    const own = options.recordSizeLimit ?? 2 ** 14 + 1;
    extensions.push(makeExtension(ExtensionType.record_size_limit, recordSizeLimit, own));
  }
  core.sendHandshake(HandshakeType.encrypted_extensions, encryptedExtensions, extensions);
}

/** §4.3.2 */
function sendCertificateRequest({ core, options, settings }: Server): void {
  const extensions = [
    makeExtension(ExtensionType.signature_algorithms, signatureSchemes, [...settings.signatureSchemes]),
  ];
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
  core.sendHandshake(HandshakeType.certificate_request, certificateRequest, {
    requestContext: empty,
    extensions,
  });
}

function answer(group: Group, { keyExchange }: KeyShareEntry, random: Random): ReturnType<Group['answer']> {
  try {
    return group.answer(keyExchange, random);
  } catch (cause) {
    throw tlsError('bad-key-share', { actual: group.name, cause });
  }
}

/** RFC 7301 §3.2: our order decides; both speak ALPN but nothing in common is fatal. */
export function chooseProtocol(own: readonly string[], offered: readonly string[]): string | false {
  if (own.length === 0 || offered.length === 0) return false;
  const chosen = own.find((name) => offered.includes(name));
  if (chosen === undefined) throw tlsError('no-application-protocol', { expected: own, actual: offered });
  return chosen;
}
