/**
 * `internalBinding('http_parser')`: an HTTP/1.1 parser with llhttp's strictness and its error codes. It takes bytes in
 * pieces of any size, one state per place in the message, and refuses what two parsers could read in two ways.
 */
import type { Any } from '../current.ts';
import { currentFrame, within } from './async.ts';
import { HttpIntake } from './http-intake.ts';
import { Framing, REQUEST, RESPONSE } from './http-message.ts';
import {
  ALL_METHODS,
  ANY_VALUE,
  fault,
  HttpFault,
  isHexDigit,
  METHODS,
  QUOTED,
  TOKEN,
  URL_CHARACTER,
  VALUE,
} from './http-syntax.ts';
import type { StreamHandle } from './stream.ts';

const [CR, LF, SPACE, TAB, COLON, SEMICOLON, QUOTE, BACKSLASH] = [13, 10, 32, 9, 58, 59, 34, 92];
const kOnMessageBegin = 0;
const kOnHeaders = 1;
const kOnHeadersComplete = 2;
const kOnBody = 3;
const kOnMessageComplete = 4;
const kOnExecute = 5;
const kOnTimeout = 6;
// What `insecureHTTPParser` lets pass.
const kLenientHeaders = 1;
const kLenientChunkedLength = 2;
const kLenientKeepAlive = 4;
const kLenientVersion = 16;
const kLenientOptionalCRBeforeLF = 256;
const FORM_FEED = 12;
const CONNECT = ALL_METHODS.indexOf('CONNECT');
/** The beginning of an absolute URL, as far as it has come. */
const SCHEME = /^[a-z]+(:(\/(\/.*)?)?)?$/i;
const FRAMING_FIELD = /^(connection|content-length|proxy-connection|transfer-encoding|upgrade)$/i;
const MAX_CHUNK_EXTENSIONS = 16384;
const CHUNK_SIZE_DIGITS = 16;

type State =
  | 'start'
  | 'method'
  | 'before-url'
  | 'url'
  | 'before-protocol'
  | 'protocol'
  | 'version-major'
  | 'version-dot'
  | 'version-minor'
  | 'after-request-version'
  | 'after-response-version'
  | 'status-code'
  | 'after-status'
  | 'reason'
  | 'start-line-lf'
  | 'field-start'
  | 'field-name'
  | 'before-value'
  | 'value'
  | 'value-lf'
  | 'value-or-fold'
  | 'headers-lf'
  | 'body-length'
  | 'body-until-end'
  | 'chunk-size-first'
  | 'chunk-size'
  | 'chunk-extension-name'
  | 'chunk-extension-value'
  | 'chunk-extension-quoted'
  | 'chunk-extension-quoted-pair'
  | 'chunk-extension-after-quoted'
  | 'chunk-size-lf'
  | 'chunk-data'
  | 'chunk-data-cr'
  | 'chunk-data-lf'
  | 'closed'
  | 'other-protocol'
  | 'failed';

const now = () => performance.now();

/** Open connections of a server by when their current message began; Node's timeouts and `closeIdleConnections` ask. */
class ConnectionsList {
  readonly parsers = new Set<HTTPParser>();
  all() {
    return [...this.parsers];
  }
  idle() {
    return this.all().filter((parser) => parser.messageStart === 0);
  }
  active() {
    return this.all().filter((parser) => parser.messageStart !== 0);
  }
  expired(headersTimeout: number, requestTimeout: number) {
    const at = now();
    const over = (parser: HTTPParser, timeout: number) => timeout > 0 && parser.messageStart < at - timeout;
    const late = this.active().filter(
      (parser) => (!parser.headersDone && over(parser, headersTimeout)) || over(parser, requestTimeout),
    );
    for (const parser of late) parser.messageStart = Number.POSITIVE_INFINITY; // reported once
    return late;
  }
}

const latin1 = (bytes: Uint8Array): string => {
  let text = '';
  for (let at = 0; at < bytes.length; at += 8192)
    text += String.fromCharCode.apply(null, bytes.subarray(at, at + 8192) as never);
  return text;
};

export class HTTPParser {
  static readonly REQUEST = REQUEST;
  static readonly RESPONSE = RESPONSE;
  [callback: number]: Any;
  messageStart = 0;
  headersDone = false;

  #type = REQUEST;
  #state: State = 'start';
  #maxHeaderSize = 16384;
  #lenient = 0;
  /** What it failed with: the answer to whatever comes then. */
  #fault: HttpFault | undefined;
  #connections: ConnectionsList | undefined;
  /** The asynchronous context that messages belong to: a client's request has its own, also on a connection used before. */
  #frame: unknown;
  #intake = new HttpIntake({
    parse: (piece, at) => within(this.#frame, () => this.#parse(piece, at)),
    through: (piece, outcome) => {
      this.#buffer = piece;
      within(this.#frame, () => this[kOnExecute]?.(outcome));
      this.#buffer = new Uint8Array(0);
    },
  });
  /** The whole body has been handed on; that the message is complete is still to be said. */
  #bodyIsDone = false;
  #buffer: Uint8Array = new Uint8Array(0);
  #waiting: Uint8Array[] | undefined;
  #text = '';
  #method = 0;
  #url = '';
  #major = 0;
  #minor = 0;
  #status = 0;
  #statusText = '';
  #name = '';
  #fields: string[] = [];
  #framing = new Framing();
  #trailers = false;
  #headerSize = 0;
  #remaining = 0;
  /** Where in the piece the byte is that is being looked at. */
  #at = 0;
  #extensions = 0;

  initialize(
    type: number,
    _resource: unknown,
    maxHeaderSize = 0,
    lenient = 0,
    connections?: ConnectionsList,
  ): void {
    this.#type = type;
    this.#state = 'start';
    this.#maxHeaderSize = maxHeaderSize > 0 ? maxHeaderSize : 16384;
    this.#lenient = lenient;
    this.#text = '';
    this.#connections = connections;
    this.#frame = currentFrame();
    this.#forget();
    this.messageStart = 0;
    if (connections) {
      this.messageStart = now(); // a connection that never sends anything must time out too
      this.headersDone = false;
      connections.parsers.add(this);
    }
  }

  /** Parses a piece. Returns how many bytes it took, or the error. What a callback hands in meanwhile waits its turn. */
  execute(buffer: Uint8Array): number | Error {
    if (this.#waiting) {
      this.#waiting.push(buffer);
      return buffer.length;
    }
    const waiting: Uint8Array[] = [];
    this.#waiting = waiting;
    try {
      let result = this.#execute(buffer);
      for (let next = waiting.shift(); next && typeof result === 'number'; next = waiting.shift()) {
        const taken = this.#execute(next);
        if (typeof taken !== 'number') result = taken;
      }
      return result;
    } finally {
      this.#waiting = undefined;
    }
  }

  #execute(buffer: Uint8Array): number | Error {
    return within(this.#frame, () => this.#parse(buffer, 0));
  }

  #parse(buffer: Uint8Array, from: number): number | Error {
    this.#buffer = buffer;
    let at = from;
    try {
      if (this.#bodyIsDone) {
        this.#bodyIsDone = false;
        this.#messageComplete();
      }
      while (at < buffer.length && !this.#intake.isHeld) {
        if (this.#state === 'other-protocol') return at;
        at = this.#step(buffer, at);
      }
      return at;
    } catch (error) {
      return this.#failure(error, this.#at);
    } finally {
      this.#buffer = new Uint8Array(0);
    }
  }

  /** Takes the stream's bytes itself, as C++ does on a server. */
  consume(source: StreamHandle): void {
    this.#intake.attach(source);
  }
  unconsume(): void {
    this.#intake.detach();
  }
  #forget(): void {
    this.#intake.forget();
    this.#bodyIsDone = false;
  }

  /** The connection has ended. */
  finish(): undefined | Error {
    if (this.#state === 'body-until-end') {
      try {
        this.#messageComplete();
      } catch (error) {
        return this.#failure(error, 0);
      }
      return undefined;
    }
    if (['start', 'closed', 'other-protocol', 'failed'].includes(this.#state)) return undefined;
    return this.#failure(new HttpFault('INVALID_EOF_STATE', 'Invalid EOF state'), 0);
  }

  #failure(error: unknown, at: number): Error {
    if (!(error instanceof HttpFault)) throw error;
    this.#state = 'failed';
    this.#fault = error;
    this.messageStart = 0;
    const failed: Any = new Error('Parse Error');
    failed.bytesParsed = Math.max(0, at);
    failed.code = `HPE_${error.code}`;
    failed.reason = error.reason;
    return failed;
  }

  #step(buffer: Uint8Array, at: number): number {
    const code = buffer[at];
    this.#at = at;
    switch (this.#state) {
      case 'start':
        if (code === CR || code === LF) return at + 1;
        this.#begin();
        return at;
      case 'method':
        return this.#readMethod(buffer, at);
      case 'before-url':
        if (code === SPACE) return at + 1;
        if (!URL_CHARACTER[code] || (this.#method !== CONNECT && !/[/*a-z]/i.test(String.fromCharCode(code))))
          fault('INVALID_URL', 'Unexpected start char in url');
        this.#text = '';
        this.#state = 'url';
        return at;
      case 'url':
        return this.#readUrl(buffer, at);
      case 'before-protocol':
        if (code === SPACE) return at + 1;
        this.#text = '';
        this.#state = 'protocol';
        return at;
      case 'protocol':
        return this.#readProtocol(code, at);
      case 'version-major':
      case 'version-dot':
      case 'version-minor':
        return this.#readVersion(code, at);
      case 'after-request-version':
        if (code === CR) this.#state = 'start-line-lf';
        else if (this.#isBareLf(code)) this.#state = 'field-start';
        else fault('INVALID_VERSION', 'Expected CRLF after version');
        return at + 1;
      case 'after-response-version':
        if (code !== SPACE) fault('INVALID_VERSION', 'Expected space after version');
        this.#text = '';
        this.#state = 'status-code';
        return at + 1;
      case 'status-code':
        return this.#readStatus(code, at);
      case 'after-status':
        if (code === SPACE) {
          this.#text = '';
          this.#state = 'reason';
        } else if (code === CR) this.#state = 'start-line-lf';
        else if (this.#isBareLf(code)) this.#state = 'field-start';
        else fault('INVALID_STATUS', 'Invalid response status');
        return at + 1;
      case 'reason':
        return this.#readReason(buffer, at);
      case 'start-line-lf':
        if (code !== LF)
          fault('STRICT', this.#type === REQUEST ? 'Expected CRLF after version' : 'Expected LF after CR');
        this.#state = 'field-start';
        return at + 1;
      case 'field-start':
        return this.#startField(code, at);
      case 'field-name':
        return this.#readName(buffer, at);
      case 'before-value':
        if (code === SPACE || code === TAB) return at + 1;
        this.#text = '';
        this.#state = 'value';
        return at;
      case 'value':
        return this.#readValue(buffer, at);
      case 'value-lf':
        if (code !== LF) fault('LF_EXPECTED', 'Missing expected LF after header value');
        this.#valueLineEnds();
        return at + 1;
      case 'value-or-fold':
        if (code === SPACE || code === TAB) this.#state = 'value';
        else this.#fieldComplete();
        return at;
      case 'headers-lf':
        if (code !== LF) fault('STRICT', 'Expected LF after headers');
        this.#fieldsEnd();
        return at + 1;
      case 'body-length':
      case 'body-until-end':
        return this.#readBody(buffer, at);
      case 'closed':
        if (code === CR || code === LF) return at + 1;
        return fault('CLOSED_CONNECTION', 'Data after `Connection: close`');
      case 'failed':
        throw this.#fault;
      default:
        return this.#chunkStep(buffer, at, code);
    }
  }

  #begin(): void {
    this.#text = '';
    this.#url = '';
    this.#method = 0;
    this.#status = 0;
    this.#statusText = '';
    this.#fields = [];
    this.#framing = new Framing();
    this.#trailers = false;
    this.#headerSize = 0;
    this.headersDone = false;
    this.messageStart = now();
    this.#state = this.#type === REQUEST ? 'method' : 'protocol';
    this[kOnMessageBegin]?.();
  }

  /** Bytes of the start line and header fields together are limited. */
  #track(count: number): void {
    this.#headerSize += count;
    if (this.#headerSize >= this.#maxHeaderSize) fault('HEADER_OVERFLOW', 'Header overflow');
  }

  /** Takes what `allowed` admits from `at` on, and returns where it stopped. */
  #take(buffer: Uint8Array, at: number, allowed: Uint8Array): number {
    let end = at;
    while (end < buffer.length && allowed[buffer[end]]) end++;
    this.#at = end;
    this.#track(end - at);
    this.#text += latin1(buffer.subarray(at, end));
    return end;
  }

  #readMethod(_buffer: Uint8Array, at: number): number {
    const code = _buffer[at];
    if (code === SPACE) {
      const method = ALL_METHODS.indexOf(this.#text);
      if (method < 0) fault('INVALID_METHOD', 'Invalid method encountered');
      this.#method = method;
      this.#state = 'before-url';
      return at + 1;
    }
    this.#text += String.fromCharCode(code);
    if (ALL_METHODS.some((method) => method.startsWith(this.#text))) return at + 1;
    const whole = ALL_METHODS.includes(this.#text.slice(0, -1));
    return fault('INVALID_METHOD', whole ? 'Expected space after method' : 'Invalid method encountered');
  }

  #readUrl(buffer: Uint8Array, at: number): number {
    const end = this.#take(buffer, at, URL_CHARACTER);
    const url = this.#text;
    const scheme = this.#method !== CONNECT && !/^[/*]/.test(url);
    if (scheme && !SCHEME.test(url)) fault('INVALID_URL', 'Unexpected char in url schema');
    if (end === buffer.length) return end;
    const code = buffer[end];
    if (code !== SPACE && code !== CR && code !== LF) {
      const ends = code === TAB || code === FORM_FEED || scheme;
      fault('INVALID_URL', ends ? 'Invalid characters in url' : 'Invalid char in url path');
    }
    if (scheme && !url.includes('://')) fault('INVALID_URL', 'Invalid characters in url');
    this.#url = url;
    if (code === SPACE) this.#state = 'before-protocol';
    else {
      // HTTP/0.9 has a request line without version. RFC 1945 §5.
      this.#major = 0;
      this.#minor = 9;
      this.#state = code === CR ? 'start-line-lf' : 'field-start';
    }
    return end + 1;
  }

  #readProtocol(code: number, at: number): number {
    this.#text += String.fromCharCode(code);
    // llhttp knows two protocols of the same shape; only HTTP has responses.
    const known = this.#type === REQUEST ? ['HTTP/', 'RTSP/', 'ICE/'] : ['HTTP/'];
    if (known.includes(this.#text)) this.#state = 'version-major';
    else if (!known.some((name) => name.startsWith(this.#text))) {
      if (this.#text.length === 1 || this.#type === RESPONSE) this.#at--;
      fault('INVALID_CONSTANT', 'Expected HTTP/, RTSP/ or ICE/');
    }
    return at + 1;
  }

  #readVersion(code: number, at: number): number {
    const digit = code >= 0x30 && code <= 0x39 ? code - 0x30 : -1;
    if (this.#state === 'version-dot') {
      if (code !== 0x2e) fault('INVALID_VERSION', 'Expected dot');
      this.#state = 'version-minor';
    } else if (this.#state === 'version-major') {
      if (digit < 0) fault('INVALID_VERSION', 'Invalid major version');
      this.#major = digit;
      this.#state = 'version-dot';
    } else {
      if (digit < 0) fault('INVALID_VERSION', 'Invalid minor version');
      this.#minor = digit;
      if (!(this.#lenient & kLenientVersion)) this.#checkVersion();
      this.#state = this.#type === REQUEST ? 'after-request-version' : 'after-response-version';
    }
    return at + 1;
  }
  #checkVersion(): void {
    if (!['0.9', '1.0', '1.1', '2.0'].includes(`${this.#major}.${this.#minor}`))
      fault('INVALID_VERSION', 'Invalid HTTP version');
  }

  #readStatus(code: number, at: number): number {
    if (code < 0x30 || code > 0x39) fault('INVALID_STATUS', 'Invalid status code');
    this.#text += String.fromCharCode(code);
    if (this.#text.length === 3) {
      this.#status = Number(this.#text);
      this.#state = 'after-status';
    }
    return at + 1;
  }

  #readReason(buffer: Uint8Array, at: number): number {
    let end = at;
    while (end < buffer.length && buffer[end] !== CR && buffer[end] !== LF) end++;
    this.#at = end;
    this.#track(end - at);
    this.#text += latin1(buffer.subarray(at, end));
    if (end === buffer.length) return end;
    const isBare = this.#isBareLf(buffer[end]);
    if (buffer[end] === LF && !isBare) fault('CR_EXPECTED', 'Missing expected CR after response line');
    this.#statusText = this.#text;
    this.#state = isBare ? 'field-start' : 'start-line-lf';
    return end + 1;
  }

  #startField(code: number, at: number): number {
    if (code === CR) {
      this.#state = 'headers-lf';
      return at + 1;
    }
    if (this.#isBareLf(code)) {
      this.#fieldsEnd();
      return at + 1;
    }
    if (code === LF) fault('INVALID_HEADER_TOKEN', 'Invalid header field char');
    if (code === SPACE && this.#fields.length === 0 && !this.#trailers)
      fault('UNEXPECTED_SPACE', 'Unexpected space after start line');
    if (code === SPACE || code === TAB) {
      // Folding a value over lines is obsolete, and read in two ways. RFC 9112 §5.2.
      fault(
        'INVALID_HEADER_TOKEN',
        this.#fields.length === 0 ? 'Invalid header token' : 'Unexpected whitespace after header value',
      );
    }
    if (!TOKEN[code]) fault('INVALID_HEADER_TOKEN', 'Invalid header token');
    this.#text = '';
    this.#state = 'field-name';
    return at;
  }

  #readName(buffer: Uint8Array, at: number): number {
    const end = this.#take(buffer, at, TOKEN);
    if (end === buffer.length) return end;
    if (buffer[end] !== COLON)
      fault(
        'INVALID_HEADER_TOKEN',
        FRAMING_FIELD.test(this.#text) ? 'Invalid header field char' : 'Invalid header token',
      );
    this.#name = this.#text;
    this.#framing.nameSeen(this.#name, this.#lenientLength());
    this.#state = 'before-value';
    return end + 1;
  }

  #readValue(buffer: Uint8Array, at: number): number {
    const end = this.#take(buffer, at, this.#lenient & kLenientHeaders ? ANY_VALUE : VALUE);
    if (end === buffer.length) return end;
    if (buffer[end] === CR) {
      this.#state = 'value-lf';
      return end + 1;
    }
    if (this.#isBareLf(buffer[end])) {
      this.#valueLineEnds();
      return end + 1;
    }
    if (buffer[end] === LF) fault('CR_EXPECTED', 'Missing expected CR after header value');
    return fault('INVALID_HEADER_TOKEN', 'Invalid header value char');
  }

  /** What follows may belong to the value still: RFC 9112 §5.2 calls that obsolete, and only the lenient read it so. */
  #valueLineEnds(): void {
    if (this.#lenient & kLenientHeaders) this.#state = 'value-or-fold';
    else this.#fieldComplete();
  }

  #isBareLf(code: number): boolean {
    return code === LF && (this.#lenient & kLenientOptionalCRBeforeLF) !== 0;
  }

  #lenientLength(): boolean {
    return (this.#lenient & kLenientChunkedLength) !== 0;
  }

  #fieldComplete(): void {
    const value = this.#text.replace(/[ \t]+$/, '');
    if (!this.#trailers) this.#framing.field(this.#name, value, this.#type, this.#lenientLength());
    this.#fields.push(this.#name, value);
    this.#state = 'field-start';
  }

  #fieldsEnd(): void {
    if (this.#trailers) this.#messageComplete();
    else this.#headersComplete();
  }

  #headersComplete(): void {
    const framing = this.#framing;
    const request = this.#type === REQUEST;
    framing.beforeHeadersComplete(this.#type, this.#method, this.#status);
    this.headersDone = true;
    const fields = this.#fields;
    this.#fields = [];
    const answer = this[kOnHeadersComplete]?.(
      this.#major,
      this.#minor,
      fields,
      request ? this.#method : undefined,
      request ? this.#url : undefined,
      request ? undefined : this.#status,
      request ? undefined : this.#statusText,
      framing.upgrade,
      framing.keepsAlive(this.#type, this.#status, this.#major, this.#minor),
    );
    if (answer === 1 || answer === 2 || answer === true) framing.skipBody = true;
    if (answer === 2) framing.upgrade = true;
    const kind = framing.body(this.#type, request ? this.#method : -1, this.#status, this.#lenientLength());
    if (kind === 'other-protocol') {
      this.#messageComplete();
      this.#state = 'other-protocol';
    } else if (kind === 'none') this.#messageComplete();
    else if (kind === 'until-end') this.#state = 'body-until-end';
    else if (kind === 'chunked') this.#state = 'chunk-size-first';
    else {
      this.#remaining = Number(framing.contentLength);
      this.#state = 'body-length';
    }
  }

  #readBody(buffer: Uint8Array, at: number): number {
    const limit =
      this.#state === 'body-until-end' ? buffer.length : Math.min(buffer.length, at + this.#remaining);
    this.#remaining -= limit - at;
    const complete = this.#state === 'body-length' && this.#remaining === 0;
    this.#body(buffer, at, limit);
    if (!complete) return limit;
    this.#bodyIsDone = this.#intake.isHeld;
    if (!this.#bodyIsDone) this.#messageComplete();
    return limit;
  }

  #body(buffer: Uint8Array, from: number, to: number): void {
    this[kOnBody]?.(this.#piece(buffer, from, to));
    this.#intake.hold();
  }

  /** A Buffer over part of what came in. */
  #piece(buffer: Uint8Array, from: number, to: number): Uint8Array {
    const { FastBuffer } = require('internal/buffer');
    return new FastBuffer(buffer.buffer, buffer.byteOffset + from, to - from);
  }

  #messageComplete(): void {
    if (this.#fields.length > 0) {
      const trailers = this.#fields;
      this.#fields = [];
      this[kOnHeaders]?.(trailers, this.#url);
    }
    const alive = this.#framing.keepsAlive(this.#type, this.#status, this.#major, this.#minor);
    const upgrade = this.#framing.upgrade;
    this.messageStart = 0;
    this.#state = upgrade
      ? 'other-protocol'
      : alive || this.#lenient & kLenientKeepAlive || (this.#type === RESPONSE && this.#status === 100)
        ? 'start'
        : 'closed';
    this[kOnMessageComplete]?.();
  }

  // --- Chunks. RFC 9112 §7.1.

  #chunkStep(buffer: Uint8Array, at: number, code: number): number {
    switch (this.#state) {
      case 'chunk-size-first':
        if (!isHexDigit(code)) fault('INVALID_CHUNK_SIZE', 'Invalid character in chunk size');
        this.#text = '';
        this.#extensions = 0;
        this.#state = 'chunk-size';
        return at;
      case 'chunk-size':
        return this.#readChunkSize(code, at);
      case 'chunk-size-lf':
        if (code !== LF) fault('STRICT', 'Expected LF after chunk size');
        return this.#chunkHeaderComplete(at + 1);
      case 'chunk-data': {
        const end = Math.min(buffer.length, at + this.#remaining);
        this.#remaining -= end - at;
        if (this.#remaining === 0) this.#state = 'chunk-data-cr';
        this.#body(buffer, at, end);
        return end;
      }
      case 'chunk-data-cr':
        if (code === LF) fault('CR_EXPECTED', 'Missing expected CR after chunk data');
        if (code !== CR) fault('STRICT', 'Expected LF after chunk data');
        this.#state = 'chunk-data-lf';
        return at + 1;
      case 'chunk-data-lf':
        if (code !== LF) fault('STRICT', 'Expected LF after chunk data');
        this.#state = 'chunk-size-first';
        return at + 1;
      default:
        return this.#readExtension(code, at);
    }
  }

  #readChunkSize(code: number, at: number): number {
    if (isHexDigit(code)) {
      this.#text += String.fromCharCode(code);
      if (this.#text.replace(/^0+/, '').length > CHUNK_SIZE_DIGITS)
        fault('INVALID_CHUNK_SIZE', 'Chunk size overflow');
      return at + 1;
    }
    this.#remaining = Number.parseInt(this.#text, 16);
    if (code === CR) this.#state = 'chunk-size-lf';
    else if (code === SEMICOLON) this.#state = 'chunk-extension-name';
    else if (code === LF) fault('CR_EXPECTED', 'Missing expected CR after chunk size');
    else fault('INVALID_CHUNK_SIZE', 'Invalid character in chunk size');
    this.#name = '';
    return at + 1;
  }

  #readExtension(code: number, at: number): number {
    this.#extensions++;
    if (this.#extensions > MAX_CHUNK_EXTENSIONS)
      fault('CHUNK_EXTENSIONS_OVERFLOW', 'Chunk extensions overflow');
    switch (this.#state) {
      case 'chunk-extension-quoted':
        if (code === QUOTE) this.#state = 'chunk-extension-after-quoted';
        else if (code === BACKSLASH) this.#state = 'chunk-extension-quoted-pair';
        else if (!QUOTED[code]) fault('STRICT', 'Invalid character in chunk extensions quoted value');
        return at + 1;
      case 'chunk-extension-quoted-pair':
        this.#state = 'chunk-extension-quoted';
        return at + 1;
      case 'chunk-extension-after-quoted':
        if (code === LF) fault('CR_EXPECTED', 'Missing expected CR after chunk extension value');
        if (!this.#endsExtension(code)) fault('STRICT', 'Invalid character in chunk extensions quote value');
        return at + 1;
      case 'chunk-extension-value':
        if (code === QUOTE && this.#name === '') this.#state = 'chunk-extension-quoted';
        else if (TOKEN[code]) this.#name += ' ';
        else if (code === LF) fault('CR_EXPECTED', 'Missing expected CR after chunk extension value');
        else if (!this.#endsExtension(code)) fault('STRICT', 'Invalid character in chunk extensions value');
        return at + 1;
      default: {
        const empty = this.#name === '';
        if (TOKEN[code]) this.#name += ' ';
        else if (code === 0x3d) {
          this.#name = '';
          this.#state = 'chunk-extension-value';
        } else if (empty) fault('STRICT', 'Invalid character in chunk extensions');
        else if (code === LF) fault('CR_EXPECTED', 'Missing expected CR after chunk extension name');
        else if (!this.#endsExtension(code)) fault('STRICT', 'Invalid character in chunk extensions name');
        return at + 1;
      }
    }
  }

  /** CR ends the line, a semicolon begins the next extension. `#name` only remembers whether anything has come. */
  #endsExtension(code: number): boolean {
    if (code !== CR && code !== SEMICOLON) return false;
    this.#name = '';
    this.#state = code === CR ? 'chunk-size-lf' : 'chunk-extension-name';
    return true;
  }

  #chunkHeaderComplete(at: number): number {
    if (this.#remaining > 0) this.#state = 'chunk-data';
    else {
      this.#trailers = true;
      this.#fields = [];
      this.#state = 'field-start';
    }
    return at;
  }

  // --- What Node's JavaScript calls beside parsing

  getCurrentBuffer(): Uint8Array {
    return this.#piece(this.#buffer, 0, this.#buffer.length);
  }
  remove(): void {
    this.#connections?.parsers.delete(this);
  }
  free(): void {
    this.remove();
    this.#forget();
  }
  close(): void {
    this.remove();
    this.#forget();
  }
  pause(): void {}
  resume(): void {}
}

Object.assign(HTTPParser, {
  kOnMessageBegin,
  kOnHeaders,
  kOnHeadersComplete,
  kOnBody,
  kOnMessageComplete,
  kOnExecute,
  kOnTimeout,
  kLenientNone: 0,
  kLenientHeaders,
  kLenientChunkedLength,
  kLenientKeepAlive,
  kLenientTransferEncoding: 8,
  kLenientVersion,
  kLenientDataAfterClose: 32,
  kLenientOptionalLFAfterCR: 64,
  kLenientOptionalCRLFAfterChunk: 128,
  kLenientOptionalCRBeforeLF,
  kLenientSpacesAfterChunkSize: 512,
  kLenientHeaderValueRelaxed: 1024,
  kLenientAll: 1023,
});

export const httpParser: Any = { HTTPParser, ConnectionsList, methods: METHODS, allMethods: ALL_METHODS };
