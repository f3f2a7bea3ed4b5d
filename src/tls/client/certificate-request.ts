import {
  certificateAuthorities,
  readExtension,
  repeatedExtension,
  signatureSchemes,
} from '../codec/extensions.ts';
import { certificateRequest } from '../codec/messages.ts';
import { decode } from '../codec/reader.ts';
import { ExtensionType, HandshakeType, spell } from '../codec/registries.ts';
import type { State } from '../core.ts';
import { tlsError } from '../errors.ts';
import type { Message } from '../handshake-joiner.ts';
import type { Client, Requested, TermsAgreed } from './context.ts';
import { expectCertificate } from './server-certificate.ts';

/** Waits for the server's certificate, or first for its wish to see ours. §4.3.2 */
export function expectCertificateOrRequest(client: Client, agreed: TermsAgreed): State {
  return {
    name: 'expectCertificateOrRequest',
    expects: [HandshakeType.certificate, HandshakeType.certificate_request],
    handle(message) {
      if (message.type === HandshakeType.certificate)
        return expectCertificate(client, { ...agreed, request: undefined }).handle(message);
      const request = receiveRequest(message);
      client.core.transcript.add(message.bytes);
      return expectCertificate(client, { ...agreed, request });
    },
  };
}

function receiveRequest(message: Message): Requested {
  const { requestContext, extensions } = decode(certificateRequest, message.body, 'CertificateRequest');
  // §4.3.2: a context is for requests after the handshake, which we never allowed.
  if (requestContext.length > 0) throw tlsError('invalid-request-context');
  const twice = repeatedExtension(extensions);
  if (twice !== undefined) throw tlsError('duplicate-extension', { actual: spell(ExtensionType, twice) });
  const schemes = readExtension(extensions, ExtensionType.signature_algorithms, signatureSchemes);
  if (!schemes) throw tlsError('missing-signature-algorithms');
  return {
    signatureSchemes: schemes,
    signatureSchemesCert: readExtension(
      extensions,
      ExtensionType.signature_algorithms_cert,
      signatureSchemes,
    ),
    certificateAuthorities:
      readExtension(extensions, ExtensionType.certificate_authorities, certificateAuthorities) ?? [],
  };
}
