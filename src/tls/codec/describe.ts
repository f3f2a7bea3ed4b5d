import { Annotator, type Note } from './annotator.ts';
import { codecOf } from './contents.ts';
import { alert, handshake, recordHeader } from './messages.ts';
import { Reader } from './reader.ts';
import { HandshakeType, nameOf } from './registries.ts';
import { changeCipherSpec } from './tls12-messages.ts';
import { type Codec, DecodeError } from './wire.ts';

export interface Described {
  /** As the RFC calls the message: `ClientHello`, `HelloRetryRequest` … */
  readonly name: string;
  /** The tree of its fields. Each byte belongs to exactly one leaf. */
  readonly notes: readonly Note[];
  /** Where the bytes stop following the description, when they do; the rest is then one leaf called `undecoded`. */
  readonly problem?: { readonly field: string; readonly expected: string; readonly actual: string };
}

export interface DescribeContext {
  /** Where the message begins in whatever the reader is shown; added to every offset. */
  readonly base?: number;
  /** The version the connection speaks, where it is known: TLS 1.2 fills some messages differently. TLS 1.3 unless given. */
  readonly version?: number;
}

/** A handshake message, header included, opened to fields and bytes. */
export function describeMessage(bytes: Uint8Array, context: DescribeContext = {}): Described {
  return { name: messageName(bytes), ...describe(handshake, bytes, context) };
}

/** The content of a change_cipher_spec record. */
export function describeChangeCipherSpec(bytes: Uint8Array, context: DescribeContext = {}): Described {
  return { name: 'ChangeCipherSpec', ...describe(changeCipherSpec, bytes, context) };
}

export function describeAlert(bytes: Uint8Array, context: DescribeContext = {}): Described {
  return { name: 'Alert', ...describe(alert, bytes, context) };
}

/** The five bytes before every record. */
export function describeRecordHeader(bytes: Uint8Array, context: DescribeContext = {}): Described {
  return { name: 'TLSPlaintext', ...describe(recordHeader, bytes, context) };
}

/** `ClientHello` for a message that begins with 1; HelloRetryRequest is a ServerHello with a certain random. §4.1.3 */
export function messageName(bytes: Uint8Array): string {
  const type = bytes[0];
  if (type === HandshakeType.server_hello && bytes[6] === 0xcf && bytes[7] === 0x21 && bytes[37] === 0x9c)
    return 'HelloRetryRequest';
  return nameOf(HandshakeType, type)
    .split('_')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');
}

function describe<T>(
  codec: Codec<T>,
  bytes: Uint8Array,
  { base = 0, version }: DescribeContext,
): Pick<Described, 'notes' | 'problem'> {
  const notes = new Annotator(base, (content) => codecOf(content, version));
  const reader = new Reader(bytes, notes);
  try {
    codec(reader);
    reader.finish('message');
    return { notes: notes.notes };
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    notes.giveUp(bytes, bytes.length);
    const { field, expected, actual } = error;
    return { notes: notes.notes, problem: { field, expected, actual } };
  }
}
