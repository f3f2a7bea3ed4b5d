/** A message opened: a tree of fields, each with its bytes, its value in words, what it is for and where that is written. */
import {
  describeAlert,
  describeChangeCipherSpec,
  describeMessage,
  describeRecordHeader,
  HandshakeType,
  hex,
  type Note,
} from '../tls/codec/index.ts';
import { certificateNotes } from './certificate-notes.ts';
import { httpNotes } from './http-notes.ts';
import type { TlsFacts, WireMessage } from './model.ts';

export interface OpenedMessage {
  /** What the tree is about: its offsets count from here. */
  readonly bytes: Uint8Array;
  readonly notes: readonly Note[];
  /** Where the bytes stop following the description, when they do. */
  readonly problem?: { readonly field: string; readonly expected: string; readonly actual: string };
}

/** Opens a message; `tls`: what its connection has settled. */
export function openMessage(message: WireMessage, tls: TlsFacts): OpenedMessage {
  switch (message.kind) {
    case 'tcp':
      return { bytes: new Uint8Array(), notes: [] };
    case 'handshake': {
      const { bytes } = message;
      const { notes, problem } = describeMessage(
        bytes,
        tls.version === undefined ? {} : { version: tls.version },
      );
      const opened = bytes[0] === HandshakeType.certificate ? withCertificates(notes, bytes) : notes;
      return { bytes, notes: opened, ...(problem && { problem }) };
    }
    case 'alert':
      return { bytes: message.bytes, ...described(describeAlert(message.bytes)) };
    case 'change_cipher_spec':
      return { bytes: message.bytes, ...described(describeChangeCipherSpec(message.bytes)) };
    case 'http':
      return { bytes: message.bytes, notes: httpNotes(message.bytes, message.http) };
    case 'data':
      return {
        bytes: message.bytes,
        notes: [leaf('data', message.bytes, 0, 'What an application sent.', 'RFC 8446 §5.2')],
      };
    case 'sealed':
      return { bytes: message.bytes, notes: sealedNotes(message.bytes) };
  }
}

const described = ({ notes, problem }: ReturnType<typeof describeAlert>) => ({
  notes,
  ...(problem && { problem }),
});

/** What somebody without the keys reads of a record: its header, which hides what is inside. */
function sealedNotes(bytes: Uint8Array): Note[] {
  const header = describeRecordHeader(bytes.subarray(0, 5));
  const words = 'Ciphertext: without the keys it tells its length, and nothing else.';
  return [...header.notes, leaf('encrypted_record', bytes.subarray(5), 5, words, 'RFC 8446 §5.2')];
}

function leaf(name: string, bytes: Uint8Array, offset: number, words: string, section: string): Note {
  return { name, value: hex(bytes), offset, length: bytes.length, words, section, children: [] };
}

/** Puts the certificates' own fields where the codec has bytes in DER. */
function withCertificates(notes: readonly Note[], bytes: Uint8Array): Note[] {
  return notes.map((note) => {
    const isDer =
      note.children.length === 0 && bytes[note.offset] === 0x30 && CERTIFICATE_FIELDS.has(note.name);
    if (!isDer) return { ...note, children: withCertificates(note.children, bytes) };
    return {
      ...note,
      children: certificateNotes(bytes.subarray(note.offset, note.offset + note.length), note.offset),
    };
  });
}

/** What the codec calls the leaf that holds a certificate: in TLS 1.3, and in TLS 1.2. */
const CERTIFICATE_FIELDS = new Set(['cert_data', 'ASN.1Cert']);
