/** The rules of RFC 5280 that OpenSSL checks only with X509_V_FLAG_X509_STRICT (`openssl verify -x509_strict`). Node does not set it. */
import { equal } from './bytes.ts';
import type { Certificate } from './certificate.ts';
import { extensionOids } from './extensions.ts';
import type { VerdictCode } from './verdicts.ts';

/** In OpenSSL's order. Not for a chain of one: RFC 6818 §2 exempts self-signed end entities. */
export function strictFaults(certificate: Certificate, isLast: boolean): VerdictCode[] {
  const { extensions, issuer, subject, version } = certificate;
  const { basicConstraints, keyUsage, subjectAltName, subjectKeyIdentifier, authorityKeyIdentifier } =
    extensions;
  const isAuthority = basicConstraints?.isAuthority === true;
  const maySign = keyUsage?.has('keyCertSign') === true;
  const isCritical = (oid: string) =>
    extensions.list.some((extension) => extension.oid === oid && extension.critical);
  const hasSubject = subject.rdns.length > 0;
  const isVersion3 = version === 3;

  const rules: readonly (readonly [broken: boolean, code: VerdictCode])[] = [
    [basicConstraints?.pathLength !== undefined && !isAuthority, 'PATHLEN_INVALID_FOR_NON_CA'],
    [basicConstraints?.pathLength !== undefined && !maySign, 'PATHLEN_WITHOUT_KU_KEY_CERT_SIGN'],
    [isAuthority && !isCritical(extensionOids.basicConstraints), 'CA_BCONS_NOT_CRITICAL'],
    [isAuthority && !keyUsage, 'CA_CERT_MISSING_KEY_USAGE'],
    [!isAuthority && maySign, 'KU_KEY_CERT_SIGN_INVALID_FOR_NON_CA'],
    [issuer.rdns.length === 0, 'ISSUER_NAME_EMPTY'],
    [
      !hasSubject && (isAuthority || keyUsage?.has('cRLSign') === true || !subjectAltName),
      'SUBJECT_NAME_EMPTY',
    ],
    [
      !hasSubject && !!subjectAltName && !isCritical(extensionOids.subjectAltName),
      'EMPTY_SUBJECT_SAN_NOT_CRITICAL',
    ],
    [subjectAltName?.length === 0, 'EMPTY_SUBJECT_ALT_NAME'],
    [
      !equal(certificate.signatureAlgorithm.bytes, certificate.innerSignatureAlgorithm.bytes),
      'SIGNATURE_ALGORITHM_INCONSISTENCY',
    ],
    [
      !!authorityKeyIdentifier && isCritical(extensionOids.authorityKeyIdentifier),
      'AUTHORITY_KEY_IDENTIFIER_CRITICAL',
    ],
    [
      !!subjectKeyIdentifier && isCritical(extensionOids.subjectKeyIdentifier),
      'SUBJECT_KEY_IDENTIFIER_CRITICAL',
    ],
    [isVersion3 && !isLast && !authorityKeyIdentifier?.keyIdentifier, 'MISSING_AUTHORITY_KEY_IDENTIFIER'],
    [isVersion3 && isAuthority && !subjectKeyIdentifier, 'MISSING_SUBJECT_KEY_IDENTIFIER'],
    [!isVersion3 && extensions.list.length > 0, 'EXTENSIONS_REQUIRE_VERSION_3'],
  ];
  return rules.filter(([broken]) => broken).map(([, code]) => code);
}
