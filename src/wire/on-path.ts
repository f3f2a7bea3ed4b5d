/** What somebody on the path did to a message: found by where it stands in what its sender sent. */
import type { OnPathSeen, WireConnection, WireMessage } from './model.ts';

export interface OnPathOf {
  readonly seen: OnPathSeen;
  /** The changed byte, counted in the message's own bytes; nothing where it is not among them. */
  readonly changedAt?: number;
}

/** What was done to a message, or to a record that it came in; nothing for most. */
export function onPathOf({ onPath }: WireConnection, message: WireMessage): OnPathOf | undefined {
  if (onPath.size === 0 || message.kind === 'tcp') return undefined;
  const { sender, records, bytes } = message;
  const parts =
    message.at === undefined
      ? records.map(({ at, bytes: { length } }) => ({ at, length }))
      : [{ at: message.at, length: bytes.length }];
  for (const seen of onPath.values()) {
    const part = parts.find(({ at, length }) => at < seen.at + seen.length && seen.at < at + length);
    if (seen.sender !== sender || !part) continue;
    const { change } = seen;
    const changedAt = change && placeIn(message, seen.at + change.offset);
    if (change && changedAt === undefined && message.at !== undefined) continue; // a neighbour's byte
    return { seen, ...(changedAt !== undefined && { changedAt }) };
  }
  return undefined;
}

/** Where a byte of the sender's stream stands in a message, if it is one of its bytes as they were sent. */
function placeIn(message: WireMessage, at: number): number | undefined {
  if (message.kind === 'tcp') return undefined;
  const [record, ...more] = message.records;
  const inPlain = message.at !== undefined && at - message.at;
  const place = inPlain === false ? record && at - record.at - startIn(message, record.bytes) : inPlain;
  const isWhole = more.length === 0 && (message.kind === 'sealed' || message.protection === 'none');
  return isWhole && place !== undefined && place >= 0 && place < message.bytes.length ? place : undefined;
}

/** Where a message begins in the only record that it came in: several of a handshake may share one. RFC 8446 §5.1 */
function startIn({ kind, bytes }: WireMessage & { bytes: Uint8Array }, record: Uint8Array): number {
  if (kind === 'sealed') return 0;
  for (let start = 5; start + bytes.length <= record.length; start++)
    if (bytes.every((byte, index) => record[start + index] === byte)) return start;
  return 5;
}
