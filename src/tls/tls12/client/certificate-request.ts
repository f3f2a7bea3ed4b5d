import { decode } from '../../codec/reader.ts';
import { ClientCertificateType, HandshakeType, ProtocolVersion } from '../../codec/registries.ts';
import { certificateRequest12, clientKeyExchange } from '../../codec/tls12-messages.ts';
import type { State } from '../../core.ts';
import { inCommon } from '../../settings.ts';
import { chooseScheme, type SignatureScheme } from '../../signature-schemes.ts';
import { sendCertificate12, sendCertificateVerify12 } from '../authentication.ts';
import { sendFinished12 } from '../finished.ts';
import { authenticationBy } from '../key-exchange.ts';
import { extendedMasterSecret, keysOf } from '../key-schedule.ts';
import { ignoringHelloRequests } from '../traffic.ts';
import type { Client, KeysExchanged, Requested12 } from './context.ts';
import { awaitServersEnd } from './finished.ts';

/** Waits for the end of the server's flight, or first for its wish to see our certificate. RFC 5246 §7.4.4, §7.4.5 */
export function expectServerHelloDone(client: Client, exchanged: KeysExchanged): State {
  return ignoringHelloRequests({
    name: 'expectServerHelloDone',
    expects: [HandshakeType.certificate_request, HandshakeType.server_hello_done],
    handle(message) {
      client.core.transcript.add(message.bytes);
      if (message.type === HandshakeType.server_hello_done) return sendFlight(client, exchanged, undefined);
      const request = decode(certificateRequest12, message.body, 'CertificateRequest');
      return expectNothingBut(client, exchanged, request);
    },
  });
}

/** The certificate was asked for: only ServerHelloDone is left. RFC 5246 §7.4.5 */
function expectNothingBut(client: Client, exchanged: KeysExchanged, request: Requested12): State {
  return ignoringHelloRequests({
    name: 'expectServerHelloDoneAlone',
    expects: [HandshakeType.server_hello_done],
    handle(message) {
      client.core.transcript.add(message.bytes);
      return sendFlight(client, exchanged, request);
    },
  });
}

/** Certificate, ClientKeyExchange, CertificateVerify, ChangeCipherSpec, Finished: our only flight. RFC 5246 §7.3 */
function sendFlight(client: Client, exchanged: KeysExchanged, request: Requested12 | undefined): State {
  const { core, options } = client;
  const { suite, offer, serverRandom, own, preMaster, certificates, group, scheme } = exchanged;
  const { identity } = options;
  // What the server says next must answer this flight.
  core.expectRecordBoundary();
  const clientScheme = request && chooseProof(client, request);
  const proves = clientScheme && identity;
  if (request) sendCertificate12(core, proves ? identity.certificates : []);
  core.sendHandshake(HandshakeType.client_key_exchange, clientKeyExchange, own.publicKey);
  const master = extendedMasterSecret(suite.hash, preMaster, core.transcript.hash());
  if (proves) sendCertificateVerify12(core, identity, clientScheme, options.random);
  else core.transcript.takeMessages();
  const keys = keysOf(suite, master, offer.hello.random, serverRandom);
  sendFinished12(core, keys);
  return awaitServersEnd(client, {
    agreed: exchanged,
    keys,
    resumed: undefined,
    certificates,
    group,
    scheme,
    clientScheme,
    request,
  });
}

/** How to prove our certificate, if the server takes its kind and verifies what its key signs. RFC 5246 §7.4.6 */
function chooseProof(
  { options, settings }: Client,
  { certificateTypes, signatureSchemes }: Requested12,
): SignatureScheme | undefined {
  const key = options.identity?.privateKey.publicKey;
  if (!key) return undefined;
  const { ecdsa_sign, rsa_sign } = ClientCertificateType;
  if (!certificateTypes.includes(authenticationBy(key) === 'ECDSA' ? ecdsa_sign : rsa_sign)) return undefined;
  const shared = inCommon(settings.signatureSchemes, signatureSchemes, options.prefersPeersOrder);
  return chooseScheme(shared, key, ProtocolVersion['TLSv1.2']);
}
