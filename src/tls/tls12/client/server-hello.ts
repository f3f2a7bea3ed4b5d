import { equal } from '../../bytes.ts';
import { chosenProtocol } from '../../client/encrypted-extensions.ts';
import { allowOnly } from '../../client/server-hello.ts';
import {
  type Extension,
  ecPointFormats,
  hasExtension,
  protocolNames,
  readExtension,
  recordSizeLimit,
  renegotiatedConnection,
  repeatedExtension,
} from '../../codec/extensions.ts';
import type { ServerHello } from '../../codec/messages.ts';
import { CipherSuite, ECPointFormat, ExtensionType, ProtocolVersion, spell } from '../../codec/registries.ts';
import { DecodeError } from '../../codec/wire.ts';
import type { State } from '../../core.ts';
import { tlsError } from '../../errors.ts';
import type { Message } from '../../handshake-joiner.ts';
import { suiteOf12 } from '../cipher-suites.ts';
import { isDowngrade } from '../downgrade.ts';
import { keysOf } from '../key-schedule.ts';
import type { Client, Offer, TermsAgreed } from './context.ts';
import { awaitServersEnd } from './finished.ts';
import { expectCertificate12 } from './server-certificate.ts';

const ALLOWED: readonly number[] = [
  ExtensionType.server_name,
  // Means nothing here, but there are servers that send it, and OpenSSL looks the other way.
  ExtensionType.supported_groups,
  ExtensionType.ec_point_formats,
  ExtensionType.application_layer_protocol_negotiation,
  ExtensionType.extended_master_secret,
  ExtensionType.record_size_limit,
  ExtensionType.session_ticket,
  ExtensionType.renegotiation_info,
];

/** A ServerHello without supported_versions: the server chose TLS 1.2, or something older. RFC 5246 §7.4.1.3 */
export function receiveServerHello12(
  client: Client,
  offer: Offer,
  message: Message,
  hello: ServerHello,
): State {
  const { core } = client;
  checkVersion(client, hello);
  core.version = ProtocolVersion['TLSv1.2'];
  core.incoming.speakTls12();
  core.outgoing.changeCipherSpecDue = false;
  const agreed = checkTerms(client, offer, hello);
  // CertificateVerify may sign with another hash than the cipher suite's.
  if (client.options.identity) core.transcript.keepMessages();
  core.transcript.begin(agreed.suite.hash);
  core.transcript.add(message.bytes);
  return resumes(hello, offer) ? resume(client, agreed) : expectCertificate12(client, agreed);
}

function checkVersion({ settings }: Client, { legacyVersion, random }: ServerHello): void {
  const { min, max } = settings.versions;
  if (legacyVersion !== ProtocolVersion['TLSv1.2'] || min > ProtocolVersion['TLSv1.2'])
    throw tlsError('unsupported-protocol', {
      expected: spell(ProtocolVersion, min),
      actual: spell(ProtocolVersion, legacyVersion),
    });
  // RFC 8446 §4.1.3: a server that speaks TLS 1.3 says so in its random, where nobody can change it unseen.
  if (max > ProtocolVersion['TLSv1.2'] && isDowngrade(random)) throw tlsError('inappropriate-fallback');
}

function checkTerms({ core, options, settings }: Client, offer: Offer, hello: ServerHello): TermsAgreed {
  const { random, legacySessionIdEcho, cipherSuite, extensions = [] } = hello;
  const twice = repeatedExtension(extensions);
  if (twice !== undefined) throw tlsError('duplicate-extension', { actual: spell(ExtensionType, twice) });
  allowOnly(extensions, offer, ALLOWED);
  const suite = settings.cipherSuites12.includes(cipherSuite) ? suiteOf12(cipherSuite) : undefined;
  if (!suite) throw tlsError('wrong-cipher-returned', { actual: spell(CipherSuite, cipherSuite) });
  if (hello.legacyCompressionMethod !== 0) throw tlsError('bad-compression');
  checkSecurity(extensions);
  checkEmpty(extensions);
  const limit = readExtension(extensions, ExtensionType.record_size_limit, recordSizeLimit);
  if (limit !== undefined && limit < 64) throw tlsError('bad-record-size-limit', { actual: limit });
  // RFC 8449 §4: here no byte of the record holds its type.
  if (limit !== undefined) core.outgoing.limitRecords(limit + 1);
  const names = readExtension(
    extensions,
    ExtensionType.application_layer_protocol_negotiation,
    protocolNames,
  );
  return {
    offer,
    suite,
    serverRandom: random,
    sessionId: legacySessionIdEcho,
    alpn: chosenProtocol(names, options.alpn ?? []),
    ticketComes: hasExtension(extensions, ExtensionType.session_ticket),
  };
}

/** What TLS 1.2 needs to be as safe as it can be, and what OpenSSL says to a server without. */
function checkSecurity(extensions: readonly Extension[]): void {
  const formats = readExtension(extensions, ExtensionType.ec_point_formats, ecPointFormats);
  if (formats && !formats.includes(ECPointFormat.uncompressed)) throw tlsError('bad-point-formats');
  const renegotiated = readExtension(extensions, ExtensionType.renegotiation_info, renegotiatedConnection);
  if (!renegotiated) throw tlsError('unsafe-legacy-renegotiation-disabled');
  if (renegotiated.length > 0) throw tlsError('renegotiation-mismatch', { alert: 'illegal_parameter' });
  // RFC 7627 §5.2: a client may insist, and we do.
  if (!hasExtension(extensions, ExtensionType.extended_master_secret))
    throw tlsError('missing-extended-master-secret');
}

const EMPTY: readonly number[] = [
  ExtensionType.server_name,
  ExtensionType.extended_master_secret,
  ExtensionType.session_ticket,
];

function checkEmpty(extensions: readonly Extension[]): void {
  for (const { type, data } of extensions) {
    if (EMPTY.includes(type) && data.length > 0)
      throw new DecodeError(spell(ExtensionType, type), 'nothing', `${data.length} bytes`);
  }
}

/** A session id that comes back says that the session goes on. RFC 5246 §7.4.1.3, RFC 5077 §3.4 */
function resumes({ legacySessionIdEcho }: ServerHello, { hello, session12 }: Offer): boolean {
  if (legacySessionIdEcho.length === 0 || !equal(legacySessionIdEcho, hello.legacySessionId)) return false;
  // RFC 8446 Appendix D.4: it was for middleboxes, and no server can know it.
  if (!session12) throw tlsError('unasked-resumption');
  return true;
}

function resume(client: Client, agreed: TermsAgreed): State {
  const { offer, suite, serverRandom } = agreed;
  const session = offer.session12;
  if (!session) throw tlsError('internal-error');
  if (session.cipherSuite !== suite.id)
    throw tlsError('old-session-cipher-not-returned', {
      expected: spell(CipherSuite, session.cipherSuite),
      actual: suite.name,
    });
  return awaitServersEnd(client, {
    agreed,
    keys: keysOf(suite, session.secret, offer.hello.random, serverRandom),
    resumed: session,
    certificates: session.peerCertificates,
    group: undefined,
    scheme: undefined,
    clientScheme: undefined,
    request: undefined,
  });
}
