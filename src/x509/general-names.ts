/** GeneralName: who a certificate speaks for (RFC 5280 §4.2.1.6), and the text Node makes of it. */
import { equal, latin1 } from './bytes.ts';
import {
  contextConstructed,
  contextPrimitive,
  type DerNode,
  Fields,
  readObjectIdentifier,
  Tag,
} from './der.ts';
import { X509Error } from './errors.ts';
import { type Name, nameTextReversed, readDirectoryString, readName } from './names.ts';

export type GeneralName =
  | { readonly kind: 'dns' | 'email' | 'uri'; readonly text: string }
  /** An address, or in a name constraint an address and a mask. */
  | { readonly kind: 'ip'; readonly bytes: Uint8Array }
  | { readonly kind: 'directory'; readonly name: Name }
  | { readonly kind: 'registered'; readonly oid: string }
  | { readonly kind: 'other'; readonly oid: string; readonly value: DerNode }
  | { readonly kind: 'x400' | 'edi-party' };

export function readGeneralName(node: DerNode): GeneralName {
  switch (node.tag) {
    case contextConstructed(0): {
      const fields = new Fields(node, node.tag);
      const oid = readObjectIdentifier(fields.take());
      const wrapper = new Fields(fields.take(contextConstructed(0)), contextConstructed(0));
      const value = wrapper.take();
      wrapper.end();
      fields.end();
      return { kind: 'other', oid, value };
    }
    case contextPrimitive(1):
      return { kind: 'email', text: latin1(node.content) };
    case contextPrimitive(2):
      return { kind: 'dns', text: latin1(node.content) };
    case contextConstructed(3):
      return { kind: 'x400' };
    case contextConstructed(4): {
      // A CHOICE cannot be tagged implicitly, so the name is one level down.
      const fields = new Fields(node, node.tag);
      const name = readName(fields.take());
      fields.end();
      return { kind: 'directory', name };
    }
    case contextConstructed(5):
      return { kind: 'edi-party' };
    case contextPrimitive(6):
      return { kind: 'uri', text: latin1(node.content) };
    case contextPrimitive(7):
      return { kind: 'ip', bytes: node.content };
    case contextPrimitive(8):
      return { kind: 'registered', oid: readObjectIdentifier(node, node.tag) };
    default:
      throw new X509Error('bad-der', 'an unknown kind of general name', node.offset);
  }
}

export function readGeneralNames(node: DerNode, tag: number = Tag.sequence): GeneralName[] {
  return new Fields(node, tag).rest().map(readGeneralName);
}

/** Whether two names are the same name, letter for letter but in directory names. */
export function sameGeneralName(a: GeneralName, b: GeneralName): boolean {
  if (a.kind === 'directory') return b.kind === a.kind && a.name.canonical === b.name.canonical;
  if (a.kind === 'ip') return b.kind === a.kind && equal(a.bytes, b.bytes);
  if (a.kind === 'registered') return b.kind === a.kind && a.oid === b.oid;
  if (a.kind === 'other') return b.kind === a.kind && a.oid === b.oid && equal(a.value.bytes, b.value.bytes);
  return 'text' in a && 'text' in b && a.kind === b.kind && a.text === b.text;
}

/** `DNS:a.example, IP Address:10.0.0.1`: what Node's hostname check takes apart again, hence its care with commas. */
export function generalNamesText(names: readonly GeneralName[]): string {
  return names.map(generalNameText).join(', ');
}

export function generalNameText(name: GeneralName): string {
  switch (name.kind) {
    case 'dns':
      return `DNS:${protect(name.text, 'latin1')}`;
    case 'email':
      return `email:${protect(name.text, 'latin1')}`;
    case 'uri':
      return `URI:${protect(name.text, 'latin1')}`;
    case 'ip':
      return `IP Address:${addressText(name.bytes)}`;
    case 'directory':
      return `DirName:${protect(nameTextReversed(name.name), 'utf8')}`;
    case 'registered':
      return `Registered ID:${name.oid}`;
    case 'other':
      return `othername:${otherNameText(name.oid, name.value)}`;
    case 'x400':
      return 'X400Name:<unsupported>';
    case 'edi-party':
      return 'EdiPartyName:<unsupported>';
  }
}

function addressText(bytes: Uint8Array): string {
  if (bytes.length === 4) return bytes.join('.');
  if (bytes.length !== 16) return `<invalid length=${bytes.length}>`;
  const groups: string[] = [];
  for (let index = 0; index < 16; index += 2) {
    groups.push(((bytes[index] << 8) | bytes[index + 1]).toString(16).toUpperCase());
  }
  return groups.join(':');
}

/** The few kinds of otherName that Node prints, with the string type each must have. */
const OTHER_NAMES: Readonly<Record<string, readonly [name: string, tag: number]>> = {
  '1.3.6.1.5.5.7.8.9': ['SmtpUTF8Mailbox', Tag.utf8String],
  '1.3.6.1.5.5.7.8.5': ['XmppAddr', Tag.utf8String],
  '1.3.6.1.5.5.7.8.7': ['SRVName', Tag.ia5String],
  '1.3.6.1.4.1.311.20.2.3': ['UPN', Tag.utf8String],
  '1.3.6.1.5.5.7.8.8': ['NAIRealm', Tag.utf8String],
};

function otherNameText(oid: string, value: DerNode): string {
  const [prefix, tag] = OTHER_NAMES[oid] ?? [];
  if (!prefix || value.tag !== tag) return '<unsupported>';
  return protect(readDirectoryString(value), tag === Tag.utf8String ? 'utf8' : 'latin1', `${prefix}:`);
}

/**
 * Node quotes and escapes, in JSON's manner, every name that could be mistaken for several or for a quoted one: since
 * CVE-2021-44532 that is how a comma inside a DNS name cannot smuggle in a second name.
 */
function protect(text: string, charset: 'latin1' | 'utf8', prefix = ''): string {
  const isControl = (character: string) => character < ' ' || character === '\x7f';
  const isForeign = (character: string) =>
    charset === 'utf8' ? isControl(character) : !/[ -~]/.test(character);
  const characters = [...text];
  if (!characters.some((one) => isForeign(one) || '"\\,\''.includes(one))) return prefix + text;
  const escaped = characters.map((one) =>
    one === ',' || isForeign(one)
      ? `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`
      : one === '"' || one === '\\'
        ? `\\${one}`
        : one,
  );
  return `"${prefix}${escaped.join('')}"`;
}
