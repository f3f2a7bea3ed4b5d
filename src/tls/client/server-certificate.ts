import { receiveCertificate, receiveCertificateVerify } from '../authentication.ts';
import { HandshakeType } from '../codec/registries.ts';
import type { State } from '../core.ts';
import { tlsError } from '../errors.ts';
import type { Client, RequestKnown, ServerShown } from './context.ts';
import { expectFinished } from './finished.ts';

/** Waits for the server's certificate chain. §4.4.2 */
export function expectCertificate(client: Client, agreed: RequestKnown): State {
  return {
    name: 'expectCertificate',
    expects: [HandshakeType.certificate],
    handle(message) {
      const { certificates, publicKey } = receiveCertificate(message);
      // §4.4.2.4: the server's list must never be empty.
      if (!publicKey) throw tlsError('server-without-certificate');
      client.core.transcript.add(message.bytes);
      return expectCertificateVerify(client, { ...agreed, certificates, publicKey });
    },
  };
}

/** Waits for the server's proof that it holds the certificate's key. §4.4.3 */
export function expectCertificateVerify(client: Client, shown: ServerShown): State {
  return {
    name: 'expectCertificateVerify',
    expects: [HandshakeType.certificate_verify],
    handle(message) {
      const { core, settings } = client;
      const scheme = receiveCertificateVerify(core, message, shown.publicKey, settings.signatureSchemes);
      return expectFinished(client, { ...shown, scheme });
    },
  };
}
