/** What the header fields of one HTTP/1.1 message mean for its framing. RFC 9112 §6, with llhttp's refusals. */
import { fault } from './http-syntax.ts';

export const REQUEST = 1;
export const RESPONSE = 2;
const CONNECT = 5;

export type BodyKind = 'none' | 'chunked' | 'length' | 'until-end' | 'other-protocol';

const MAX_LENGTH = 0xffffffffffffffffn;

export class Framing {
  contentLength: bigint | undefined;
  transferEncoding = false;
  chunked = false;
  connectionClose = false;
  connectionKeepAlive = false;
  connectionUpgrade = false;
  upgradeField = false;
  upgrade = false;
  skipBody = false;

  /** Takes one header field when it is complete; trailers are not asked. */
  field(name: string, value: string, type: number, lenientChunked: boolean): void {
    switch (name.toLowerCase()) {
      case 'content-length':
        this.#contentLength(value, lenientChunked);
        return;
      case 'transfer-encoding':
        this.#transferEncoding(value, type, lenientChunked);
        return;
      case 'connection':
      case 'proxy-connection':
        for (const option of value.toLowerCase().split(',')) {
          const token = option.trim();
          if (token === 'close') this.connectionClose = true;
          else if (token === 'keep-alive') this.connectionKeepAlive = true;
          else if (token === 'upgrade') this.connectionUpgrade = true;
        }
        return;
      case 'upgrade':
        this.upgradeField = true;
    }
  }

  #contentLength(value: string, lenient: boolean): void {
    if (!/^\d+$/.test(value))
      fault(
        'INVALID_CONTENT_LENGTH',
        value === '' ? 'Empty Content-Length' : 'Invalid character in Content-Length',
      );
    const length = BigInt(value);
    if (length > MAX_LENGTH) fault('INVALID_CONTENT_LENGTH', 'Content-Length overflow');
    if (this.contentLength !== undefined) fault('UNEXPECTED_CONTENT_LENGTH', 'Duplicate Content-Length');
    if (this.transferEncoding && !lenient)
      fault('INVALID_CONTENT_LENGTH', "Content-Length can't be present with Transfer-Encoding");
    this.contentLength = length;
  }

  /** The names a message may not repeat or combine are refused where their name ends, before the value. */
  nameSeen(name: string, lenient: boolean): void {
    const lower = name.toLowerCase();
    if (lower === 'content-length' && this.contentLength !== undefined)
      fault('UNEXPECTED_CONTENT_LENGTH', 'Duplicate Content-Length');
    if (lower === 'content-length' && this.transferEncoding && !lenient)
      fault('INVALID_CONTENT_LENGTH', "Content-Length can't be present with Transfer-Encoding");
    if (lower === 'transfer-encoding' && this.contentLength !== undefined && !lenient)
      fault('INVALID_TRANSFER_ENCODING', "Transfer-Encoding can't be present with Content-Length");
  }

  /** `chunked` frames a message only as the last coding; after it nothing may follow. RFC 9112 §6.1. */
  #transferEncoding(value: string, type: number, lenient: boolean): void {
    if (this.chunked && type === REQUEST && !lenient)
      fault('INVALID_TRANSFER_ENCODING', 'Invalid `Transfer-Encoding` header value');
    if (value === '') fault('INVALID_TRANSFER_ENCODING', 'Empty Transfer-Encoding');
    this.transferEncoding = true;
    const codings = value
      .toLowerCase()
      .split(',')
      .map((coding) => coding.trim());
    const at = codings.indexOf('chunked');
    if (at >= 0 && at < codings.length - 1 && type === REQUEST && !lenient)
      fault('INVALID_TRANSFER_ENCODING', 'Invalid `Transfer-Encoding` header value');
    this.chunked = codings.at(-1) === 'chunked';
  }

  beforeHeadersComplete(type: number, method: number, status: number): void {
    if (this.upgradeField && this.connectionUpgrade) this.upgrade = type === REQUEST || status === 101;
    else this.upgrade = type === REQUEST && method === CONNECT;
  }

  needsEnd(type: number, status: number): boolean {
    if (type === REQUEST) return false;
    if ((status >= 100 && status < 200) || status === 204 || status === 304 || this.skipBody) return false;
    if (this.transferEncoding && !this.chunked) return true;
    return !this.chunked && this.contentLength === undefined;
  }

  keepsAlive(type: number, status: number, major: number, minor: number): boolean {
    if (major > 0 && minor > 0) {
      if (this.connectionClose) return false;
    } else if (!this.connectionKeepAlive) return false;
    return !this.needsEnd(type, status);
  }

  /** `llhttp__after_headers_complete`. */
  body(type: number, method: number, status: number, lenient: boolean): BodyKind {
    const hasBody = this.chunked || (this.contentLength ?? 0n) > 0n;
    if (this.upgrade && (method === CONNECT || this.skipBody || !hasBody)) return 'other-protocol';
    if (type === RESPONSE && (status < 200 || status === 204 || status === 304)) return 'none';
    if (this.skipBody) return 'none';
    if (this.chunked) return 'chunked';
    if (this.transferEncoding) {
      if (type === REQUEST && !lenient)
        fault('INVALID_TRANSFER_ENCODING', 'Request has invalid `Transfer-Encoding`');
      return 'until-end';
    }
    if (this.contentLength === undefined) return this.needsEnd(type, status) ? 'until-end' : 'none';
    return this.contentLength === 0n ? 'none' : 'length';
  }
}
