import type { PublicKey } from '../../x509/index.ts';
import type { Identity } from '../api.ts';
import { readChain, type ShownCertificates } from '../authentication.ts';
import { certificateVerify } from '../codec/messages.ts';
import { decode } from '../codec/reader.ts';
import { HandshakeType, SignatureScheme as Id, ProtocolVersion, spell } from '../codec/registries.ts';
import { certificate12 } from '../codec/tls12-messages.ts';
import type { Core } from '../core.ts';
import { tlsError } from '../errors.ts';
import type { Message } from '../handshake-joiner.ts';
import type { Random } from '../key-exchange.ts';
import {
  checkSignature,
  fitsKey,
  makeSignature,
  type SignatureScheme,
  schemeOf,
} from '../signature-schemes.ts';

/** Certificate and CertificateVerify, and what every signature of TLS 1.2 has to fit. RFC 5246 §7.4.2, §7.4.8 */

/** Reads a chain and the leaf's key. Whether to trust it is not asked here: the owner judges it afterwards. */
export function receiveCertificate12(message: Message): ShownCertificates {
  return readChain(decode(certificate12, message.body, 'Certificate'));
}

/** Shows a chain. An empty one says that we have none. */
export function sendCertificate12(core: Core, certificates: readonly Uint8Array[]): void {
  core.sendHandshake(HandshakeType.certificate, certificate12, [...certificates]);
}

/**
 * Checks the client's proof that it holds its certificate's key: without it a stolen certificate, which everybody on the
 * way can read in TLS 1.2, would do. RFC 5246 §7.4.8
 */
export function receiveCertificateVerify12(
  core: Core,
  message: Message,
  publicKey: PublicKey,
  offered: readonly number[],
): SignatureScheme {
  const { algorithm, signature } = decode(certificateVerify, message.body, 'CertificateVerify');
  const scheme = acceptedScheme(algorithm, publicKey, offered);
  if (!checkSignature(scheme, publicKey, core.transcript.takeMessages(), signature))
    throw tlsError('bad-certificate-verify', { expected: `a valid ${scheme.name} signature` });
  core.transcript.add(message.bytes);
  return scheme;
}

/** Signs every message so far. RFC 5246 §7.4.8 */
export function sendCertificateVerify12(
  core: Core,
  { privateKey }: Identity,
  scheme: SignatureScheme,
  random: Random,
): void {
  core.sendHandshake(HandshakeType.certificate_verify, certificateVerify, {
    algorithm: scheme.id,
    signature: makeSignature(scheme, privateKey, core.transcript.takeMessages(), random),
  });
}

/** The peer's way to sign, if it is one that we offered and fits its key. Alerts are OpenSSL's. RFC 5246 §7.4.3 */
export function acceptedScheme(
  algorithm: number,
  key: PublicKey,
  offered: readonly number[],
): SignatureScheme {
  const scheme = schemeOf(algorithm);
  const fits = scheme && fitsKey(scheme, key, ProtocolVersion['TLSv1.2']);
  if (fits && offered.includes(algorithm)) return scheme;
  throw tlsError('wrong-signature-type', {
    expected: offered.map((id) => spell(Id, id)),
    actual: `${spell(Id, algorithm)} by a key of kind ${key.kind}`,
    ...(fits ? { alert: 'handshake_failure' } : {}),
  });
}
