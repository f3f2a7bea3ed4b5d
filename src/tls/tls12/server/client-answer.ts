import type { ShownCertificates } from '../../authentication.ts';
import { decode } from '../../codec/reader.ts';
import { HandshakeType } from '../../codec/registries.ts';
import { clientKeyExchange } from '../../codec/tls12-messages.ts';
import type { State } from '../../core.ts';
import { tlsError } from '../../errors.ts';
import { receiveCertificate12, receiveCertificateVerify12 } from '../authentication.ts';
import { expectChangeCipherSpec } from '../finished.ts';
import { checkCurve } from '../key-exchange.ts';
import { extendedMasterSecret, keysOf } from '../key-schedule.ts';
import type { Ending, FlightSent, Server } from './context.ts';
import { finish } from './finished.ts';

/** Waits for the client's answer to our CertificateRequest. RFC 5246 §7.4.6 */
export function expectClientCertificate12(server: Server, sent: FlightSent): State {
  return {
    name: 'expectClientCertificate12',
    expects: [HandshakeType.certificate],
    handle(message) {
      const shown = receiveCertificate12(message);
      if (!shown.publicKey && server.options.requireCertificate)
        throw tlsError('peer-did-not-return-a-certificate', { alert: 'handshake_failure' });
      if (shown.publicKey) checkCurve(shown.publicKey, server.settings.groups);
      server.core.transcript.add(message.bytes);
      return expectClientKeyExchange(server, sent, shown);
    },
  };
}

/** Waits for the client's half of the key exchange: then both know the keys. RFC 5246 §7.4.7, RFC 7627 §4 */
export function expectClientKeyExchange(server: Server, sent: FlightSent, shown: ShownCertificates): State {
  return {
    name: 'expectClientKeyExchange',
    expects: [HandshakeType.client_key_exchange],
    handle(message) {
      const { core } = server;
      const { read, suite, serverRandom, alpn, sessionId } = sent;
      const preMaster = agree(sent, decode(clientKeyExchange, message.body, 'ClientKeyExchange'));
      core.transcript.add(message.bytes);
      const master = extendedMasterSecret(suite.hash, preMaster, core.transcript.hash());
      const ending: Ending = {
        read,
        keys: keysOf(suite, master, read.hello.random, serverRandom),
        alpn,
        sessionId,
        certificates: shown.certificates,
        clientScheme: undefined,
        resumed: undefined,
        agreement: sent,
      };
      if (shown.publicKey) return expectClientCertificateVerify12(server, ending, shown.publicKey);
      core.transcript.takeMessages();
      return expectChangeCipherSpec(core, ending.keys, () => finish(server, ending));
    },
  };
}

/** Waits for the client's proof that it holds the certificate's key. RFC 5246 §7.4.8 */
function expectClientCertificateVerify12(
  server: Server,
  ending: Ending,
  publicKey: NonNullable<ShownCertificates['publicKey']>,
): State {
  return {
    name: 'expectClientCertificateVerify12',
    expects: [HandshakeType.certificate_verify],
    handle(message) {
      const { core, settings } = server;
      const clientScheme = receiveCertificateVerify12(core, message, publicKey, settings.signatureSchemes);
      return expectChangeCipherSpec(core, ending.keys, () => finish(server, { ...ending, clientScheme }));
    },
  };
}

function agree({ group, own }: FlightSent, point: Uint8Array): Uint8Array {
  try {
    return group.agree(own, point);
  } catch (cause) {
    throw tlsError('bad-key-share', { actual: group.name, cause });
  }
}
