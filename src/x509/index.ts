/** The only door to this folder: keys, signatures, certificates, and what to think of a chain of them. */
export type { AlgorithmIdentifier, PssParameters } from './algorithm-identifier.ts';
export {
  type Certificate,
  certificateSignatureAlgorithm,
  readCertificate,
  readCertificatesPem,
} from './certificate.ts';
export { type Curve, type CurveName, curves } from './curves.ts';
export {
  children,
  type DerNode,
  Fields,
  readBitString,
  readDer,
  readDerPrefix,
  readInteger,
  readObjectIdentifier,
  readOctetString,
  Tag,
  writeBitString,
  writeDer,
  writeInteger,
  writeNull,
  writeObjectIdentifier,
  writeOctetString,
  writeSequence,
} from './der.ts';
export { X509Error, type X509ErrorCode } from './errors.ts';
export type { Extensions, RawExtension } from './extensions.ts';
export { type GeneralName, generalNamesText, generalNameText } from './general-names.ts';
export { type HashName, hashes } from './hashes.ts';
export { allowsDigitalSignature, couldHaveIssued, maySignCertificates } from './issuance.ts';
export {
  writeEcPrivateKey,
  writePrivateKey,
  writePublicKey,
  writeRsaPrivateKey,
  writeRsaPublicKey,
} from './key-writing.ts';
export {
  type EcPrivateKey,
  type EcPublicKey,
  isRsa,
  keyBits,
  type PrivateKey,
  type PublicKey,
  type RsaPrivateKey,
  type RsaPublicKey,
  samePublicKey,
} from './keys.ts';
export type { KeyUsage } from './name-tables.ts';
export { type Attribute, type Name, nameObject, nameText } from './names.ts';
export {
  fingerprintText,
  infoAccessText,
  isAuthority,
  type LegacyCertificate,
  legacyCertificate,
  serialNumberText,
  subjectAltNameText,
  timeText,
} from './node-forms.ts';
export { buildPath, type Path } from './path-building.ts';
export { contentOf, type PemBlock, pemBlocks, readPem, writePem } from './pem.ts';
export { type Pfx, readPfx } from './pkcs12.ts';
export { readPrivateKey, readPrivateKeyPem } from './private-keys.ts';
export { ecPublicKey, readPublicKey, readRsaPublicKey } from './public-keys.ts';
export {
  type RevocationList,
  readRevocationList,
  readRevocationListPem,
} from './revocation-list.ts';
export { rsaPrivate } from './rsa.ts';
export { fits, type SignatureAlgorithm, sign, verify } from './signatures.ts';
export type { VerdictCode } from './verdicts.ts';
export { type Complaint, type Verdict, type VerifyOptions, verifyChain } from './verify.ts';
