/**
 * A capture as a file that Wireshark opens: pcapng (draft-ietf-opsawg-pcapng) with the names of the hosts and the keys
 * inside. The virtual network has no packets, so each segment becomes IP and TCP packets as they would have been.
 */
import { concat } from './bytes.ts';
import type { ConnectionSeen, Seen, SegmentSeen } from './dissector.ts';
import { type Endpoint, type Sender, senderOf } from './model.ts';

const SECTION_HEADER = 0x0a0d0d0a;
const INTERFACE_DESCRIPTION = 1;
const NAME_RESOLUTION = 4;
const ENHANCED_PACKET = 6;
const DECRYPTION_SECRETS = 10;
/** "TLSK": the secrets are lines of a key log. */
const TLS_KEY_LOG = 0x544c534b;
const BYTE_ORDER_MAGIC = 0x1a2b3c4d;
/** Packets begin with their IP header. */
const LINKTYPE_RAW = 101;
const NO_LENGTH = [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff];

const OPTION_END = 0;
const OPTION_COMMENT = 1;
const OPTION_APPLICATION = 4;
const OPTION_INTERFACE_NAME = 2;
const OPTION_TIME_RESOLUTION = 9;
const MICROSECONDS = 6;
const NAME_END = 0;
const NAME_IPV4 = 1;
const NAME_IPV6 = 2;

/** As much TCP payload as fits an IPv4 packet with room to spare. */
const MAX_PAYLOAD = 65_000;
const TCP_PROTOCOL = 6;
const TCP_HEADER_LENGTH = 20;
const [FIN, SYN, RST, PSH, ACK] = [0x01, 0x02, 0x04, 0x08, 0x10];

const text = new TextEncoder();

/** What is written into the file besides the packets. */
export interface PcapngOptions {
  /** The lines of the key log, without line ends. Left out: a file for somebody without the keys. */
  readonly keyLog?: readonly string[];
  /** Shown in the file's properties. */
  readonly comment?: string;
}

/** The bytes of the file. */
export function writePcapng(seen: Iterable<Seen>, { keyLog = [], comment }: PcapngOptions = {}): Uint8Array {
  const packets: Uint8Array[] = [];
  const streams = new Map<number, TcpStream>();
  const names = new Map<string, string>();
  for (const each of seen) {
    if (each.type === 'keylog' || each.type === 'path') continue;
    for (const { address, host } of [each.from, each.to]) names.set(address, host);
    const id = each.type === 'connection' ? each.id : each.connection;
    const stream = streams.get(id) ?? new TcpStream(each);
    streams.set(id, stream);
    const time = each.time;
    for (const packet of stream.packetsFor(each)) packets.push(packetBlock(packet, time));
  }
  const blocks = [sectionHeader(comment), interfaceDescription(), nameResolution(names)];
  if (keyLog.length > 0) blocks.push(decryptionSecrets(keyLog));
  const all = [...blocks, ...packets];
  return concat(all);
}

// --- blocks

/** Type, length, body padded to four bytes, length again. §3.1 */
function block(type: number, ...parts: readonly Uint8Array[]): Uint8Array {
  const body = parts.reduce((sum, { length }) => sum + padded(length), 0);
  const bytes = new Uint8Array(12 + body);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, type, true);
  view.setUint32(4, bytes.length, true);
  let at = 8;
  for (const part of parts) {
    bytes.set(part, at);
    at += padded(part.length);
  }
  view.setUint32(at, bytes.length, true);
  return bytes;
}

const padded = (length: number): number => Math.ceil(length / 4) * 4;

function uint32(...values: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(4 * values.length);
  const view = new DataView(bytes.buffer);
  for (const [index, value] of values.entries()) view.setUint32(4 * index, value, true);
  return bytes;
}

/** An option or a record: its code, its length, its value padded. §3.5 */
function option(code: number, value: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(4 + padded(value.length));
  const view = new DataView(bytes.buffer);
  view.setUint16(0, code, true);
  view.setUint16(2, value.length, true);
  bytes.set(value, 4);
  return bytes;
}

const endOfOptions = option(OPTION_END, new Uint8Array());

function sectionHeader(comment: string | undefined): Uint8Array {
  const start = new Uint8Array(16);
  const view = new DataView(start.buffer);
  view.setUint32(0, BYTE_ORDER_MAGIC, true);
  view.setUint16(4, 1, true);
  start.set(NO_LENGTH, 8);
  const remarks = comment === undefined ? [] : [option(OPTION_COMMENT, text.encode(comment))];
  return block(
    SECTION_HEADER,
    start,
    ...remarks,
    option(OPTION_APPLICATION, text.encode('Handfast')),
    endOfOptions,
  );
}

function interfaceDescription(): Uint8Array {
  const start = new Uint8Array(8); // no limit on a packet's length
  new DataView(start.buffer).setUint16(0, LINKTYPE_RAW, true);
  return block(
    INTERFACE_DESCRIPTION,
    start,
    option(OPTION_INTERFACE_NAME, text.encode('the lab’s network')),
    option(OPTION_TIME_RESOLUTION, Uint8Array.of(MICROSECONDS)),
    endOfOptions,
  );
}

function nameResolution(names: ReadonlyMap<string, string>): Uint8Array {
  const records = [...names].map(([address, name]) => {
    const bytes = addressBytes(address);
    const ended = text.encode(`${name}\0`);
    const code = bytes.length === 4 ? NAME_IPV4 : NAME_IPV6;
    return option(code, concat([bytes, ended]));
  });
  return block(NAME_RESOLUTION, ...records, option(NAME_END, new Uint8Array()));
}

function decryptionSecrets(keyLog: readonly string[]): Uint8Array {
  const lines = text.encode(keyLog.map((line) => `${line}\n`).join(''));
  return block(DECRYPTION_SECRETS, uint32(TLS_KEY_LOG, lines.length), lines);
}

function packetBlock(packet: Uint8Array, milliseconds: number): Uint8Array {
  const microseconds = Math.round(milliseconds * 1000);
  const [high, low] = [Math.floor(microseconds / 2 ** 32), microseconds % 2 ** 32];
  return block(ENHANCED_PACKET, uint32(0, high, low, packet.length, packet.length), packet);
}

// --- TCP and IP

type ConnectionSegment = Exclude<Seen, { type: 'keylog' | 'path' }>;

/** One connection's sequence numbers. RFC 9293 §3.4 */
class TcpStream {
  readonly #ends: Record<Sender, Endpoint>;
  readonly #next: Record<Sender, number> = { client: 0, server: 0 };

  constructor({ from, to }: ConnectionSeen | SegmentSeen) {
    this.#ends = { client: from, server: to };
  }

  packetsFor(seen: ConnectionSegment): Uint8Array[] {
    if (seen.type === 'connection') {
      const syn = this.#packet('client', SYN);
      if (seen.status === 'refused') return [syn, this.#packet('server', RST | ACK)];
      return [syn, this.#packet('server', SYN | ACK), this.#packet('client', ACK)];
    }
    const sender = senderOf(this.#ends, seen.from);
    if (seen.kind === 'fin') return [this.#packet(sender, FIN | ACK)];
    if (seen.kind === 'rst') return [this.#packet(sender, RST | ACK)];
    const packets: Uint8Array[] = [];
    for (let at = 0; at < seen.bytes.length; at += MAX_PAYLOAD)
      packets.push(this.#packet(sender, PSH | ACK, seen.bytes.subarray(at, at + MAX_PAYLOAD)));
    return packets;
  }

  #packet(sender: Sender, flags: number, payload: Uint8Array = new Uint8Array()): Uint8Array {
    const receiver = sender === 'client' ? 'server' : 'client';
    const [from, to] = [this.#ends[sender], this.#ends[receiver]];
    const tcp = new Uint8Array(TCP_HEADER_LENGTH + payload.length);
    const view = new DataView(tcp.buffer);
    view.setUint16(0, from.port);
    view.setUint16(2, to.port);
    view.setUint32(4, this.#next[sender]);
    view.setUint32(8, flags & ACK ? this.#next[receiver] : 0);
    tcp[12] = (TCP_HEADER_LENGTH / 4) << 4;
    tcp[13] = flags;
    view.setUint16(14, 0xffff);
    tcp.set(payload, TCP_HEADER_LENGTH);
    const length = payload.length + (flags & (SYN | FIN) ? 1 : 0);
    this.#next[sender] = (this.#next[sender] + length) % 2 ** 32;
    return ipPacket(addressBytes(from.address), addressBytes(to.address), tcp);
  }
}

function ipPacket(from: Uint8Array, to: Uint8Array, tcp: Uint8Array): Uint8Array {
  const pseudo = new Uint8Array(2 * from.length + 8);
  pseudo.set(from);
  pseudo.set(to, from.length);
  new DataView(pseudo.buffer).setUint32(2 * from.length, tcp.length);
  pseudo[pseudo.length - 1] = TCP_PROTOCOL;
  // RFC 9293 §3.1: the checksum covers the addresses as well.
  new DataView(tcp.buffer).setUint16(16, checksum(pseudo, tcp));
  const header = from.length === 4 ? ipv4Header(from, to, tcp.length) : ipv6Header(from, to, tcp.length);
  return concat([header, tcp]);
}

/** RFC 791 §3.1 */
function ipv4Header(from: Uint8Array, to: Uint8Array, length: number): Uint8Array {
  const header = new Uint8Array(20);
  const view = new DataView(header.buffer);
  header[0] = 0x45;
  view.setUint16(2, header.length + length);
  view.setUint16(6, 0x4000); // not to be fragmented
  header[8] = 64;
  header[9] = TCP_PROTOCOL;
  header.set(from, 12);
  header.set(to, 16);
  view.setUint16(10, checksum(header));
  return header;
}

/** RFC 8200 §3 */
function ipv6Header(from: Uint8Array, to: Uint8Array, length: number): Uint8Array {
  const header = new Uint8Array(40);
  header[0] = 0x60;
  new DataView(header.buffer).setUint16(4, length);
  header[6] = TCP_PROTOCOL;
  header[7] = 64;
  header.set(from, 8);
  header.set(to, 24);
  return header;
}

/** RFC 1071 */
function checksum(...parts: readonly Uint8Array[]): number {
  let sum = 0;
  for (const part of parts) {
    for (let at = 0; at < part.length; at += 2) sum += part[at] * 256 + (part[at + 1] ?? 0);
  }
  while (sum > 0xffff) sum = Math.floor(sum / 0x10000) + (sum % 0x10000);
  return ~sum & 0xffff;
}

/** Four or sixteen bytes. RFC 4291 §2.2 */
function addressBytes(address: string): Uint8Array {
  if (!address.includes(':')) return Uint8Array.from(address.split('.'), Number);
  const [head, tail] = address.split('::').map((half) => (half === '' ? [] : half.split(':')));
  const groups = tail ? [...head, ...new Array(8 - head.length - tail.length).fill('0'), ...tail] : head;
  return Uint8Array.from(
    groups.flatMap((group) => [Number.parseInt(group, 16) >> 8, Number.parseInt(group, 16) & 0xff]),
  );
}
