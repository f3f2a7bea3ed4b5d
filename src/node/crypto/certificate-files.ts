/**
 * Certificates in PEM, as OpenSSL reads them under Node: one after the other, up to the first fault, in its words. What
 * follows a certificate that was looked for alone does not matter.
 */
import { type Certificate, pemBlocks, readCertificate, readDerPrefix, X509Error } from '../../x509/index.ts';
import { errorLine, opensslError } from '../bindings/openssl-errors.ts';

const NUMBERS: Readonly<Record<string, string>> = {
  'bad base64 decode': '04800064',
  'bad end line': '04800066',
  'not dek info': '04800069',
  'not encrypted': '0480006A',
  'not proc type': '0480006B',
  'no start line': '0480006C',
};
const pemFault = (reason: string) => opensslError('PEM routines', reason, NUMBERS[reason]);
export const noStartLine = () => pemFault('no start line');

const TRUSTED = 'TRUSTED CERTIFICATE';
const LABELS = ['CERTIFICATE', 'X509 CERTIFICATE', TRUSTED];

export interface CertificateBlock {
  readonly der: Uint8Array;
  /** Whether OpenSSL's own notes on whom to trust for what follow the certificate (`openssl x509 -addtrust`). */
  readonly hasNotes: boolean;
}

export function* certificateBlocks(text: string): Generator<CertificateBlock, void> {
  try {
    for (const { label, bytes, headers } of pemBlocks(text)) {
      if (!LABELS.includes(label)) continue;
      if (headers && bytes.length > 0) throw pemFault(headerFault(headers));
      const der = label === TRUSTED && bytes.length > 0 ? readDerPrefix(bytes).bytes : bytes;
      yield { der, hasNotes: der.length < bytes.length };
    }
  } catch (error) {
    throw error instanceof X509Error && error.code === 'bad-pem' ? pemFault(error.message) : error;
  }
}

/** Headers are for what is encrypted (RFC 1421 §4.6), and a certificate is not. */
function headerFault(headers: Readonly<Record<string, string>>): string {
  const [first] = Object.keys(headers);
  if (first !== 'Proc-Type') return 'not proc type';
  return headers[first] === '4,ENCRYPTED' ? 'not dek info' : 'not encrypted';
}

/** `hasQueue`: whether the program sees the rest of OpenSSL's queue, too. */
export function certificateFrom(der: Uint8Array, hasQueue: boolean): Certificate {
  try {
    return readCertificate(der);
  } catch (error) {
    const [reason, number, ...queue] = asn1Fault(error as X509Error);
    const stack = [errorLine('PEM routines', 'ASN1 lib', '0488000D'), ...queue];
    throw opensslError('asn1 encoding routines', reason, number, hasQueue ? stack : []);
  }
}

const NESTED = errorLine('asn1 encoding routines', 'nested asn1 error', '0688010A');
const BAD_HEADER = errorLine('asn1 encoding routines', 'bad object header', '06800066');

function asn1Fault({ code, offset }: X509Error): [reason: string, number: string, ...queue: string[]] {
  if (code === 'missing-field') return ['field missing', '06800079'];
  // The length of the whole is at byte 1: some of it is not there.
  if (offset === 1) return ['too long', '0680009B', NESTED, BAD_HEADER];
  return ['wrong tag', '068000A8', NESTED];
}
