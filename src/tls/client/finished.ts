import type { HandshakeResult } from '../api.ts';
import { chooseProof, sendCertificate, sendCertificateVerify } from '../authentication.ts';
import { HandshakeType } from '../codec/registries.ts';
import type { State } from '../core.ts';
import { receiveFinished, sendFinished } from '../finished.ts';
import { exportKeyingMaterial } from '../key-schedule.ts';
import { inCommon } from '../settings.ts';
import { named, type SignatureScheme } from '../signature-schemes.ts';
import { expectTraffic } from '../traffic.ts';
import type { Client, Requested, ServerProved } from './context.ts';
import { receiveTicket } from './tickets.ts';

/** Waits for the server's Finished, then answers with our last flight. §4.4.4 */
export function expectFinished(client: Client, proved: ServerProved): State {
  return {
    name: 'expectFinished',
    expects: [HandshakeType.finished],
    handle(message) {
      const { core, options } = client;
      const { suite, schedule, traffic, offer, resumed } = proved;
      receiveFinished(core, message, suite, traffic.server);
      // The application's keys are bound to everything up to here, and so not to our own last flight. §7.1
      const transcriptHash = core.transcript.hash();
      schedule.enterMaster();
      const application = schedule.applicationTraffic(transcriptHash);
      const exporterMaster = schedule.exporterMaster(transcriptHash);
      const { random } = offer.hello;
      core.keyLog('EXPORTER_SECRET', random, exporterMaster);
      core.keyLog('SERVER_TRAFFIC_SECRET_0', random, application.server);
      core.changeReadKeys(suite, application.server);

      const clientScheme = answerRequest(client, proved);
      sendFinished(core, suite, traffic.client);
      core.outgoing.protect(suite, application.client);
      core.keyLog('CLIENT_TRAFFIC_SECRET_0', random, application.client);
      const result = resultOf(client, proved, clientScheme);
      const resumptionMaster = schedule.resumptionMaster(core.transcript.hash());
      const authenticatedAt = resumed?.authenticatedAt ?? options.now();
      const next = expectTraffic(core, (message) =>
        receiveTicket(client, message, { suite, resumptionMaster, result, authenticatedAt }),
      );
      // Before the event, so that a listener's exception leaves a connection that works.
      core.enter(next);
      core.becomeConnected(result, (label, context, length) =>
        exportKeyingMaterial(suite.hash, exporterMaster, label, context, length),
      );
      return next;
    },
  };
}

/**
 * Shows our certificate if the server asked for one and can verify what our key signs; an empty list otherwise.
 * What to do about that is up to the server. §4.4.2
 */
function answerRequest(client: Client, { request }: ServerProved): SignatureScheme | undefined {
  if (!request) return undefined;
  const { core, options } = client;
  const { identity } = options;
  const scheme = identity && chooseProof(identity, sharedSchemes(client, request), request);
  sendCertificate(core, scheme ? identity.certificates : []);
  if (scheme) sendCertificateVerify(core, identity, scheme, options.random);
  return scheme;
}

function sharedSchemes({ options, settings }: Client, request: Requested | undefined): number[] {
  return inCommon(settings.signatureSchemes, request?.signatureSchemes ?? [], options.prefersPeersOrder);
}

function resultOf(
  client: Client,
  { suite, group, alpn, certificates, scheme, request, offer, resumed }: ServerProved,
  clientScheme: SignatureScheme | undefined,
): HandshakeResult {
  const { core, options } = client;
  return {
    version: 'TLSv1.3',
    cipherSuite: { id: suite.id, name: suite.name },
    group: { id: group.id, name: group.name },
    resumed: resumed !== undefined,
    signatureScheme: { server: scheme && named(scheme), client: clientScheme && named(clientScheme) },
    alpn,
    serverName: options.serverName ?? false,
    peerCertificates: certificates,
    helloRetried: offer.retry !== undefined,
    certificateRequested: request !== undefined,
    peerSignatureSchemes: request?.signatureSchemes ?? [],
    sharedSignatureSchemes: sharedSchemes(client, request),
    peerCertificateAuthorities: request?.certificateAuthorities ?? [],
    finished: core.finished,
  };
}
