/** A certificate in the words of Node: what `X509Certificate` and `getPeerCertificate()` show, letter for letter. */
import { bitLength, toBigInt, toHex } from './bytes.ts';
import type { Certificate } from './certificate.ts';
import { curves } from './curves.ts';
import { generalNamesText, generalNameText } from './general-names.ts';
import { hashes } from './hashes.ts';
import { authorityStatus } from './issuance.ts';
import { isRsa } from './keys.ts';
import { nameObject } from './names.ts';

/** `getPeerCertificate()` before Node's JavaScript takes `infoAccess` apart. Every property is always there, in this order. */
export interface LegacyCertificate<Bytes> {
  subject: Record<string, string | string[]>;
  issuer: Record<string, string | string[]>;
  subjectaltname: string | undefined;
  infoAccess: string | undefined;
  ca: boolean;
  modulus: string | undefined;
  exponent: string | undefined;
  pubkey: Bytes | undefined;
  bits: number | undefined;
  valid_from: string;
  valid_to: string;
  fingerprint: string;
  fingerprint256: string;
  fingerprint512: string;
  ext_key_usage: string[] | undefined;
  serialNumber: string;
  raw: Bytes;
  asn1Curve: string | undefined;
  nistCurve: string | undefined;
}

/** `toBuffer` makes the caller's kind of bytes: Node's users expect Buffers, which are not known down here. */
export function legacyCertificate<Bytes = Uint8Array>(
  certificate: Certificate,
  toBuffer: (bytes: Uint8Array) => Bytes = (bytes) => Uint8Array.from(bytes) as Bytes,
): LegacyCertificate<Bytes> {
  const { publicKey: key, extensions } = certificate;
  const rsa = key && isRsa(key) ? key : undefined;
  const ec = key?.kind === 'ec' ? key : undefined;
  const curve = ec && curves[ec.curve];
  return {
    subject: nameObject(certificate.subject),
    issuer: nameObject(certificate.issuer),
    subjectaltname: subjectAltNameText(certificate),
    infoAccess: infoAccessText(certificate),
    ca: isAuthority(certificate),
    // By BN_print, which begins with the first digit that counts.
    modulus: rsa?.modulus.toString(16).toUpperCase(),
    exponent: rsa && `0x${rsa.exponent.toString(16)}`,
    pubkey: rsa ? toBuffer(rsaPublicKeyInfo(certificate)) : ec && toBuffer(ec.point),
    bits: rsa ? bitLength(rsa.modulus) : curve?.bits,
    valid_from: timeText(certificate.notBefore),
    valid_to: timeText(certificate.notAfter),
    fingerprint: fingerprintText(certificate, 'sha1'),
    fingerprint256: fingerprintText(certificate, 'sha256'),
    fingerprint512: fingerprintText(certificate, 'sha512'),
    ext_key_usage: extensions.extendedKeyUsage && [...extensions.extendedKeyUsage],
    serialNumber: serialNumberText(certificate),
    raw: toBuffer(certificate.bytes),
    asn1Curve: curve?.asn1Name,
    nistCurve: curve?.name,
  };
}

/** As OpenSSL's i2d_RSA_PUBKEY, for which a key for RSA-PSS alone is one of RSA too. RFC 8017 appendix C */
function rsaPublicKeyInfo({ spki, publicKey }: Certificate): Uint8Array {
  const info = spki.slice();
  // The last number of the algorithm's identifier, 10 for RSA-PSS; what is before it depends on the length's length.
  if (publicKey?.kind === 'rsa-pss') info[14 + (info[1] & 0x7f)] = 1;
  return info;
}

/** `X509Certificate.ca`. */
export function isAuthority(certificate: Certificate): boolean {
  return authorityStatus(certificate) === 'yes';
}

/** What `tls.checkServerIdentity` reads the host names from. */
export function subjectAltNameText({ extensions: { subjectAltName } }: Certificate): string | undefined {
  return subjectAltName && generalNamesText(subjectAltName);
}

const ACCESS_METHODS: Readonly<Record<string, string>> = {
  '1.3.6.1.5.5.7.48.1': 'OCSP',
  '1.3.6.1.5.5.7.48.2': 'CA Issuers',
  '1.3.6.1.5.5.7.48.3': 'AD Time Stamping',
  '1.3.6.1.5.5.7.48.4': 'ad dvcs',
  '1.3.6.1.5.5.7.48.5': 'CA Repository',
};

/** `OCSP - URI:http://…`, one line for each entry. */
export function infoAccessText({ extensions: { authorityInfoAccess } }: Certificate): string | undefined {
  return authorityInfoAccess
    ?.map(({ method, location }) => `${ACCESS_METHODS[method] ?? method} - ${generalNameText(location)}`)
    .join('\n');
}

/** OpenSSL's BN_bn2hex: whole bytes in capitals, and a bare 0 for zero. */
function hexNumber(value: bigint): string {
  if (value === 0n) return '0';
  const hex = (value < 0n ? -value : value).toString(16).toUpperCase();
  return `${value < 0n ? '-' : ''}${hex.length % 2 === 1 ? '0' : ''}${hex}`;
}

export function serialNumberText({ serial }: Certificate): string {
  const value = toBigInt(serial);
  return hexNumber(serial[0] < 0x80 ? value : value - (1n << BigInt(8 * serial.length)));
}

/** `Nov  2 07:08:09 2026 GMT`, the day padded with a space. */
export function timeText(time: Date): string {
  if (Number.isNaN(time.getTime())) return 'Bad time value';
  const [, day, month, year, clock] = time.toUTCString().split(' ');
  return `${month} ${String(Number(day)).padStart(2)} ${clock} ${Number(year)} GMT`;
}

/** `AB:CD:…` */
export function fingerprintText({ bytes }: Certificate, hash: 'sha1' | 'sha256' | 'sha512'): string {
  const hex = toHex(hashes[hash](bytes)).toUpperCase();
  return hex.match(/../g)?.join(':') ?? '';
}
