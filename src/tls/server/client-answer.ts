import type { PublicKey } from '../../x509/index.ts';
import type { HandshakeResult } from '../api.ts';
import { receiveCertificate, receiveCertificateVerify } from '../authentication.ts';
import { HandshakeType } from '../codec/registries.ts';
import type { State } from '../core.ts';
import { tlsError } from '../errors.ts';
import { receiveFinished } from '../finished.ts';
import { exportKeyingMaterial } from '../key-schedule.ts';
import { inCommon } from '../settings.ts';
import { expectTraffic } from '../traffic.ts';
import type { ClientShown, FlightSent, Server } from './context.ts';
import { sendTickets } from './tickets.ts';

/** Waits for the client's answer to our CertificateRequest. §4.4.2 */
export function expectClientCertificate(server: Server, sent: FlightSent): State {
  return {
    name: 'expectClientCertificate',
    expects: [HandshakeType.certificate],
    handle(message) {
      const { core, options } = server;
      const { certificates, publicKey } = receiveCertificate(message);
      core.transcript.add(message.bytes);
      if (publicKey) return expectClientCertificateVerify(server, sent, certificates, publicKey);
      // §4.4.2.4: a server may go on without, or say that it cannot.
      if (options.requireCertificate) throw tlsError('peer-did-not-return-a-certificate');
      return expectClientFinished(server, { ...sent, certificates: [], clientScheme: undefined });
    },
  };
}

/** Waits for the client's proof that it holds the certificate's key. §4.4.3 */
function expectClientCertificateVerify(
  server: Server,
  sent: FlightSent,
  certificates: readonly Uint8Array[],
  publicKey: PublicKey,
): State {
  return {
    name: 'expectClientCertificateVerify',
    expects: [HandshakeType.certificate_verify],
    handle(message) {
      const { core, settings } = server;
      const clientScheme = receiveCertificateVerify(core, message, publicKey, settings.signatureSchemes);
      return expectClientFinished(server, { ...sent, certificates, clientScheme });
    },
  };
}

/** Waits for the client's Finished: then the handshake is complete. §4.4.4 */
export function expectClientFinished(server: Server, shown: ClientShown): State {
  return {
    name: 'expectClientFinished',
    expects: [HandshakeType.finished],
    handle(message) {
      const { core } = server;
      receiveFinished(core, message, shown.suite, shown.handshakeTraffic.client);
      core.changeReadKeys(shown.suite, shown.applicationTraffic.client);
      core.keyLog('CLIENT_TRAFFIC_SECRET_0', shown.hello.hello.random, shown.applicationTraffic.client);
      const next = expectTraffic(core);
      // Before the event, so that a listener's exception leaves a connection that works.
      core.enter(next);
      const result = resultOf(server, shown);
      core.becomeConnected(result, (label, context, length) =>
        exportKeyingMaterial(shown.suite.hash, shown.exporterMaster, label, context, length),
      );
      // After the event, as OpenSSL: what the owner writes at once goes before the tickets.
      if (!core.ended && !core.closeSent) sendTickets(server, shown, result);
      return next;
    },
  };
}

function resultOf({ core, options, settings }: Server, shown: ClientShown): HandshakeResult {
  const { hello, suite, group, scheme, clientScheme } = shown;
  return {
    version: 'TLSv1.3',
    cipherSuite: { id: suite.id, name: suite.name },
    group: { id: group.id, name: group.name },
    resumed: shown.resumption !== undefined,
    signatureScheme: {
      server: scheme && { id: scheme.id, name: scheme.name },
      client: clientScheme && { id: clientScheme.id, name: clientScheme.name },
    },
    alpn: shown.alpn,
    serverName: hello.serverName,
    peerCertificates: shown.certificates,
    helloRetried: shown.helloRetried,
    certificateRequested:
      !shown.resumption && Boolean(options.requestCertificate || options.requireCertificate),
    peerSignatureSchemes: hello.signatureSchemes,
    // Where a session is resumed nobody signs, and OpenSSL does not look at them.
    sharedSignatureSchemes: shown.resumption
      ? []
      : inCommon(settings.signatureSchemes, hello.signatureSchemes, options.prefersPeersOrder),
    peerCertificateAuthorities: hello.certificateAuthorities,
    finished: core.finished,
  };
}
