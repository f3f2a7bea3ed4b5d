/** Whose eyes look at the capture: what a party to a connection reads, and what somebody between the ends gets of it. */
import type { SealedRecord, WireConnection, WireMessage, WireRecord } from './model.ts';

/**
 * `everything`: every key that was logged, as the author of the lab has them. `observer`: somebody on the path, with no
 * keys. A host: what its own connections carry, and of the others what an observer gets.
 */
export type Eyes = 'everything' | 'observer' | { readonly host: string };

/** Whether these eyes have the keys of the connection. */
export function hasKeys(eyes: Eyes, { client, server }: WireConnection): boolean {
  if (typeof eyes === 'string') return eyes === 'everything';
  return client.host === eyes.host || server.host === eyes.host;
}

/** What these eyes see of a connection, in the order of the wire. */
export function seenBy(eyes: Eyes, connection: WireConnection): WireMessage[] {
  const canRead = hasKeys(eyes, connection);
  const messages = connection.messages.filter(({ protection }) => canRead || protection === 'none');
  const sealed = connection.records
    .filter((record) => isSealed(record, canRead, connection.isReading))
    .map((record) => sealedRecord(connection, record));
  return [...messages, ...sealed].sort((a, b) => placeOf(a) - placeOf(b) || a.order - b.order);
}

/** Where it stands in the capture. Keys may be logged late, so a message can be read long after its record came. */
export function placeOf({ records, order }: WireMessage): number {
  return records.at(-1)?.order ?? order;
}

function isSealed({ inner, isDamaged }: WireRecord, canRead: boolean, isReading: boolean): boolean {
  // Who has the keys is told of damage, and not troubled with what will be read in a moment.
  if (inner === undefined) return !(canRead && (isDamaged || isReading));
  return !canRead && inner.protection !== 'none';
}

function sealedRecord({ id }: WireConnection, record: WireRecord): SealedRecord {
  const { sender, time, order, bytes } = record;
  return {
    kind: 'sealed',
    name: 'encrypted record',
    connection: id,
    sender,
    time,
    order,
    records: [record],
    protection: 'application',
    bytes,
  };
}
