/** One connection from its first segment to its last: finds out what is spoken on it, and collects what was said. */
import { concat } from './bytes.ts';
import { HttpReader, looksLikeHttp, type ReadHttp } from './http.ts';
import type { KeyLog } from './keylog.ts';
import type {
  Endpoint,
  Found,
  HttpWireMessage,
  OnPathSeen,
  Sender,
  WireConnection,
  WireMessage,
  WireRecord,
} from './model.ts';
import { TlsConversation } from './tls-conversation.ts';

/** Bytes of one side that have not told yet what they are. */
interface Unknown {
  parts: Uint8Array[];
  length: number;
  time: number;
}

/** One direction of the application: with records where TLS carried it, without where it went in the clear. */
interface Stream {
  reader: HttpReader;
  /** The records that the unread bytes came in. */
  records: WireRecord[];
  isHttp: boolean;
  time: number;
}

/** What the conversations of one capture share. */
export interface Surroundings {
  readonly keys: KeyLog;
  /** On which connection each ticket was given, by the ticket in hex. */
  readonly tickets: Map<string, WireConnection>;
  nextOrder(): number;
}

export class Conversation implements WireConnection {
  readonly id: number;
  readonly client: Endpoint;
  readonly server: Endpoint;
  protocol: WireConnection['protocol'];
  readonly tls: WireConnection['tls'] = {};
  readonly records: WireRecord[] = [];
  readonly messages: WireMessage[] = [];
  readonly sent = { client: 0, server: 0 };
  readonly onPath = new Map<number, OnPathSeen>();
  /** How many bytes of each side the messages have that came without TLS. */
  readonly #plainSent = { client: 0, server: 0 };
  isReading = false;
  readonly #around: Surroundings;
  readonly #conversation: TlsConversation;
  readonly #early: Record<Sender, Unknown> = { client: unknown(), server: unknown() };
  readonly #streams: Record<Sender, Stream>;
  /** Who sends no more, and since when. */
  readonly #ended = new Map<Sender, number>();
  /** Requests that have no answer yet, the first one first. RFC 9112 §9.3.2 */
  readonly #asked: HttpWireMessage[] = [];

  constructor(id: number, ends: { client: Endpoint; server: Endpoint }, around: Surroundings) {
    this.id = id;
    this.client = ends.client;
    this.server = ends.server;
    this.#around = around;
    this.#streams = {
      client: stream(new HttpReader('request')),
      server: stream(new HttpReader('response', () => this.#asked[0]?.http.method)),
    };
    this.#conversation = new TlsConversation(this.tls, around.keys, {
      ticket: (ticket) => around.tickets.set(ticket, this),
      found: (message) => this.#add(message),
      data: (sender, bytes, record) => this.#data(sender, bytes, record.time, record),
    });
  }

  get resumes(): WireConnection | undefined {
    const { resumedTicket } = this.tls;
    return resumedTicket === undefined ? undefined : this.#around.tickets.get(resumedTicket);
  }

  tcp(name: 'open' | 'refused' | 'fin' | 'rst', sender: Sender, time: number): void {
    if (name === 'fin' || name === 'rst') {
      this.#ended.set(sender, time);
      this.#endWhatIsRead();
    }
    this.#add({ kind: 'tcp', name, sender, time, records: [], protection: 'none' });
  }

  segment(sender: Sender, bytes: Uint8Array, time: number): void {
    this.sent[sender] += bytes.length;
    if (this.protocol === undefined) this.#guess(sender, bytes, time);
    else this.#pass(sender, bytes, time);
  }

  /** Reads one record more, if one can be read. */
  advance(): boolean {
    if (this.protocol !== 'tls' || !this.#conversation.advance()) return false;
    this.#endWhatIsRead();
    return true;
  }

  /** A side has ended once it sends no more and all it sent has been read: keys may come late. */
  #endWhatIsRead(): void {
    for (const [sender, time] of this.#ended) {
      if (this.unread.some((record) => record.sender === sender)) continue;
      this.#ended.delete(sender);
      this.#end(sender, time);
    }
  }

  /** Records whose keys nobody has logged so far. */
  get unread(): readonly WireRecord[] {
    return this.#conversation.unread;
  }

  /** RFC 8446 §5.1: a record begins with its type and 03; whatever the client says first decides. */
  #guess(sender: Sender, bytes: Uint8Array, time: number): void {
    const early = this.#early[sender];
    early.parts.push(bytes);
    early.length += bytes.length;
    early.time = time;
    const start = concat(early.parts);
    if (start.length < 2) return;
    const isRecord = start[0] >= 20 && start[0] <= 23 && start[1] === 3;
    const isHttp = sender === 'client' ? looksLikeHttp(start) : start[0] === 0x48;
    if (!isRecord && isHttp === undefined) return;
    this.protocol = isRecord ? 'tls' : isHttp ? 'http' : 'unknown';
    for (const side of ['client', 'server'] as const) {
      const { parts, length, time } = this.#early[side];
      if (length > 0) this.#pass(side, concat(parts), time);
    }
  }

  #pass(sender: Sender, bytes: Uint8Array, time: number): void {
    if (this.protocol === 'tls') {
      this.records.push(...this.#conversation.push(sender, bytes, time, this.#around.nextOrder));
    } else this.#data(sender, bytes, time);
  }

  #data(sender: Sender, bytes: Uint8Array, time: number, record?: WireRecord): void {
    const side = this.#streams[sender];
    if (!side.isHttp) {
      this.#plain(sender, bytes, time, record ? [record] : []);
      return;
    }
    if (record && bytes.length > 0) side.records.push(record);
    side.time = time;
    const found = side.reader.read(bytes);
    for (const [index, each] of found.entries()) this.#http(sender, each, index < found.length - 1);
    if (side.reader.hasFailed) this.#giveUpHttp(sender);
  }

  /** What has come of a message that never became whole is shown as bytes. */
  #giveUpHttp(sender: Sender): void {
    const side = this.#streams[sender];
    side.isHttp = false;
    if (side.reader.unread.length > 0)
      this.#plain(sender, side.reader.unread.slice(), side.time, side.records);
    side.records = [];
  }

  #end(sender: Sender, time: number): void {
    const early = this.#early[sender];
    if (this.protocol === undefined && early.length > 0) {
      this.protocol = 'unknown';
      this.#pass(sender, concat(early.parts), early.time);
    }
    const side = this.#streams[sender];
    if (!side.isHttp) return;
    side.time = time;
    for (const each of side.reader.end()) this.#http(sender, each, false);
    if (side.reader.unread.length > 0) this.#giveUpHttp(sender);
  }

  #http(sender: Sender, { message, bytes }: ReadHttp, sharesLastRecord: boolean): void {
    const side = this.#streams[sender];
    const records = side.records;
    const last = records.at(-1);
    const isShared = last !== undefined && (sharesLastRecord || side.reader.unread.length > 0);
    side.records = isShared ? [last] : [];
    const isFinal = message.kind === 'response' && (message.status ?? 0) >= 200;
    const request = message.kind === 'response' ? this.#asked[0] : undefined;
    if (isFinal) this.#asked.shift();
    const made = this.#add({
      kind: 'http',
      name: startLine(message),
      sender,
      time: side.time,
      records,
      protection: records.length > 0 ? 'application' : 'none',
      bytes,
      http: message,
      ...(request && { request }),
    });
    if (message.kind === 'request') this.#asked.push(made as HttpWireMessage);
  }

  #plain(sender: Sender, bytes: Uint8Array, time: number, records: readonly WireRecord[]): void {
    if (bytes.length === 0) return;
    const protection = records.length > 0 ? 'application' : 'none';
    this.#add({ kind: 'data', name: 'application data', sender, time, records, protection, bytes });
  }

  #placeOf(found: Found): { at?: number } {
    if (found.records.length > 0 || (found.kind !== 'http' && found.kind !== 'data')) return {};
    const at = this.#plainSent[found.sender];
    this.#plainSent[found.sender] += found.bytes.length;
    return { at };
  }

  #add(found: Found): WireMessage {
    const message = {
      ...found,
      connection: this.id,
      order: this.#around.nextOrder(),
      ...this.#placeOf(found),
    } as WireMessage;
    this.messages.push(message);
    return message;
  }
}

const unknown = (): Unknown => ({ parts: [], length: 0, time: 0 });
const stream = (reader: HttpReader): Stream => ({ reader, records: [], isHttp: true, time: 0 });

function startLine({ kind, method, target, status, reason, version }: ReadHttp['message']): string {
  return kind === 'request' ? `${method} ${target} ${version}` : `${version} ${status} ${reason}`.trimEnd();
}
