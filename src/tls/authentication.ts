import {
  type Certificate,
  certificateSignatureAlgorithm,
  type PublicKey,
  readCertificate,
  type SignatureAlgorithm,
  X509Error,
} from '../x509/index.ts';
import type { Identity } from './api.ts';
import { empty } from './bytes.ts';
import { certificate, certificateVerify } from './codec/messages.ts';
import { decode } from './codec/reader.ts';
import { HandshakeType, SignatureScheme as Id, spell } from './codec/registries.ts';
import type { Core } from './core.ts';
import { tlsError } from './errors.ts';
import type { Message } from './handshake-joiner.ts';
import type { Random } from './key-exchange.ts';
import {
  checkSignature,
  chooseScheme,
  fitsKey,
  makeSignature,
  type SignatureScheme,
  schemeOf,
  signedContent,
} from './signature-schemes.ts';

/** Certificate and CertificateVerify, which are the same in both directions. §4.4.2, §4.4.3 */

/** The peer's chain, in DER, leaf first, and the leaf's key; no key where the chain is empty. */
export interface ShownCertificates {
  readonly certificates: readonly Uint8Array[];
  readonly publicKey: PublicKey | undefined;
}

/** Reads a chain and the leaf's key. Whether to trust it is not asked here: the owner judges it afterwards. */
export function receiveCertificate(message: Message): ShownCertificates {
  const { requestContext, entries } = decode(certificate, message.body, 'Certificate');
  if (requestContext.length > 0) throw tlsError('invalid-request-context');
  for (const { extensions } of entries) {
    // §4.4.2: an entry's extensions answer ours, and we ask for none (no stapled OCSP response, no SCT).
    if (extensions.length > 0) throw tlsError('unsolicited-extension', { actual: extensions[0].type });
  }
  return readChain(entries.map(({ data }) => data));
}

/** Certificates in DER, leaf first. */
export function readChain(certificates: readonly Uint8Array[]): ShownCertificates {
  const chain = certificates.map(parse);
  if (chain.length > 0 && !chain[0].publicKey)
    throw tlsError('unsupported-certificate', { cause: chain[0].publicKeyError });
  return { certificates: certificates.map((data) => data.slice()), publicKey: chain[0]?.publicKey };
}

function parse(der: Uint8Array): Certificate {
  try {
    return readCertificate(der);
  } catch (cause) {
    if (!(cause instanceof X509Error)) throw cause;
    throw tlsError('unparsable-certificate', { cause });
  }
}

/** Checks the proof that the peer holds its certificate's key. `offered` is what we said we verify. */
export function receiveCertificateVerify(
  core: Core,
  message: Message,
  publicKey: PublicKey,
  offered: readonly number[],
): SignatureScheme {
  const { algorithm, signature } = decode(certificateVerify, message.body, 'CertificateVerify');
  const scheme = offered.includes(algorithm) ? schemeOf(algorithm) : undefined;
  if (!scheme || !fitsKey(scheme, publicKey))
    throw tlsError('wrong-signature-type', {
      expected: offered.map((id) => spell(Id, id)),
      actual: `${spell(Id, algorithm)} by a key of kind ${publicKey.kind}`,
    });
  const signer = core.role === 'client' ? 'server' : 'client';
  const content = signedContent(signer, core.transcript.hash());
  if (!checkSignature(scheme, publicKey, content, signature))
    throw tlsError('bad-certificate-verify', { expected: `a valid ${scheme.name} signature` });
  core.transcript.add(message.bytes);
  return scheme;
}

/** The signatures that a peer says it verifies. */
export interface PeerSchemes {
  /** In CertificateVerify, and in certificates too unless it says more. */
  readonly signatureSchemes: readonly number[];
  /** In certificates, where it tells the two apart. §4.2.3 */
  readonly signatureSchemesCert: readonly number[] | undefined;
}

/** How we prove that a certificate is ours: with a scheme of `shared`. The peer must like the certificate, too. */
export function chooseProof(
  identity: Identity,
  shared: readonly number[],
  { signatureSchemesCert }: PeerSchemes,
): SignatureScheme | undefined {
  if (signatureSchemesCert && !isSignedBy(identity, signatureSchemesCert)) return undefined;
  return chooseScheme(shared, identity.privateKey.publicKey);
}

/**
 * Of the leaf alone, and whatever its issuer's curve: OpenSSL looks no further. SHA-1 counts where the peer names it: a
 * certificate that signs itself is trusted for other reasons than its signature (§4.4.2.2).
 */
function isSignedBy({ certificates: [leaf] }: Identity, ids: readonly number[]): boolean {
  if (!leaf) return false;
  const used = certificateSignatureAlgorithm(parse(leaf));
  return ids.some((id) => {
    const algorithm = schemeOf(id)?.algorithm ?? SHA1_SCHEMES[id];
    if (!used || algorithm?.family !== used.family) return false;
    return !('hash' in used) || ('hash' in algorithm && algorithm.hash === used.hash);
  });
}

/** What we sign nothing with and verify nothing of, but may still stand in a certificate. */
const SHA1_SCHEMES: Readonly<Record<number, SignatureAlgorithm>> = {
  [Id.rsa_pkcs1_sha1]: { family: 'rsa-pkcs1', hash: 'sha1' },
  [Id.ecdsa_sha1]: { family: 'ecdsa', hash: 'sha1' },
};

/** Shows a chain. An empty one says that we have none. */
export function sendCertificate(core: Core, certificates: readonly Uint8Array[]): void {
  core.sendHandshake(HandshakeType.certificate, certificate, {
    requestContext: empty,
    entries: certificates.map((data) => ({ data, extensions: [] })),
  });
}

/** Proves that we hold the key. */
export function sendCertificateVerify(
  core: Core,
  { privateKey }: Identity,
  scheme: SignatureScheme,
  random: Random,
): void {
  const content = signedContent(core.role, core.transcript.hash());
  core.sendHandshake(HandshakeType.certificate_verify, certificateVerify, {
    algorithm: scheme.id,
    signature: makeSignature(scheme, privateKey, content, random),
  });
}
