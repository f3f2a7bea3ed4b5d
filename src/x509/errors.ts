/** Where the input is at fault: a stable code to test for, words for people, and the place in the source bytes when there is one. */
export class X509Error extends Error {
  override readonly name = 'X509Error';
  readonly code: X509ErrorCode;
  /** Offset of the offending byte in the DER that was being read. */
  readonly offset: number | undefined;

  constructor(code: X509ErrorCode, message: string, offset?: number) {
    const words = message || code;
    super(offset === undefined ? words : `${words} (at byte ${offset})`);
    this.code = code;
    this.offset = offset;
  }
}

export type X509ErrorCode =
  | 'bad-pem'
  | 'bad-der'
  // Two kinds of bad DER that OpenSSL has a name for.
  | 'missing-field'
  | 'wrong-tag'
  | 'bad-key'
  | 'bad-certificate'
  | 'unsupported-key'
  | 'unsupported-algorithm'
  | 'unsupported-encryption'
  | 'obsolete-encryption'
  | 'needs-passphrase'
  | 'wrong-passphrase'
  | 'mac-failure'
  | 'key-too-small';
