/** A certificate as a person reads it: who, by whom, for which names, until when, with which key and for what. */
import type { Note } from '../tls/codec/index.ts';
import { children, readDer } from '../x509/der.ts';
import { certificateNotes } from './certificate-notes.ts';

export interface CertificateSummary {
  /** `CN=Tally CA, O=Tally`; empty where there is none. */
  readonly subject: string;
  readonly issuer: string;
  /** Subject and issuer are one and the same name. RFC 5280 §3.2 */
  readonly isSelfIssued: boolean;
  /** As `DNS:app.tally.example`. RFC 5280 §4.2.1.6 */
  readonly names: readonly string[];
  /** Milliseconds since 1970; NaN where the certificate holds no time. */
  readonly notBefore: number;
  readonly notAfter: number;
  /** `RSA, 2048 bits`, `secp256r1`. */
  readonly key: string;
  readonly keyUsage: readonly string[];
  readonly extendedKeyUsage: readonly string[];
  /** It may sign other certificates. RFC 5280 §4.2.1.9, §4.2.1.3 */
  readonly isAuthority: boolean;
  readonly signature: string;
  readonly serialNumber: string;
}

/** Reads a certificate in DER; nothing where the bytes are no certificate. */
export function certificateSummary(der: Uint8Array): CertificateSummary | undefined {
  const found = new Map<string, string>();
  const collect = ({ name, value, children: inner }: Note): void => {
    found.set(name, value);
    // What is inside a name is the subject's own choice, and might be called like a field.
    if (name !== 'subject' && name !== 'issuer') inner.forEach(collect);
  };
  const notes = certificateNotes(der);
  if (notes[0]?.name === 'undecoded') return undefined;
  notes.forEach(collect);
  const text = (name: string) => (found.get(name) ?? '').replace(/ \(critical\)$/, '');
  const list = (name: string) => text(name).split(', ').filter(Boolean);
  return {
    subject: text('subject'),
    issuer: text('issuer'),
    isSelfIssued: text('subject') === text('issuer'),
    names: list('subjectAltName'),
    notBefore: timeOf(text('notBefore')),
    notAfter: timeOf(text('notAfter')),
    key: keyWords(text('algorithm'), text('subjectPublicKey')),
    keyUsage: list('keyUsage'),
    extendedKeyUsage: list('extKeyUsage'),
    isAuthority:
      text('basicConstraints').startsWith('cA TRUE') &&
      (!found.has('keyUsage') || list('keyUsage').includes('keyCertSign')),
    signature: text('signature'),
    serialNumber: text('serialNumber'),
  };
}

/** From the words of the notes, `2026-11-22 14:05:00 UTC`. */
const timeOf = (words: string): number => Date.parse(words.replace(' UTC', 'Z').replace(' ', 'T'));

/** RFC 8017 §A.1.1: an RSA key is a modulus and an exponent; of the others the curve says enough. */
function keyWords(algorithm: string, key: string): string {
  if (!/^(rsaEncryption|RSASSA-PSS)$/.test(algorithm)) return algorithm.replace(/^id-(ecPublicKey, )?/, '');
  const bytes = Uint8Array.from(key.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
  const [modulus] = children(readDer(bytes));
  const digits = [...modulus.content].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  return `RSA, ${digits.replace(/^0+/, '').length} bits`;
}
