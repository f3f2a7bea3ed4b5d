import { allowsDigitalSignature, readCertificate } from '../../../x509/index.ts';
import { decode } from '../../codec/reader.ts';
import { ECCurveType, HandshakeType, NamedGroup, spell } from '../../codec/registries.ts';
import { serverKeyExchange } from '../../codec/tls12-messages.ts';
import type { State } from '../../core.ts';
import { tlsError } from '../../errors.ts';
import { groupOf } from '../../key-exchange.ts';
import { checkSignature } from '../../signature-schemes.ts';
import { acceptedScheme, receiveCertificate12 } from '../authentication.ts';
import { authenticationBy, checkCurve, isCurve, signedParams } from '../key-exchange.ts';
import { ignoringHelloRequests } from '../traffic.ts';
import { expectServerHelloDone } from './certificate-request.ts';
import type { Client, KeysExchanged, ServerShown, TermsAgreed } from './context.ts';

/** Waits for the server's certificate chain. RFC 5246 §7.4.2 */
export function expectCertificate12(client: Client, agreed: TermsAgreed): State {
  return ignoringHelloRequests({
    name: 'expectCertificate12',
    expects: [HandshakeType.certificate],
    handle(message) {
      const { certificates, publicKey } = receiveCertificate12(message);
      if (!publicKey) throw tlsError('server-without-certificate');
      const { authentication, name } = agreed.suite;
      if (authenticationBy(publicKey) !== authentication)
        throw tlsError('wrong-certificate-type', {
          expected: `one for ${name}`,
          actual: `a key of kind ${publicKey.kind}`,
        });
      checkCurve(publicKey, client.settings.groups);
      // RFC 8422 §2.2. Of RSA keys OpenSSL does not ask this, nor in TLS 1.3: there the judge of the chain looks at the usage.
      if (authentication === 'ECDSA' && !allowsDigitalSignature(readCertificate(certificates[0])))
        throw tlsError('certificate-not-for-signing');
      client.core.transcript.add(message.bytes);
      return expectServerKeyExchange(client, { ...agreed, certificates, publicKey });
    },
  });
}

/** Waits for the server's key for this connection, signed with that of its certificate. RFC 5246 §7.4.3, RFC 8422 §5.4 */
function expectServerKeyExchange(client: Client, shown: ServerShown): State {
  return ignoringHelloRequests({
    name: 'expectServerKeyExchange',
    expects: [HandshakeType.server_key_exchange],
    handle(message) {
      const { core, options, settings } = client;
      const { offer, serverRandom, publicKey } = shown;
      const { params, algorithm, signature } = decode(serverKeyExchange, message.body, 'ServerKeyExchange');
      const { curveType, namedCurve, point } = params;
      const offered = settings.groups.includes(namedCurve) && isCurve(namedCurve);
      const group = offered ? groupOf(namedCurve) : undefined;
      if (curveType !== ECCurveType.named_curve || !group)
        throw tlsError('wrong-curve', { actual: spell(NamedGroup, namedCurve) });
      const own = group.generate(options.random);
      const preMaster = agree(() => group.agree(own, point), group.name);
      const scheme = acceptedScheme(algorithm, publicKey, settings.signatureSchemes);
      const content = signedParams(offer.hello.random, serverRandom, params);
      if (!checkSignature(scheme, publicKey, content, signature))
        throw tlsError('bad-certificate-verify', { expected: `a valid ${scheme.name} signature` });
      core.transcript.add(message.bytes);
      const exchanged: KeysExchanged = { ...shown, scheme, group, own, preMaster };
      return expectServerHelloDone(client, exchanged);
    },
  });
}

function agree(work: () => Uint8Array, name: string): Uint8Array {
  try {
    return work();
  } catch (cause) {
    throw tlsError('bad-key-share', { actual: name, cause });
  }
}
