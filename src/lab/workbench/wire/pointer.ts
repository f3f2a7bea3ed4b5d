/**
 * A message of a lab, as a link names it: `#wire=STEP/SENDER/NAME`, and `/2` for the second of that name. An HTTP message
 * that is something in OAuth is named for that: its first line may hold a random `state` or `code`.
 */
import { ui } from '../../../text/index.ts';
import type { MessageRow, Row } from './rows.ts';

export interface Pointer {
  /** The step in which it is said. */
  readonly step: string;
  readonly sender: 'client' | 'server';
  /** As the view calls it: `CertificateVerify`, `GET /ledger HTTP/1.1`, `token request`. */
  readonly name: string;
  /** From 1. */
  readonly nth: number;
}

const START = '#wire=';

/** What a link's hash points at; nothing where it is another hash, or broken. */
export function readPointer(hash: string): Pointer | undefined {
  if (!hash.startsWith(START)) return undefined;
  const [step, sender, name, nth = '1'] = hash.slice(START.length).split('/').map(decoded);
  if (!step || !name || (sender !== 'client' && sender !== 'server') || !/^[1-9]\d*$/.test(nth))
    return undefined;
  return { step, sender, name, nth: Number(nth) };
}

/** The hash that points at a row of the view. */
export function writePointer(step: string, row: MessageRow, rows: readonly Row[]): string {
  const name = meaningOf(row) ?? row.name;
  const alike = rows.filter((each) => isLike(each, row.message.sender, name));
  const nth = alike.indexOf(row) + 1;
  const parts = [step, row.message.sender, name, ...(nth > 1 ? [String(nth)] : [])];
  return `${START}${parts.map(encodeURIComponent).join('/')}`;
}

/** The row that a pointer means, once it is there. */
export function rowAt(rows: readonly Row[], { sender, name, nth }: Pointer): Row | undefined {
  return rows.filter((row) => isLike(row, sender, name))[nth - 1];
}

function isLike(row: Row, sender: Pointer['sender'], name: string): row is MessageRow {
  if (row.kind !== 'message' || row.message.sender !== sender) return false;
  return row.name === name || meaningOf(row) === name;
}

/** What an HTTP message is in OAuth; of the others the note says how they travelled. */
function meaningOf({ message, note, cover }: MessageRow): string | undefined {
  return message.kind === 'http' && note !== ui.wire.cover[cover] ? note : undefined;
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return ''; // a stray percent sign: then it points at nothing
  }
}
