import type { Session } from '../../api.ts';
import { empty } from '../../bytes.ts';
import {
  type Extension,
  ecPointFormats,
  emptyExtension,
  makeExtension,
  protocolNames,
  recordSizeLimit,
  renegotiatedConnection,
} from '../../codec/extensions.ts';
import { nothing, serverHello } from '../../codec/messages.ts';
import {
  ClientCertificateType,
  ECPointFormat,
  ExtensionType,
  HandshakeType,
  ProtocolVersion,
} from '../../codec/registries.ts';
import { certificateRequest12, serverKeyExchange } from '../../codec/tls12-messages.ts';
import { textToBytes } from '../../codec/wire.ts';
import type { State } from '../../core.ts';
import { tlsError } from '../../errors.ts';
import { chooseProtocol } from '../../server/server-flight.ts';
import { makeSignature } from '../../signature-schemes.ts';
import { sendCertificate12 } from '../authentication.ts';
import { type Suite12, suiteOf12 } from '../cipher-suites.ts';
import { markDowngrade } from '../downgrade.ts';
import { expectChangeCipherSpec, sendFinished12 } from '../finished.ts';
import { paramsOf, signedParams } from '../key-exchange.ts';
import { keysOf } from '../key-schedule.ts';
import { expectClientCertificate12, expectClientKeyExchange } from './client-answer.ts';
import type { Agreement, ReadHello12, Server } from './context.ts';
import { finish } from './finished.ts';

/** ServerHello … ServerHelloDone. RFC 5246 §7.3 */
export function sendServerFlight12(server: Server, agreement: Agreement): State {
  const { core, options, choices } = server;
  const { read, suite, identity, scheme, group } = agreement;
  const alpn = chooseProtocol(choices.alpn ?? options.alpn ?? [], read.alpn);
  // A ticket is an id of its own; without one the owner may keep the session. RFC 5077 §3.4
  const sessionId = givesTicket(server, read) ? empty : randomBytes(server, 32);
  const serverRandom = sendServerHello12(server, read, suite, { sessionId, alpn, resumes: false });
  sendCertificate12(core, identity.certificates);
  const own = group.generate(options.random);
  const params = paramsOf(own);
  const content = signedParams(read.hello.random, serverRandom, params);
  core.sendHandshake(HandshakeType.server_key_exchange, serverKeyExchange, {
    params,
    algorithm: scheme.id,
    signature: makeSignature(scheme, identity.privateKey, content, options.random),
  });
  const sent = { ...agreement, serverRandom, sessionId, alpn, own };
  const asksClient = options.requestCertificate || options.requireCertificate;
  if (asksClient) sendCertificateRequest12(server);
  core.sendHandshake(HandshakeType.server_hello_done, nothing, null);
  // What the client says next must answer this flight.
  core.expectRecordBoundary();
  return asksClient
    ? expectClientCertificate12(server, sent)
    : expectClientKeyExchange(server, sent, { certificates: [], publicKey: undefined });
}

/** ServerHello, ChangeCipherSpec, Finished: a session goes on. RFC 5246 §7.3 */
export function resumeSession(server: Server, read: ReadHello12, session: Session): State {
  const { core, options, choices } = server;
  const suite = suiteOf12(session.cipherSuite);
  if (!suite) throw tlsError('internal-error');
  const alpn = chooseProtocol(choices.alpn ?? options.alpn ?? [], read.alpn);
  const sessionId = read.hello.legacySessionId;
  const serverRandom = sendServerHello12(server, read, suite, { sessionId, alpn, resumes: true });
  const keys = keysOf(suite, session.secret, read.hello.random, serverRandom);
  sendFinished12(core, keys);
  const ending = {
    read,
    keys,
    alpn,
    sessionId,
    certificates: session.peerCertificates,
    clientScheme: undefined,
    resumed: session,
    agreement: undefined,
  };
  return expectChangeCipherSpec(core, keys, () => finish(server, ending));
}

/** Whether the client wants a ticket and we make some. RFC 5077 §3.2 */
export function givesTicket({ options }: Server, { ticket }: ReadHello12): boolean {
  return Boolean(options.tickets && !options.tickets.onlyTls13) && ticket !== undefined;
}

interface Terms {
  readonly sessionId: Uint8Array;
  readonly alpn: string | false;
  readonly resumes: boolean;
}

/** RFC 5246 §7.4.1.3. Returns our random. */
function sendServerHello12(server: Server, read: ReadHello12, suite: Suite12, terms: Terms): Uint8Array {
  const { core, settings } = server;
  core.transcript.begin(suite.hash);
  const random = randomBytes(server, 32);
  // RFC 8446 §4.1.3: so that a client of TLS 1.3 sees that nobody talked us into less.
  if (settings.versions.max > ProtocolVersion['TLSv1.2']) markDowngrade(random);
  core.sendHandshake(HandshakeType.server_hello, serverHello, {
    legacyVersion: ProtocolVersion['TLSv1.2'],
    random,
    legacySessionIdEcho: terms.sessionId,
    cipherSuite: suite.id,
    legacyCompressionMethod: 0,
    extensions: extensionsFor(server, read, terms),
  });
  return random;
}

function extensionsFor(server: Server, read: ReadHello12, { alpn, resumes }: Terms): Extension[] {
  const extensions: Extension[] = [];
  if (read.secureRenegotiation)
    extensions.push(makeExtension(ExtensionType.renegotiation_info, renegotiatedConnection, empty));
  // RFC 6066 §3: the name was of use; not where a session is resumed, for which it was of use before.
  if (read.serverName !== false && server.choices.nameUsed && !resumes)
    extensions.push(emptyExtension(ExtensionType.server_name));
  if (read.pointFormats)
    extensions.push(
      makeExtension(ExtensionType.ec_point_formats, ecPointFormats, [ECPointFormat.uncompressed]),
    );
  // A resumed session keeps its ticket.
  if (givesTicket(server, read) && !resumes) extensions.push(emptyExtension(ExtensionType.session_ticket));
  if (alpn !== false)
    extensions.push(
      makeExtension(ExtensionType.application_layer_protocol_negotiation, protocolNames, [textToBytes(alpn)]),
    );
  extensions.push(emptyExtension(ExtensionType.extended_master_secret));
  if (read.recordSizeLimit !== undefined) {
    // RFC 8449 §4: here no byte of the record holds its type.
    server.core.outgoing.limitRecords(read.recordSizeLimit + 1);
    const own = Math.min(server.options.recordSizeLimit ?? 2 ** 14, 2 ** 14);
    extensions.push(makeExtension(ExtensionType.record_size_limit, recordSizeLimit, own));
  }
  return extensions;
}

/** RFC 5246 §7.4.4 */
function sendCertificateRequest12({ core, options, settings }: Server): void {
  const { rsa_sign, ecdsa_sign } = ClientCertificateType;
  core.sendHandshake(HandshakeType.certificate_request, certificateRequest12, {
    certificateTypes: [rsa_sign, ecdsa_sign],
    signatureSchemes: settings.signatureSchemes,
    certificateAuthorities: options.certificateAuthorities ?? [],
  });
}

function randomBytes({ options }: Server, length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  options.random(bytes);
  return bytes;
}
