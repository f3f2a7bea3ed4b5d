/**
 * Follows one TLS connection as one who only listens: records in, messages out. It opens what the key log has keys for;
 * a record whose key has not been logged yet waits, for the log and the wire reach us by different ways.
 */
import { hexToBytes } from '@noble/hashes/utils.js';
import {
  AlertDescription,
  ContentType,
  clientHello,
  decode,
  ExtensionType,
  HandshakeType,
  hex,
  messageName,
  nameOf,
  newSessionTicket,
  newSessionTicket12,
  offeredPsks,
  ProtocolVersion,
  readExtension,
  selectedIdentity,
  selectedVersion,
  serverHello,
  serverNameList,
} from '../tls/codec/index.ts';
import { openerOf, openersOf12, type RecordOpener } from '../tls/passive.ts';
import { concat } from './bytes.ts';
import type { KeyLog, SecretLabel } from './keylog.ts';
import type { Found, Protection, Sender, TlsFacts, WireRecord } from './model.ts';
import { contentOf, headerOf, RecordSplitter } from './records.ts';

/** Says that a record cannot be opened yet. */
const WAITS = Symbol('waits');

type Inner = NonNullable<WireRecord['inner']>;

/** One direction. */
class Side {
  readonly sender: Sender;
  readonly splitter: RecordSplitter;
  /** Records that have come and have not been read yet. */
  readonly waiting: WireRecord[] = [];
  /** The keys in use. */
  protection: Protection = 'none';
  opener: RecordOpener | undefined;
  /** Parts of a handshake message that is not whole yet, and the records they came in. */
  parts: Uint8Array[] = [];
  partRecords: WireRecord[] = [];

  constructor(sender: Sender) {
    this.sender = sender;
    this.splitter = new RecordSplitter(sender);
  }
}

export interface Listener {
  found(message: Found): void;
  /** The server has given the client this ticket, in hex. */
  ticket(ticket: string): void;
  /** Application data of one side, in order. */
  data(sender: Sender, bytes: Uint8Array, record: WireRecord): void;
}

export class TlsConversation {
  readonly facts: TlsFacts;
  readonly #keys: KeyLog;
  readonly #listener: Listener;
  readonly #sides = { client: new Side('client'), server: new Side('server') };
  /** TLS 1.2: the openers of both directions, each used after its side's ChangeCipherSpec. */
  /** Hex of the tickets that the last ClientHello offered, in its order. */
  #offeredTickets: string[] = [];
  #offeredTicket12: string | undefined;
  #hasServerCertificate = false;
  #openers12: { readonly client: RecordOpener; readonly server: RecordOpener } | undefined;

  constructor(facts: TlsFacts, keys: KeyLog, listener: Listener) {
    this.facts = facts;
    this.#keys = keys;
    this.#listener = listener;
  }

  /** Cuts what one side sent into records. They are read by `advance`. */
  push(sender: Sender, bytes: Uint8Array, time: number, order: () => number): WireRecord[] {
    const side = this.#sides[sender];
    const records = side.splitter.push(bytes, time, order);
    side.waiting.push(...records);
    return records;
  }

  /** Reads the next record that can be read; says whether there was one. Also after lines have come to the key log. */
  advance(): boolean {
    // In the order of the wire: what one side may say depends on what the other has said.
    const [first, second] = [this.#sides.client, this.#sides.server].sort(
      (a, b) => (a.waiting[0]?.order ?? Infinity) - (b.waiting[0]?.order ?? Infinity),
    );
    return this.#advanceSide(first) || this.#advanceSide(second);
  }

  /** The records that could not be read so far. */
  get unread(): readonly WireRecord[] {
    return [...this.#sides.client.waiting, ...this.#sides.server.waiting];
  }

  #advanceSide(side: Side): boolean {
    const [record] = side.waiting;
    if (!record) return false;
    const inner = this.#open(side, record);
    if (inner === WAITS) return false;
    side.waiting.shift();
    if (inner === undefined) this.#damaged(side, record);
    else {
      record.inner = inner;
      this.#read(side, record, inner);
    }
    return true;
  }

  /** What the record holds; nothing when it does not decrypt under its keys. */
  #open(side: Side, record: WireRecord): Inner | typeof WAITS | undefined {
    const plain = { type: record.outerType, content: contentOf(record), protection: 'none' } as const;
    const isEncrypted = this.#isEncrypted(side, record);
    if (isEncrypted === undefined) return WAITS;
    if (!isEncrypted) return plain;
    if (!side.opener && !this.#findKeys(side)) return WAITS;
    try {
      const opened = side.opener?.open(headerOf(record), contentOf(record));
      return opened && { ...opened, protection: side.protection };
    } catch {
      return undefined;
    }
  }

  /** Nothing as long as the version is not known, on which it depends. */
  #isEncrypted(side: Side, record: WireRecord): boolean | undefined {
    if (record.outerType === ContentType.change_cipher_spec) return false;
    if (this.facts.version === ProtocolVersion['TLSv1.3']) {
      // §5.2: everything encrypted calls itself application_data; an alert or a hello in the clear does not.
      return record.outerType === ContentType.application_data;
    }
    if (side.protection !== 'none') return true;
    return record.outerType === ContentType.application_data ? undefined : false;
  }

  #findKeys(side: Side): boolean {
    const { version, cipherSuite, clientRandom, serverRandom } = this.facts;
    if (cipherSuite === undefined || clientRandom === undefined || serverRandom === undefined) return false;
    if (version === ProtocolVersion['TLSv1.3']) {
      if (side.protection === 'none') side.protection = 'handshake';
      const secret = this.#keys.secret(labelOf(side.sender, side.protection), clientRandom);
      side.opener = secret && openerOf(cipherSuite, secret);
    } else {
      const master = this.#keys.secret('CLIENT_RANDOM', clientRandom);
      this.#openers12 ??=
        master && openersOf12(cipherSuite, master, hexToBytes(clientRandom), hexToBytes(serverRandom));
      side.opener = this.#openers12?.[side.sender];
    }
    return side.opener !== undefined;
  }

  #damaged(side: Side, record: WireRecord): void {
    record.isDamaged = true;
    this.#listener.found({
      kind: 'sealed',
      name: 'damaged record',
      sender: side.sender,
      time: record.time,
      records: [record],
      protection: side.protection,
      bytes: record.bytes,
    });
  }

  #read(side: Side, record: WireRecord, { type, content, protection }: Inner): void {
    const common = { sender: side.sender, time: record.time, records: [record], protection, bytes: content };
    switch (type) {
      case ContentType.handshake:
        this.#readHandshake(side, record, content, protection);
        return;
      case ContentType.alert: {
        const name = content.length === 2 ? nameOf(AlertDescription, content[1]) : 'unreadable alert';
        this.#listener.found({ kind: 'alert', name, ...common });
        return;
      }
      case ContentType.change_cipher_spec:
        this.#listener.found({ kind: 'change_cipher_spec', name: 'ChangeCipherSpec', ...common });
        // In TLS 1.3 it means nothing (Appendix D.4); in TLS 1.2 the sender's next record is encrypted.
        if (this.facts.version === ProtocolVersion['TLSv1.3'] || this.facts.version === undefined) return;
        side.protection = 'application';
        // RFC 5077 §3.1: a server that goes on without a Certificate has taken the ticket.
        if (side.sender === 'server' && !this.#hasServerCertificate && this.#offeredTicket12 !== undefined)
          this.facts.resumedTicket = this.#offeredTicket12;
        return;
      case ContentType.application_data:
        this.#listener.data(side.sender, content, record);
        return;
      default:
        this.#listener.found({ kind: 'data', name: 'application data', ...common });
    }
  }

  /** Messages may share a record, and one may fill several. §5.1 */
  #readHandshake(side: Side, record: WireRecord, content: Uint8Array, protection: Protection): void {
    side.parts.push(content);
    side.partRecords.push(record);
    let bytes = concat(side.parts);
    while (bytes.length >= 4) {
      const length = 4 + bytes[1] * 0x10000 + bytes[2] * 0x100 + bytes[3];
      if (bytes.length < length) break;
      const message = bytes.subarray(0, length);
      this.#listener.found({
        kind: 'handshake',
        name: messageName(message),
        sender: side.sender,
        time: record.time,
        records: side.partRecords,
        protection,
        bytes: message,
      });
      bytes = bytes.subarray(length);
      side.partRecords = bytes.length > 0 ? [record] : [];
      this.#learn(side, message);
    }
    side.parts = bytes.length > 0 ? [bytes] : [];
  }

  /** What a message tells about those that follow. */
  #learn(side: Side, message: Uint8Array): void {
    const body = message.subarray(4);
    const name = messageName(message);
    const isNew = this.facts.version === ProtocolVersion['TLSv1.3'];
    if (name === 'ClientHello') this.#learnClientHello(body);
    else if (name === 'ServerHello' || name === 'HelloRetryRequest') this.#learnServerHello(body);
    else if (message[0] === HandshakeType.certificate && side.sender === 'server')
      this.#hasServerCertificate = true;
    else if (message[0] === HandshakeType.new_session_ticket) this.#learnTicket(body, isNew);
    else if (message[0] === HandshakeType.finished && isNew) {
      side.protection = 'application';
      side.opener = undefined;
    } else if (message[0] === HandshakeType.key_update && isNew) side.opener?.update();
  }

  #learnTicket(body: Uint8Array, isNew: boolean): void {
    const ticket = orNothing(() =>
      isNew
        ? decode(newSessionTicket, body, 'NewSessionTicket').ticket
        : decode(newSessionTicket12, body, 'NewSessionTicket').ticket,
    );
    if (ticket) this.#listener.ticket(hex(ticket));
  }

  #learnClientHello(body: Uint8Array): void {
    const hello = orNothing(() => decode(clientHello, body, 'ClientHello'));
    if (!hello) return;
    this.facts.clientRandom = hex(hello.random);
    const names = orNothing(() =>
      readExtension(hello.extensions ?? [], ExtensionType.server_name, serverNameList),
    );
    const offer = orNothing(() =>
      readExtension(hello.extensions ?? [], ExtensionType.pre_shared_key, offeredPsks),
    );
    this.#offeredTickets = offer?.identities.map(({ identity }) => hex(identity)) ?? [];
    const ticket12 = hello.extensions?.find(({ type }) => type === ExtensionType.session_ticket)?.data;
    this.#offeredTicket12 = ticket12?.length ? hex(ticket12) : undefined;
    const [name] = names ?? [];
    if (name) this.facts.serverName = String.fromCharCode(...name.name);
  }

  #learnServerHello(body: Uint8Array): void {
    const hello = orNothing(() => decode(serverHello, body, 'ServerHello'));
    if (!hello) return;
    const selected = orNothing(() =>
      readExtension(hello.extensions ?? [], ExtensionType.supported_versions, selectedVersion),
    );
    this.facts.version = selected ?? hello.legacyVersion;
    this.facts.cipherSuite = hello.cipherSuite;
    this.facts.serverRandom = hex(hello.random);
    const chosen = orNothing(() =>
      readExtension(hello.extensions ?? [], ExtensionType.pre_shared_key, selectedIdentity),
    );
    if (chosen !== undefined && this.#offeredTickets[chosen] !== undefined)
      this.facts.resumedTicket = this.#offeredTickets[chosen];
  }
}

/** An end may send what does not follow the description: then nothing is learnt from it. */
function orNothing<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

function labelOf(sender: Sender, protection: Protection): SecretLabel {
  if (protection === 'handshake')
    return sender === 'client' ? 'CLIENT_HANDSHAKE_TRAFFIC_SECRET' : 'SERVER_HANDSHAKE_TRAFFIC_SECRET';
  return sender === 'client' ? 'CLIENT_TRAFFIC_SECRET_0' : 'SERVER_TRAFFIC_SECRET_0';
}
