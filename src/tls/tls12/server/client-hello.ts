import { allowsDigitalSignature, readCertificate } from '../../../x509/index.ts';
import type { Identity } from '../../api.ts';
import type { ClientHello } from '../../codec/messages.ts';
import { CipherSuite, NamedGroup, ProtocolVersion, spell } from '../../codec/registries.ts';
import type { State } from '../../core.ts';
import { tlsError } from '../../errors.ts';
import type { Message } from '../../handshake-joiner.ts';
import { type Group, groupOf } from '../../key-exchange.ts';
import { askOwner } from '../../server/waiting.ts';
import { inCommon } from '../../settings.ts';
import { chooseScheme, noScheme } from '../../signature-schemes.ts';
import { type Suite12, suiteOf12 } from '../cipher-suites.ts';
import { authenticationBy, isCurve, isReadable } from '../key-exchange.ts';
import type { Agreement, ReadHello12, Server } from './context.ts';
import { readClientHello12 } from './read-client-hello.ts';
import { chooseSession12 } from './resumption.ts';
import { resumeSession, sendServerFlight12 } from './server-flight.ts';

/** A ClientHello that leads to TLS 1.2. RFC 5246 §7.4.1.2 */
export function receiveClientHello12(server: Server, hello: ClientHello, message: Message): State {
  const { core } = server;
  const read = readClientHello12(server, hello);
  core.version = ProtocolVersion['TLSv1.2'];
  core.incoming.speakTls12();
  const { serverName, alpn, groups, signatureSchemes, ticket } = read;
  return askOwner(
    server,
    {
      type: 'client-hello',
      version: ProtocolVersion['TLSv1.2'],
      serverName,
      alpn,
      cipherSuites: hello.cipherSuites,
      groups,
      signatureSchemes,
      random: hello.random,
      sessionId: hello.legacySessionId,
      offersTicket: ticket !== undefined && ticket.length > 0,
    },
    () => answerHello(server, read, message),
  );
}

function answerHello(server: Server, read: ReadHello12, message: Message): State {
  const { core, options } = server;
  core.transcript.add(message.bytes);
  const session = chooseSession12(server, read);
  if (session) return resumeSession(server, read, session);
  const agreement = agree(server, read);
  // CertificateVerify may sign with another hash than the cipher suite's.
  if (options.requestCertificate || options.requireCertificate) core.transcript.keepMessages();
  return sendServerFlight12(server, agreement);
}

/** Chosen before anything is sent, so that a refusal is the first thing said. */
function agree(server: Server, read: ReadHello12): Agreement {
  const { options, settings, choices } = server;
  const identity = choices.identity ?? options.identity;
  if (!identity || identity.certificates.length === 0)
    throw tlsError('no-shared-cipher', { expected: 'a certificate of ours' });
  const group = chooseGroup(server, read);
  const suite = chooseSuite(server, read, identity);
  const [own, theirs] = [settings.signatureSchemes, read.signatureSchemes];
  const key = identity.privateKey.publicKey;
  const shared = inCommon(own, theirs, options.prefersPeersOrder);
  const scheme = chooseScheme(shared, key, ProtocolVersion['TLSv1.2']);
  if (!scheme) throw noScheme(own, theirs, key);
  return { read, suite, identity, scheme, group };
}

/** As in TLS 1.3, but only suites for our kind of key count. RFC 8422 §2 */
function chooseSuite({ settings, options }: Server, read: ReadHello12, identity: Identity): Suite12 {
  const key = identity.privateKey.publicKey;
  const authentication = authenticationBy(key);
  const usable = isReadable(key, read.groups) && maySignExchange(identity);
  const own = settings.cipherSuites12.filter(
    (id) => usable && suiteOf12(id)?.authentication === authentication,
  );
  const [id] = inCommon(own, read.hello.cipherSuites, options.prefersPeersOrder);
  const suite = id === undefined ? undefined : suiteOf12(id);
  if (suite) return suite;
  throw tlsError('no-shared-cipher', {
    expected: own.map((id) => spell(CipherSuite, id)),
    actual: read.hello.cipherSuites.map((id) => spell(CipherSuite, id)),
  });
}

/**
 * Whether the certificate lets its key sign: where it speaks of key usage, it "MUST allow the key to be used for signing"
 * (RFC 5246 §7.4.2). As OpenSSL, which looks at that for ECDSA alone, and leaves it to the client for RSA.
 */
function maySignExchange({ certificates, privateKey }: Identity): boolean {
  return privateKey.kind !== 'ec' || allowsDigitalSignature(readCertificate(certificates[0]));
}

/** OpenSSL says that no cipher is shared: all of ours need a curve. */
function chooseGroup({ settings }: Server, { groups }: ReadHello12): Group {
  const id = settings.groups.find((candidate) => isCurve(candidate) && groups.includes(candidate));
  const group = id === undefined ? undefined : groupOf(id);
  if (group) return group;
  throw tlsError('no-shared-cipher', {
    expected: settings.groups.map((candidate) => spell(NamedGroup, candidate)),
    actual: groups.map((candidate) => spell(NamedGroup, candidate)),
  });
}
