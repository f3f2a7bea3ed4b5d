/** A certificate opened to its fields, each with its bytes. RFC 5280 §4.1 */
import { hex, type Note } from '../tls/codec/index.ts';
import { type DerNode, children as derChildren, readDer, readObjectIdentifier, Tag } from '../x509/der.ts';
import { KEY_USAGES } from '../x509/name-tables.ts';
import { oidName } from './oid-names.ts';

type Say = (node: DerNode) => string;

const SECTION = 'RFC 5280 §4.1';

/** The tree of a certificate that begins at `base` in what the reader is shown; one leaf of hex where it is none. */
export function certificateNotes(der: Uint8Array, base = 0): Note[] {
  try {
    return [certificateNote(readDer(der, base))];
  } catch {
    const words = 'These bytes are no certificate in DER.';
    return [
      {
        name: 'undecoded',
        value: hex(der),
        offset: base,
        length: der.length,
        words,
        section: SECTION,
        children: [],
      },
    ];
  }
}

function note(
  node: DerNode,
  name: string,
  value: string,
  words: string,
  section: string,
  children: Note[] = [],
): Note {
  return { name, value, offset: node.offset, length: node.bytes.length, words, section, children };
}

function certificateNote(node: DerNode): Note {
  const [signed, algorithm, signature] = derChildren(node);
  const words = 'A name and a key, and the signature of somebody who vouches that they belong together.';
  return note(node, 'Certificate', '', words, SECTION, [
    note(signed, 'tbsCertificate', '', 'What is signed.', 'RFC 5280 §4.1.2', signedFields(signed)),
    algorithmNote(algorithm, 'signatureAlgorithm', 'How the issuer signed.', 'RFC 5280 §4.1.1.2'),
    note(
      signature,
      'signatureValue',
      bits(signature),
      'The issuer’s signature over tbsCertificate.',
      'RFC 5280 §4.1.1.3',
    ),
  ]);
}

/** RFC 5280 §4.1.2; `version` and `extensions` may be left out. */
function signedFields(signed: DerNode): Note[] {
  const fields = [...derChildren(signed)];
  const notes: Note[] = [];
  const next = (make: (node: DerNode) => Note) => {
    const field = fields.shift();
    if (field) notes.push(make(field));
  };
  if (fields[0]?.tag === 0xa0)
    next((field) =>
      note(
        field,
        'version',
        `v${(derChildren(field)[0].content[0] ?? 0) + 1}`,
        'Version 3 has extensions.',
        'RFC 5280 §4.1.2.1',
      ),
    );
  next((field) =>
    note(
      field,
      'serialNumber',
      hex(field.content),
      'Unique among what this issuer has signed.',
      'RFC 5280 §4.1.2.2',
    ),
  );
  next((field) =>
    algorithmNote(field, 'signature', 'The same as signatureAlgorithm, but signed.', 'RFC 5280 §4.1.2.3'),
  );
  next((field) => nameNote(field, 'issuer', 'Who signed.', 'RFC 5280 §4.1.2.4'));
  next((field) => {
    const [notBefore, notAfter] = derChildren(field);
    return note(field, 'validity', '', 'When it may be believed.', 'RFC 5280 §4.1.2.5', [
      note(notBefore, 'notBefore', timeText(notBefore), 'Not earlier.', 'RFC 5280 §4.1.2.5'),
      note(notAfter, 'notAfter', timeText(notAfter), 'Not later.', 'RFC 5280 §4.1.2.5'),
    ]);
  });
  next((field) =>
    nameNote(
      field,
      'subject',
      'Whose certificate it is. TLS clients look at subjectAltName instead (RFC 9525 §2).',
      'RFC 5280 §4.1.2.6',
    ),
  );
  next((field) => {
    const [algorithm, key] = derChildren(field);
    return note(field, 'subjectPublicKeyInfo', '', 'The key that is vouched for.', 'RFC 5280 §4.1.2.7', [
      algorithmNote(algorithm, 'algorithm', 'What kind of key.', 'RFC 5280 §4.1.2.7'),
      note(key, 'subjectPublicKey', bits(key), 'The key itself.', 'RFC 5280 §4.1.2.7'),
    ]);
  });
  for (const field of fields) {
    if (field.tag === 0xa3) {
      const [list] = derChildren(field);
      const children = derChildren(list).map(extensionNote);
      notes.push(
        note(
          field,
          'extensions',
          '',
          'What it may be used for, and by which names.',
          'RFC 5280 §4.1.2.9',
          children,
        ),
      );
    } else
      notes.push(note(field, 'uniqueIdentifier', hex(field.content), 'Nobody uses it.', 'RFC 5280 §4.1.2.8'));
  }
  return notes;
}

function algorithmNote(node: DerNode, name: string, words: string, section: string): Note {
  const [oid, parameters] = derChildren(node);
  const curve =
    parameters?.tag === Tag.objectIdentifier ? `, ${oidName(readObjectIdentifier(parameters))}` : '';
  return note(node, name, `${oidName(readObjectIdentifier(oid))}${curve}`, words, section);
}

/** `CN=Tally CA, O=Tally`; each attribute is a leaf of its own. */
function nameNote(node: DerNode, name: string, words: string, section: string): Note {
  const attributes = derChildren(node).flatMap((set) => derChildren(set));
  const said = attributes.map((attribute) => {
    const [type, value] = derChildren(attribute);
    return { attribute, type: oidName(readObjectIdentifier(type)), text: stringText(value) };
  });
  return note(
    node,
    name,
    said.map(({ type, text }) => `${type}=${text}`).join(', '),
    words,
    section,
    said.map(({ attribute, type, text }) =>
      note(attribute, type, text, 'A part of the name.', 'RFC 5280 §4.1.2.4'),
    ),
  );
}

/** How the contents of an extension are put into words, and what it is for. */
const EXTENSIONS: Readonly<Record<string, { words: string; section: string; say: Say }>> = {
  subjectKeyIdentifier: {
    words: 'A short name for the subject’s key.',
    section: 'RFC 5280 §4.2.1.2',
    say: (node) => hex(node.content),
  },
  authorityKeyIdentifier: {
    words: 'A short name for the issuer’s key: by it a chain is built.',
    section: 'RFC 5280 §4.2.1.1',
    say: (node) => {
      const key = derChildren(node).find(({ tag }) => tag === 0x80);
      return key ? hex(key.content) : 'no key identifier';
    },
  },
  basicConstraints: {
    words: 'Whether the subject may sign certificates, and how long the chain below may get.',
    section: 'RFC 5280 §4.2.1.9',
    say: (node) => {
      const fields = derChildren(node);
      const isAuthority = fields.some(({ tag, content }) => tag === Tag.boolean && content[0] !== 0);
      const length = fields.find(({ tag }) => tag === Tag.integer);
      return `cA ${isAuthority ? 'TRUE' : 'FALSE'}${length ? `, pathLenConstraint ${Number(`0x${hex(length.content)}`)}` : ''}`;
    },
  },
  keyUsage: {
    words: 'What the key may do.',
    section: 'RFC 5280 §4.2.1.3',
    say: (node) =>
      KEY_USAGES.filter((_, bit) => ((node.content[1 + (bit >> 3)] ?? 0) << (bit & 7)) & 0x80).join(', '),
  },
  extKeyUsage: {
    words: 'In which role it may be shown.',
    section: 'RFC 5280 §4.2.1.12',
    say: (node) =>
      derChildren(node)
        .map((each) => oidName(readObjectIdentifier(each)))
        .join(', '),
  },
  subjectAltName: {
    words: 'The names that a client may find it under.',
    section: 'RFC 5280 §4.2.1.6',
    say: (node) => derChildren(node).map(generalNameText).join(', '),
  },
};

function extensionNote(node: DerNode): Note {
  const fields = derChildren(node);
  const name = oidName(readObjectIdentifier(fields[0]));
  const isCritical = fields.length === 3 && fields[1].content[0] !== 0;
  const value = fields.at(-1) as DerNode;
  const known = EXTENSIONS[name];
  const { words = 'An extension.', section = 'RFC 5280 §4.2' } = known ?? {};
  let text: string;
  try {
    text = known ? known.say(readDer(value.content, value.offset + value.headerLength)) : hex(value.content);
  } catch {
    text = hex(value.content); // not what the extension is described to hold
  }
  const must = 'Critical: who does not understand it must refuse the certificate.';
  return note(
    node,
    name,
    isCritical ? `${text} (critical)` : text,
    isCritical ? `${words} ${must}` : words,
    section,
  );
}

/** RFC 5280 §4.2.1.6 */
function generalNameText({ tag, content }: DerNode): string {
  const text = () => new TextDecoder().decode(content);
  if (tag === 0x82) return `DNS:${text()}`;
  if (tag === 0x81) return `email:${text()}`;
  if (tag === 0x86) return `URI:${text()}`;
  if (tag === 0x87)
    return content.length === 4
      ? `IP:${[...content].join('.')}`
      : `IP:${(hex(content).match(/.{4}/g) ?? []).map((group) => group.replace(/^0{1,3}/, '')).join(':')}`;
  return `[${tag & 0x1f}] ${hex(content)}`;
}

const stringText: Say = ({ tag, content }) =>
  tag === Tag.bmpString ? new TextDecoder('utf-16be').decode(content) : new TextDecoder().decode(content);

/** `2026-11-22 14:05:00 UTC`; a year of two digits is in 1950 to 2049. RFC 5280 §4.1.2.5.1 */
const timeText: Say = ({ tag, content }) => {
  const text = new TextDecoder().decode(content);
  const short = /^(\d\d)(\d{10})Z$/.exec(text);
  const full =
    tag === Tag.utcTime && short ? `${Number(short[1]) < 50 ? 20 : 19}${short[1]}${short[2]}Z` : text;
  const parts = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/.exec(full);
  if (!parts) return text;
  const [, year, month, day, hour, minute, second] = parts;
  return `${year}-${month}-${day} ${hour}:${minute}:${second} UTC`;
};

/** A BIT STRING without its count of unused bits. */
const bits: Say = ({ content }) => hex(content.subarray(1));
