/** NIST's Public Key Interoperability Test Suite, as Debian packs it for python3-cryptography. */
import { execFileSync } from 'node:child_process';
import { createPrivateKey, type KeyObject } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import {
  type Certificate,
  type RevocationList,
  readCertificate,
  readRevocationList,
  writePem,
} from '../../../src/x509/index.ts';

export const FOLDER = '/usr/lib/python3/dist-packages/cryptography_vectors/x509/PKITS_data';

export interface Case {
  /** `InvalidRevokedEETest3`; the section is in `sectionOf`. */
  readonly name: string;
  /** What PKITS expects; undefined where it depends on the policies one asks for. */
  readonly isValid: boolean | undefined;
  readonly leaf: Certificate;
  /** Every authority that may have a part in the path, root apart, in no particular order. */
  readonly authorities: readonly Certificate[];
  readonly lists: readonly RevocationList[];
}

/** By what PKITS calls the tests of each section; the first that fits. */
const SECTIONS: readonly (readonly [section: string, names: RegExp])[] = [
  ['4.8–4.12 policies', /Polic|Qualifier/],
  ['4.1 signatures', /Signature(s?)Test|DSA|CertificatePath/],
  ['4.2 validity', /not(Before|After)Date/],
  ['4.3 names', /NameChaining|UIDs|AttributeTypes|Rollover|UTF8String/],
  ['4.15 delta lists', /deltaCRL/],
  ['4.14 distribution points', /istributionPoint|onlyContains|onlySome|IDP|cRLIssuer/],
  ['4.5 self-issued certificates', /BasicSelfIssued/],
  ['4.6 basic constraints', /basicConstraints|cAFalse|pathLen/],
  ['4.7 key usage', /keyUsage/],
  ['4.13 name constraints', /nameConstraints/],
  ['4.16 private extensions', /CertificateExtension/],
  ['4.4 revocation', /./],
];

export const sectionOf = (name: string): string => SECTIONS.find(([, names]) => names.test(name))?.[0] ?? '';

const files = (folder: string) =>
  readdirSync(path.join(FOLDER, folder))
    .sort()
    .map((file) => [file, readFileSync(path.join(FOLDER, folder, file))] as const);

export const pem = (certificate: Certificate): string => writePem('CERTIFICATE', certificate.bytes);
export const listPem = (list: RevocationList): string => writePem('X509 CRL', list.bytes);

export function readCases(): { root: Certificate; cases: readonly Case[] } {
  const certificates = files('certs').map(([file, der]) => ({ file, certificate: readCertificate(der) }));
  const lists = files('crls').map(([, der]) => readRevocationList(der));
  const isLeaf = (file: string) => /Test\d+EE\.crt$/.test(file);
  const root = certificates.find(({ file }) => file === 'TrustAnchorRootCertificate.crt')?.certificate;
  if (!root) throw new Error('PKITS without its trust anchor');
  const authorities = certificates
    .filter(({ file, certificate }) => !isLeaf(file) && certificate !== root)
    .map(({ certificate }) => certificate);
  const cases = certificates
    .filter(({ file }) => isLeaf(file))
    .map(({ file, certificate: leaf }) => {
      const names = namesAbove(leaf, authorities);
      const name = file.replace(/EE\.crt$/, '');
      return {
        name,
        isValid: /^(In)?[Vv]alid/.test(name) ? name.startsWith('Valid') : undefined,
        leaf,
        authorities: authorities.filter(({ subject }) => names.has(subject.canonical)),
        lists: lists.filter(
          ({ issuer }) => names.has(issuer.canonical) || issuer.canonical === root.subject.canonical,
        ),
      };
    });
  return { root, cases };
}

/** Names of the leaf's issuer, of that one's issuers, and so on. */
function namesAbove(leaf: Certificate, authorities: readonly Certificate[]): Set<string> {
  const names = new Set<string>([leaf.issuer.canonical]);
  for (const name of names) {
    for (const { subject, issuer } of authorities)
      if (subject.canonical === name) names.add(issuer.canonical);
  }
  return names;
}

/** The leaf's key. The files are in RC2's 40 bits, which nothing but OpenSSL's legacy provider still reads. */
export function leafKey(name: string): KeyObject {
  const file = path.join(FOLDER, 'pkcs12', `${name}EE.p12`);
  const args = ['pkcs12', '-legacy', '-in', file, '-passin', 'pass:password', '-nodes', '-nocerts'];
  return createPrivateKey(execFileSync('openssl', args, { stdio: ['ignore', 'pipe', 'ignore'] }));
}
