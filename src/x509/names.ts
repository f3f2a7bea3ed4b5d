/** X.501 names: reading, comparing (RFC 5280 §7.1 as OpenSSL does it) and the text forms that Node prints. */
import { latin1, toHex } from './bytes.ts';
import { children, type DerNode, expectTag, Fields, readObjectIdentifier, Tag, writeDer } from './der.ts';
import { X509Error } from './errors.ts';
import { SHORT_NAMES, shortName } from './name-tables.ts';

export interface Name {
  /** The DER of the whole Name. */
  readonly bytes: Uint8Array;
  /** Relative distinguished names in the order they are written; each is a set of one attribute, rarely more. */
  readonly rdns: readonly (readonly Attribute[])[];
  /** Equal strings for equal names: case and spacing of text do not count. */
  readonly canonical: string;
  /** The same, one string for each RDN: what a directory-name constraint compares the beginning of. */
  readonly canonicalRdns: readonly string[];
}

export interface Attribute {
  readonly oid: string;
  /** Which string type the value is written in. */
  readonly tag: number;
  readonly bytes: Uint8Array;
  readonly text: string;
}

export function readName(node: DerNode): Name {
  expectTag(node, Tag.sequence);
  const { rdns, canonicalRdns } = readRdns(children(node));
  return { bytes: node.bytes, rdns, canonicalRdns, canonical: canonicalRdns.join('/') };
}

/** Some of a name's RDNs by themselves. */
export function readRdns(nodes: readonly DerNode[]): Pick<Name, 'rdns' | 'canonicalRdns'> {
  const rdns = nodes.map(readRdn);
  return { rdns, canonicalRdns: rdns.map((rdn) => rdn.map(canonicalAttribute).sort().join('+')) };
}

const TEXT_TAGS: ReadonlySet<number> = new Set([
  Tag.utf8String,
  Tag.bmpString,
  Tag.universalString,
  Tag.printableString,
  Tag.teletexString,
  Tag.ia5String,
  Tag.numericString,
]);

function readRdn(node: DerNode): Attribute[] {
  expectTag(node, Tag.set);
  const attributes = children(node).map(readAttribute);
  if (attributes.length === 0) throw new X509Error('bad-der', 'an empty set in a name', node.offset);
  return attributes;
}

function readAttribute(node: DerNode): Attribute {
  const fields = new Fields(node);
  const oid = readObjectIdentifier(fields.take());
  const value = fields.take();
  fields.end();
  // OpenSSL takes no numbers or times in a name either.
  if (!TEXT_TAGS.has(value.tag))
    throw new X509Error('bad-der', 'a name whose value is no text', value.offset);
  return { oid, tag: value.tag, bytes: value.content, text: readDirectoryString(value) };
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The text of any of ASN.1's string types. Teletex text is read as Latin-1, as everybody does. */
export function readDirectoryString({ tag, content, offset }: DerNode): string {
  switch (tag) {
    case Tag.utf8String:
      try {
        return utf8.decode(content);
      } catch {
        throw new X509Error('bad-der', 'a UTF8String that is not UTF-8', offset);
      }
    case Tag.bmpString:
      return readWideText(content, 2, offset);
    case Tag.universalString:
      return readWideText(content, 4, offset);
    default:
      return latin1(content);
  }
}

function readWideText(content: Uint8Array, width: 2 | 4, offset: number): string {
  if (content.length % width !== 0)
    throw new X509Error('bad-der', 'a string that ends inside a character', offset);
  let text = '';
  for (let index = 0; index < content.length; index += width) {
    let code = 0;
    for (let byte = 0; byte < width; byte++) code = code * 256 + content[index + byte];
    if (code > 0x10ffff || (code >= 0xd800 && code < 0xe000)) {
      throw new X509Error('bad-der', 'a string with a character that does not exist', offset);
    }
    text += String.fromCodePoint(code);
  }
  return text;
}

/** OpenSSL's canonical form: spaces trimmed and folded, ASCII letters in lower case, the string type forgotten (all but NumericString). */
function canonicalAttribute({ oid, tag, bytes, text }: Attribute): string {
  if (tag === Tag.numericString) return `${oid}=#${toHex(bytes)}`;
  const folded = text
    .replace(/[ \t\n\v\f\r]+/g, ' ')
    .replace(/^ | $/g, '')
    .replace(/[A-Z]/g, (letter) => letter.toLowerCase());
  return `${oid}=${encodeURIComponent(folded)}`;
}

/** `C=CH\nO=Tally\nCN=Ana`: what `X509Certificate.subject` and `.issuer` are. */
export function nameText(name: Name): string {
  const attribute = ({ oid, text }: Attribute) => `${shortName(oid)}=${escapeControls(escapeSpecials(text))}`;
  return name.rdns.map((rdn) => rdn.map(attribute).join(' + ')).join('\n');
}

/** The RFC 2253 form, last RDN first, `CN=Ana,O=Tally,C=CH`: how Node prints a directory name inside subjectAltName. */
export function nameTextReversed(name: Name): string {
  // RFC 2253 §2.4: what has no name is written as its DER. Control characters Node escapes later, as JSON.
  const attribute = ({ oid, tag, bytes, text }: Attribute) =>
    SHORT_NAMES[oid]
      ? `${shortName(oid)}=${escapeSpecials(text)}`
      : `${shortName(oid)}=#${toHex(writeDer(tag, bytes)).toUpperCase()}`;
  return name.rdns
    .toReversed()
    .map((rdn) => rdn.toReversed().map(attribute).join('+'))
    .join(',');
}

/** RFC 2253 §2.4. (Alone, `#` stays as it is: OpenSSL looks at the last character in another light than at the first.) */
function escapeSpecials(text: string): string {
  return text
    .replace(/[,+"<>;\\]/g, '\\$&')
    .replace(/ $/, '\\ ')
    .replace(/^(?: |#(?=[\s\S]))/, '\\$&');
}

/** Control characters as two hexadecimal digits. */
function escapeControls(text: string): string {
  return Array.from(text, (character) =>
    character < ' ' || character === '\x7f'
      ? `\\${character.charCodeAt(0).toString(16).padStart(2, '0').toUpperCase()}`
      : character,
  ).join('');
}

/** `{ C: 'CH', O: 'Tally', CN: 'Ana' }`, with an array where an attribute occurs more than once: Node's legacy form. */
export function nameObject(name: Name): Record<string, string | string[]> {
  const object: Record<string, string | string[]> = Object.create(null);
  for (const { oid, text } of name.rdns.flat()) {
    const key = shortName(oid);
    const before = object[key];
    object[key] = before === undefined ? text : [...(Array.isArray(before) ? before : [before]), text];
  }
  return object;
}
