/**
 * Reads the messages of HTTP/1.1 (RFC 9112) out of one direction of a connection, as one who only listens: what is not
 * HTTP ends the reading, and is an error of nobody's.
 */
import { bytesToText } from '../tls/codec/index.ts';
import { concat } from './bytes.ts';

export interface HttpHeader {
  /** As it was written. */
  readonly name: string;
  readonly value: string;
}

export interface HttpMessage {
  readonly kind: 'request' | 'response';
  readonly method?: string;
  /** Of a request: `/ledger?page=2`. */
  readonly target?: string;
  readonly status?: number;
  readonly reason?: string;
  readonly version: string;
  readonly headers: readonly HttpHeader[];
  /** The content, with chunks put together (RFC 9112 §7.1). */
  readonly body: Uint8Array;
  /** How many bytes of the message stand before the content. */
  readonly headLength: number;
}

/** A whole message, and the bytes it was. */
export interface ReadHttp {
  readonly message: HttpMessage;
  readonly bytes: Uint8Array;
}

/** More of a head than any server takes: then it is not HTTP. */
const MAX_HEAD = 64 * 1024;

const REQUEST_LINE = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+) (\S+) (HTTP\/1\.[01])$/;
const STATUS_LINE = /^(HTTP\/1\.[01]) (\d{3})(?: (.*))?$/;

type Head = Omit<HttpMessage, 'body' | 'headLength'>;

/** Whether these first bytes may be those of an HTTP request; nothing as long as there are too few. */
export function looksLikeHttp(bytes: Uint8Array): boolean | undefined {
  const line = bytesToText(bytes.subarray(0, 16));
  if (/^[A-Z]{3,10} [/*h]/.test(line)) return true;
  return /^[A-Z]{0,10} ?$/.test(line) ? undefined : false;
}

export function headerOf({ headers }: HttpMessage, name: string): string | undefined {
  return headers.find((each) => each.name.toLowerCase() === name)?.value;
}

/** Where the content of a message ends. RFC 9112 §6.3 */
type Framing =
  | { readonly kind: 'length'; readonly end: number }
  | { readonly kind: 'chunked'; at: number; readonly chunks: [start: number, end: number][]; isLast: boolean }
  | { readonly kind: 'until-close' };

/** A message whose head has been read. */
interface Begun {
  readonly head: Head;
  readonly headLength: number;
  readonly framing: Framing;
}

export class HttpReader {
  readonly #kind: 'request' | 'response';
  /** For responses: the method of the request that is answered next. */
  readonly #answers: () => string | undefined;
  /** What has come and is not read yet: `#length` bytes, with room behind them. */
  #buffer = new Uint8Array(1024);
  #length = 0;
  /** Up to here there is no end of a head. */
  #searched = 0;
  #begun: Begun | undefined;
  #failed = false;

  constructor(kind: 'request' | 'response', answers: () => string | undefined = () => undefined) {
    this.#kind = kind;
    this.#answers = answers;
  }

  /** What came is not HTTP, or is no longer (a change of protocol, RFC 9110 §7.8). */
  get hasFailed(): boolean {
    return this.#failed;
  }

  /** Bytes of a message that is not whole yet. */
  get unread(): Uint8Array {
    return this.#buffer.subarray(0, this.#length);
  }

  /** Takes bytes, and gives the messages that are whole with them. */
  read(bytes: Uint8Array): ReadHttp[] {
    this.#append(bytes);
    return this.#whole(false);
  }

  /** The sender sends no more: that ends content without a length (RFC 9112 §6.3). */
  end(): ReadHttp[] {
    return this.#whole(true);
  }

  #whole(isEnd: boolean): ReadHttp[] {
    const found: ReadHttp[] = [];
    while (!this.#failed && this.#length > 0) {
      const next = this.#next(isEnd);
      if (!next) break;
      found.push(next);
    }
    return found;
  }

  #next(isEnd: boolean): ReadHttp | undefined {
    this.#begun ??= this.#begin();
    if (!this.#begun) return undefined;
    const { head, headLength, framing } = this.#begun;
    const end = this.#endOf(framing, isEnd);
    if (end === undefined) return undefined;
    const bytes = this.#buffer.slice(0, end);
    const body =
      framing.kind === 'chunked'
        ? concat(framing.chunks.map(([from, to]) => bytes.subarray(from, to)))
        : bytes.subarray(headLength);
    this.#buffer.copyWithin(0, end, this.#length);
    this.#length -= end;
    this.#searched = 0;
    this.#begun = undefined;
    if (head.status === 101) this.#failed = true;
    return { message: { ...head, body, headLength }, bytes };
  }

  #begin(): Begun | undefined {
    const bytes = this.unread;
    const headLength = endOfHead(bytes, this.#searched);
    this.#searched = Math.max(0, bytes.length - 3);
    if (headLength === undefined) {
      if (bytes.length > MAX_HEAD || !this.#canBegin(bytes)) this.#failed = true;
      return undefined;
    }
    const head = readHead(this.#kind, bytesToText(bytes.subarray(0, headLength)));
    const framing = head && framingOf(head, this.#answers(), headLength);
    if (head && framing) return { head, headLength, framing };
    this.#failed = true;
    return undefined;
  }

  #endOf(framing: Framing, isEnd: boolean): number | undefined {
    switch (framing.kind) {
      case 'length':
        return framing.end <= this.#length ? framing.end : undefined;
      case 'until-close':
        return isEnd ? this.#length : undefined;
      case 'chunked': {
        const end = readChunks(framing, this.unread);
        if (end === 'broken') this.#failed = true;
        return end === 'broken' ? undefined : end;
      }
    }
  }

  #canBegin(bytes: Uint8Array): boolean {
    if (this.#kind === 'request') return looksLikeHttp(bytes) !== false;
    return 'HTTP/1.'.startsWith(bytesToText(bytes.subarray(0, 7)));
  }

  #append(bytes: Uint8Array): void {
    const length = this.#length + bytes.length;
    if (length > this.#buffer.length) {
      const larger = new Uint8Array(Math.max(length, 2 * this.#buffer.length));
      larger.set(this.unread);
      this.#buffer = larger;
    }
    this.#buffer.set(bytes, this.#length);
    this.#length = length;
  }
}

/** Where the empty line ends that ends the head. */
function endOfHead(bytes: Uint8Array, from: number): number | undefined {
  for (let at = bytes.indexOf(10, from + 3); at >= 0; at = bytes.indexOf(10, at + 1)) {
    if (bytes[at - 1] === 13 && bytes[at - 2] === 10 && bytes[at - 3] === 13) return at + 1;
  }
  return undefined;
}

function readHead(kind: HttpMessage['kind'], text: string): Head | undefined {
  const [start, ...lines] = text.slice(0, -4).split('\r\n');
  const headers: HttpHeader[] = [];
  for (const line of lines) {
    const colon = line.indexOf(':');
    if (colon < 1) return undefined;
    headers.push({ name: line.slice(0, colon), value: line.slice(colon + 1).trim() });
  }
  if (kind === 'request') {
    const parts = REQUEST_LINE.exec(start);
    return parts ? { kind, method: parts[1], target: parts[2], version: parts[3], headers } : undefined;
  }
  const parts = STATUS_LINE.exec(start);
  return parts
    ? { kind, version: parts[1], status: Number(parts[2]), reason: parts[3] ?? '', headers }
    : undefined;
}

/** RFC 9112 §6.3, in its order; nothing where the length cannot be told. */
function framingOf(head: Head, method: string | undefined, headLength: number): Framing | undefined {
  const value = (name: string) => head.headers.find((each) => each.name.toLowerCase() === name)?.value;
  const withLength = (length: number): Framing => ({ kind: 'length', end: headLength + length });
  if (head.kind === 'response') {
    const status = head.status ?? 0;
    if (method === 'HEAD' || status < 200 || status === 204 || status === 304) return withLength(0);
  }
  if (/\bchunked\s*$/i.test(value('transfer-encoding') ?? ''))
    return { kind: 'chunked', at: headLength, chunks: [], isLast: false };
  const length = value('content-length');
  if (length !== undefined) return /^\d{1,15}$/.test(length) ? withLength(Number(length)) : undefined;
  return head.kind === 'request' ? withLength(0) : { kind: 'until-close' };
}

/** Goes on through the chunks where it left off; where the message ends, once that is there. RFC 9112 §7.1 */
function readChunks(
  framing: Framing & { kind: 'chunked' },
  bytes: Uint8Array,
): number | 'broken' | undefined {
  for (;;) {
    const lineEnd = bytes.indexOf(10, framing.at);
    if (lineEnd < 0) return undefined;
    if (framing.isLast) {
      // Trailers, each on its line, then an empty one.
      if (lineEnd - framing.at <= 1) return lineEnd + 1;
      framing.at = lineEnd + 1;
      continue;
    }
    const size = /^([0-9a-f]{1,8})\s*(;.*)?\r$/i.exec(bytesToText(bytes.subarray(framing.at, lineEnd)));
    if (!size) return 'broken';
    const start = lineEnd + 1;
    const end = start + Number.parseInt(size[1], 16);
    if (end === start) {
      framing.isLast = true;
      framing.at = start;
      continue;
    }
    if (bytes.length < end + 2) return undefined;
    framing.chunks.push([start, end]);
    framing.at = end + 2;
  }
}
