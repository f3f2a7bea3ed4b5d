/**
 * Two runs of the same, compared: which messages are new, which are gone, and in which fields the others differ. What is
 * different in every run, because it is random or tells the time, is set apart.
 */
import type { Note } from '../tls/codec/index.ts';
import { openMessage } from './describe.ts';
import type { WireConnection, WireMessage } from './model.ts';

/** A field that had other values; a list that lost or gained some has only those. */
export interface FieldChange {
  readonly field: string;
  readonly before: readonly string[];
  readonly after: readonly string[];
}

export interface MessageChange {
  readonly kind: 'new' | 'gone' | 'changed';
  /** Of the later run, unless the message is gone. */
  readonly connection: WireConnection;
  readonly message: WireMessage;
  readonly fields: readonly FieldChange[];
}

export interface Comparison {
  readonly changes: readonly MessageChange[];
  /** Messages that are there in both runs and differ in nothing, or only in what always differs. */
  readonly same: number;
  /** Names of fields that differed and do so in every run. */
  readonly random: readonly string[];
  /** How many messages were too many to be compared field by field. */
  readonly skipped: number;
}

/** More are not opened: comparing is done at once. */
const MAX_OPENED = 600;
/** Beyond this many comparisons of names, messages are matched in their order. */
const MAX_CELLS = 250_000;

/** Compares the connections of an earlier and of a later run. */
export function compareRuns(before: readonly WireConnection[], after: readonly WireConnection[]): Comparison {
  const changes: MessageChange[] = [];
  const random = new Set<string>();
  let [same, skipped, opened] = [0, 0, 0];
  for (const [earlier, later] of pairs(before, after, connectionName)) {
    const found = pairs(said(earlier), said(later), messageName);
    for (const [first, second] of found) {
      if (!first && later && second)
        changes.push({ kind: 'new', connection: later, message: second, fields: [] });
      else if (!second && earlier && first)
        changes.push({ kind: 'gone', connection: earlier, message: first, fields: [] });
      if (!first || !second || !earlier || !later) continue;
      if (isEqual(first, second)) {
        same += 1;
        continue;
      }
      if (opened >= MAX_OPENED) {
        skipped += 1;
        continue;
      }
      opened += 1;
      const fields = fieldChanges(leavesOf(first, earlier), leavesOf(second, later), random);
      if (fields.length === 0) same += 1;
      else changes.push({ kind: 'changed', connection: later, message: second, fields });
    }
  }
  return { changes, same, random: [...random].sort(), skipped };
}

const connectionName = ({ client, server }: WireConnection) => `${client.host} ${server.host} ${server.port}`;

/** How a connection ends is a matter of who is stopped first: that is no difference between runs. */
const said = (connection: WireConnection | undefined): WireMessage[] =>
  connection?.messages.filter(({ kind, name }) => kind !== 'tcp' || name === 'refused') ?? [];

/** What a message is called in any run: no query, which may hold random values. */
function messageName(message: WireMessage): string {
  const name = message.kind === 'http' ? message.name.replace(/\?\S*/, '') : message.name;
  return `${message.sender} ${message.kind} ${name}`;
}

function isEqual(first: WireMessage, second: WireMessage): boolean {
  if (first.kind === 'tcp' || second.kind === 'tcp') return true;
  const { bytes } = second;
  return first.bytes.length === bytes.length && first.bytes.every((byte, at) => byte === bytes[at]);
}

/** The items of two lists side by side, in order, alike ones together: their longest common subsequence. */
function pairs<Item>(
  first: readonly Item[],
  second: readonly Item[],
  nameOf: (item: Item) => string,
): [Item | undefined, Item | undefined][] {
  const [a, b] = [first.map(nameOf), second.map(nameOf)];
  const isLarge = a.length * b.length > MAX_CELLS;
  const width = b.length + 1;
  const lengths = new Uint32Array(isLarge ? 0 : (a.length + 1) * width);
  for (let i = a.length - 1; i >= 0 && !isLarge; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      const [down, right] = [lengths[(i + 1) * width + j], lengths[i * width + j + 1]];
      lengths[i * width + j] = a[i] === b[j] ? 1 + lengths[(i + 1) * width + j + 1] : Math.max(down, right);
    }
  }
  const found: [Item | undefined, Item | undefined][] = [];
  for (let i = 0, j = 0; i < a.length || j < b.length; ) {
    if (i < a.length && j < b.length && a[i] === b[j]) found.push([first[i++], second[j++]]);
    else if (j >= b.length) found.push([first[i++], undefined]);
    else if (i >= a.length) found.push([undefined, second[j++]]);
    else if (isLarge || lengths[(i + 1) * width + j] >= lengths[i * width + j + 1])
      found.push([first[i++], undefined]);
    else found.push([undefined, second[j++]]);
  }
  return found;
}

// --- fields

interface Leaf {
  readonly name: string;
  readonly value: string;
}

/** Names that only hold a field, and say nothing by themselves. */
const FRAMES = new Set([
  'body',
  'extensions',
  'Extension',
  'extension_data',
  'Certificate',
  'tbsCertificate',
]);

/** The leaves of a message by where they stand in it. A length only follows what has it. */
function leavesOf(message: WireMessage, { tls }: WireConnection): Map<string, Leaf[]> {
  const leaves = new Map<string, Leaf[]>();
  const visit = (notes: readonly Note[], path: readonly string[]) => {
    for (const note of notes) {
      if (note.name === 'length') continue;
      const extension = note.children.find(({ name }) => name === 'extension_type')?.value.split(' ')[0];
      const step = extension ?? note.name;
      const here = FRAMES.has(step) || path.at(-1) === step ? path : [...path, step];
      if (note.children.length > 0) {
        visit(note.children, here);
        continue;
      }
      const key = (here.length > 0 ? here : [note.name]).join('.');
      leaves.set(key, [...(leaves.get(key) ?? []), { name: note.name, value: readable(note) }]);
    }
  };
  visit(openMessage(message, tls).notes, []);
  return leaves;
}

/** Application data is shown as text where it is one. */
function readable({ name, value }: Note): string {
  if (name !== 'data' || !/^([0-9a-f]{2})+$/.test(value)) return value;
  const bytes = Uint8Array.from(value.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
  const text = new TextDecoder().decode(bytes);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what makes it no text
  return /[\u0000-\u0008\u000e-\u001f\ufffd]/.test(text) ? value : text;
}

function fieldChanges(
  before: ReadonlyMap<string, readonly Leaf[]>,
  after: ReadonlyMap<string, readonly Leaf[]>,
  random: Set<string>,
): FieldChange[] {
  const changes: FieldChange[] = [];
  for (const field of new Set([...before.keys(), ...after.keys()])) {
    const [was, is] = [before.get(field) ?? [], after.get(field) ?? []];
    const [lost, gained] = [without(was, is), without(is, was)];
    if (lost.length === 0 && gained.length === 0) continue;
    const onlyRandom = without(was, is, masked).length === 0 && without(is, was, masked).length === 0;
    if (onlyRandom && was.length === is.length) random.add((was[0] ?? is[0]).name);
    else changes.push({ field, before: lost.map(textOf), after: gained.map(textOf) });
  }
  return changes;
}

const textOf = ({ value }: Leaf): string => value;

/** What of a list another list has not, counted. */
function without(
  list: readonly Leaf[],
  other: readonly Leaf[],
  read: (leaf: Leaf) => string = textOf,
): Leaf[] {
  const left = other.map(read);
  return list.filter((leaf) => {
    const at = left.indexOf(read(leaf));
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
}

/** Fields of TLS that are random, or computed from what is. */
const RANDOM = new Set([
  'random',
  'legacy_session_id',
  'legacy_session_id_echo',
  'session_id',
  'key_exchange',
  'public',
  'signature',
  'verify_data',
  'ticket',
  'ticket_age_add',
  'ticket_nonce',
  'obfuscated_ticket_age',
  'identity',
  'PskBinderEntry',
  'point',
]);

/** Hex of a certificate's or of TLS's own fields, which are compared as they are. */
const HEX = /^([0-9a-f]{2})+$/;

/** A value without what differs in every run: dates, times in seconds, tokens, codes, keys. */
function masked({ name, value }: Leaf): string {
  // In a certificate `signature` is the name of an algorithm.
  if (RANDOM.has(name) && (name !== 'signature' || HEX.test(value))) return '';
  if (name.toLowerCase() === 'date') return '';
  if (HEX.test(value)) return value;
  return value.replaceAll(/[\w-]{8,}\.[\w-]{8,}\.[\w-]*|[\w-]{16,}/g, '…').replaceAll(/\b1\d{9}\b/g, '…');
}
