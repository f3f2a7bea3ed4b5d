/**
 * Certificates for tests, made in milliseconds: `issue` builds one field by field, so that broken ones are as easy as
 * sound ones; `makePki` gives the usual cast. Keys and signatures are node:crypto's, so that what is tested does not
 * vouch for itself; whether the bytes are right is for OpenSSL to say, which reads every one of them.
 */
import {
  constants,
  createHash,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
  sign,
  X509Certificate,
} from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  Tag,
  writeBitString,
  writeDer,
  writeInteger,
  writeNull,
  writeObjectIdentifier,
  writeOctetString,
  writePem,
  writeSequence,
} from '../../src/x509/index.ts';

export type KeyKind = 'rsa' | 'ec' | 'ed25519' | 'p384' | 'p521' | 'rsa-pss' | 'rsa1024' | 'rsa3072';

const keysOfKind = new Map<string, KeyObject>();

/** A private key. The same `name` gives the same key again within a process: RSA keys are slow to find. */
export function makeKey(kind: KeyKind, name: string = randomBytes(8).toString('hex')): KeyObject {
  const id = `${kind} ${name}`;
  const known = keysOfKind.get(id);
  if (known) return known;
  const key = generate(kind);
  keysOfKind.set(id, key);
  return key;
}

function generate(kind: KeyKind): KeyObject {
  switch (kind) {
    case 'rsa':
      return generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
    case 'rsa1024':
      return generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey;
    case 'rsa3072':
      return generateKeyPairSync('rsa', { modulusLength: 3072 }).privateKey;
    case 'rsa-pss':
      return generateKeyPairSync('rsa-pss', {
        modulusLength: 2048,
        hashAlgorithm: 'sha256',
        mgf1HashAlgorithm: 'sha256',
      }).privateKey;
    case 'ec':
      return generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
    case 'p384':
      return generateKeyPairSync('ec', { namedCurve: 'P-384' }).privateKey;
    case 'p521':
      return generateKeyPairSync('ec', { namedCurve: 'P-521' }).privateKey;
    case 'ed25519':
      return generateKeyPairSync('ed25519').privateKey;
  }
}

/** DER by hand. */
export const der = {
  sequence: writeSequence,
  set: (...parts: Uint8Array[]) => writeDer(Tag.set, ...parts),
  oid: writeObjectIdentifier,
  integer: (value: number | bigint) => writeInteger(BigInt(value)),
  boolean: (value: boolean) => Uint8Array.of(1, 1, value ? 0xff : 0),
  octets: writeOctetString,
  bits: writeBitString,
  null: writeNull,
  text: (text: string, tag: number = Tag.utf8String) => writeDer(tag, new TextEncoder().encode(text)),
  /** `[number]` with these content octets; `constructed` where elements are inside. */
  context: (number: number, content: Uint8Array, constructed = false) =>
    writeDer((constructed ? 0xa0 : 0x80) | number, content),
  raw: writeDer,
};

const ATTRIBUTES: Readonly<Record<string, string>> = {
  CN: '2.5.4.3',
  C: '2.5.4.6',
  L: '2.5.4.7',
  ST: '2.5.4.8',
  O: '2.5.4.10',
  OU: '2.5.4.11',
  DC: '0.9.2342.19200300.100.1.25',
  emailAddress: '1.2.840.113549.1.9.1',
};

/** `name('O=Tally', 'CN=Ana')`; an attribute may also come as [type, text, string tag]. */
export function name(...attributes: (string | [type: string, text: string, tag?: number])[]): Uint8Array {
  return der.sequence(
    ...attributes.map((attribute) => {
      const [type, text, tag] = typeof attribute === 'string' ? parseAttribute(attribute) : attribute;
      const usual =
        type === 'C'
          ? Tag.printableString
          : /^(DC|emailAddress)$/.test(type)
            ? Tag.ia5String
            : Tag.utf8String;
      return der.set(der.sequence(der.oid(ATTRIBUTES[type] ?? type), der.text(text, tag ?? usual)));
    }),
  );
}

function parseAttribute(text: string): [type: string, text: string, tag?: number] {
  const equals = text.indexOf('=');
  return [text.slice(0, equals), text.slice(equals + 1)];
}

/** General names, as subjectAltName and name constraints hold them. */
export const general = {
  dns: (text: string) => der.context(2, new TextEncoder().encode(text)),
  email: (text: string) => der.context(1, new TextEncoder().encode(text)),
  uri: (text: string) => der.context(6, new TextEncoder().encode(text)),
  ip: (...octets: number[]) => der.context(7, Uint8Array.from(octets)),
  directory: (directory: Uint8Array) => der.context(4, directory, true),
  registered: (oid: string) => der.raw(0x88, der.oid(oid).subarray(2)),
  other: (oid: string, value: Uint8Array) => der.raw(0xa0, der.oid(oid), der.context(0, value, true)),
};

const KEY_USAGES = [
  'digitalSignature',
  'nonRepudiation',
  'keyEncipherment',
  'dataEncipherment',
  'keyAgreement',
  'keyCertSign',
  'cRLSign',
];

export function extension(oid: string, value: Uint8Array, critical = false): Uint8Array {
  return der.sequence(der.oid(oid), ...(critical ? [der.boolean(true)] : []), der.octets(value));
}

/** The extensions of everyday life. */
export const extensions = {
  authority: (pathLength?: number, critical = true) =>
    extension(
      '2.5.29.19',
      der.sequence(der.boolean(true), ...(pathLength === undefined ? [] : [der.integer(pathLength)])),
      critical,
    ),
  endEntity: () => extension('2.5.29.19', der.sequence()),
  keyUsage: (...usages: string[]) => {
    let bits = 0;
    for (const usage of usages) bits |= 0x80 >> KEY_USAGES.indexOf(usage);
    let unused = 0;
    while (unused < 7 && ((bits >> unused) & 1) === 0) unused++;
    const content = bits === 0 ? Uint8Array.of(0) : Uint8Array.of(unused, bits);
    return extension('2.5.29.15', der.raw(Tag.bitString, content), true);
  },
  extendedKeyUsage: (...usages: string[]) =>
    extension('2.5.29.37', der.sequence(...usages.map((oid) => der.oid(oid)))),
  names: (...names: Uint8Array[]) => extension('2.5.29.17', der.sequence(...names)),
  constraints: ({ permitted = [], excluded = [] }: { permitted?: Uint8Array[]; excluded?: Uint8Array[] }) => {
    const subtrees = (number: number, bases: Uint8Array[]) =>
      bases.length === 0 ? [] : [der.raw(0xa0 | number, ...bases.map((base) => der.sequence(base)))];
    return extension('2.5.29.30', der.sequence(...subtrees(0, permitted), ...subtrees(1, excluded)), true);
  },
  subjectKey: (identifier: Uint8Array) => extension('2.5.29.14', der.octets(identifier)),
  authorityKey: (identifier: Uint8Array) => extension('2.5.29.35', der.sequence(der.context(0, identifier))),
};

export const usages = {
  server: '1.3.6.1.5.5.7.3.1',
  client: '1.3.6.1.5.5.7.3.2',
  email: '1.3.6.1.5.5.7.3.4',
  any: '2.5.29.37.0',
};

/** A certificate with the key that belongs to it. */
export interface Issued {
  readonly certificate: Uint8Array;
  readonly pem: string;
  readonly key: KeyObject;
  /** PKCS#8. */
  readonly keyPem: string;
  readonly subject: Uint8Array;
  readonly serial: bigint;
  readonly keyIdentifier: Uint8Array;
}

export interface Request {
  subject: Uint8Array;
  key: KeyObject;
  /** Absent: signs itself. */
  issuer?: Issued;
  /** Appended to the key identifiers, which are always there unless `keyIdentifiers` is false. */
  extensions?: Uint8Array[];
  keyIdentifiers?: boolean;
  notBefore?: Date;
  notAfter?: Date;
  serial?: bigint;
  hash?: 'md5' | 'sha1' | 'sha224' | 'sha256' | 'sha384' | 'sha512';
  pss?: boolean;
  version?: 1 | 3;
  /** What the certificate claims outside the signed part, when it is to lie. */
  outerAlgorithm?: Uint8Array;
  /** Changes the signature, or the whole, when it is to be broken. */
  tamper?: (signature: Uint8Array) => Uint8Array;
  /** The issuer's name as this certificate gives it, when it is to differ. */
  issuerName?: Uint8Array;
}

const HOUR = 3_600_000;

export function issue(request: Request): Issued {
  const { subject, key, issuer, hash = 'sha256' } = request;
  const signer = issuer?.key ?? key;
  const spki = createPublicKey(key).export({ format: 'der', type: 'spki' });
  const keyIdentifier = createHash('sha1').update(spki).digest();
  const algorithm = algorithmIdentifier(signer, hash, request.pss ?? false);
  const { notBefore = new Date(Date.now() - HOUR), notAfter = new Date(Date.now() + 24 * HOUR) } = request;
  const { serial = BigInt(`0x1${randomBytes(8).toString('hex')}`) } = request;
  const all = [
    ...(request.keyIdentifiers === false
      ? []
      : [
          extensions.subjectKey(keyIdentifier),
          ...(issuer ? [extensions.authorityKey(issuer.keyIdentifier)] : []),
        ]),
    ...(request.extensions ?? []),
  ];
  const version3 = request.version !== 1;
  const tbs = der.sequence(
    ...(version3 ? [der.context(0, der.integer(2), true)] : []),
    der.integer(serial),
    algorithm,
    request.issuerName ?? issuer?.subject ?? subject,
    der.sequence(time(notBefore), time(notAfter)),
    subject,
    spki,
    ...(version3 && all.length > 0 ? [der.context(3, der.sequence(...all), true)] : []),
  );
  const signature = signTbs(tbs, signer, hash, request.pss ?? false);
  const certificate = der.sequence(
    tbs,
    request.outerAlgorithm ?? algorithm,
    der.bits(request.tamper?.(signature) ?? signature),
  );
  return {
    certificate,
    pem: writePem('CERTIFICATE', certificate),
    key,
    keyPem: key.export({ format: 'pem', type: 'pkcs8' }) as string,
    subject,
    serial,
    keyIdentifier,
  };
}

export function signTbs(tbs: Uint8Array, key: KeyObject, hash: string, pss: boolean): Uint8Array {
  if (key.asymmetricKeyType === 'ed25519') return sign(null, tbs, key);
  if (!pss && key.asymmetricKeyType !== 'rsa-pss') return sign(hash, tbs, key);
  return sign(hash, tbs, {
    key,
    padding: constants.RSA_PKCS1_PSS_PADDING,
    saltLength: constants.RSA_PSS_SALTLEN_DIGEST,
  });
}

const HASH_OIDS = {
  md5: '1.2.840.113549.2.5',
  sha1: '1.3.14.3.2.26',
  sha224: '2.16.840.1.101.3.4.2.4',
  sha256: '2.16.840.1.101.3.4.2.1',
  sha384: '2.16.840.1.101.3.4.2.2',
  sha512: '2.16.840.1.101.3.4.2.3',
};
const RSA = { md5: 4, sha1: 5, sha224: 14, sha256: 11, sha384: 12, sha512: 13 };
/** There is no ECDSA with MD5. */
const ECDSA = { md5: '0', sha1: '1', sha224: '3.1', sha256: '3.2', sha384: '3.3', sha512: '3.4' };

export function algorithmIdentifier(key: KeyObject, hash: keyof typeof RSA, pss: boolean): Uint8Array {
  switch (key.asymmetricKeyType) {
    case 'ed25519':
      return der.sequence(der.oid('1.3.101.112'));
    case 'ec':
      return der.sequence(der.oid(`1.2.840.10045.4.${ECDSA[hash]}`));
    default: {
      if (!pss && key.asymmetricKeyType === 'rsa') {
        return der.sequence(der.oid(`1.2.840.113549.1.1.${RSA[hash]}`), der.null());
      }
      const hashIdentifier = der.sequence(der.oid(HASH_OIDS[hash]), der.null());
      const mask = der.sequence(der.oid('1.2.840.113549.1.1.8'), hashIdentifier);
      const salt = der.integer({ md5: 16, sha1: 20, sha224: 28, sha256: 32, sha384: 48, sha512: 64 }[hash]);
      return der.sequence(
        der.oid('1.2.840.113549.1.1.10'),
        der.sequence(
          der.context(0, hashIdentifier, true),
          der.context(1, mask, true),
          der.context(2, salt, true),
        ),
      );
    }
  }
}

/** UTCTime up to 2049, GeneralizedTime from then on (RFC 5280 §4.1.2.5). */
export function time(date: Date): Uint8Array {
  const digits = `${date.toISOString().replace(/[-:T]|\..*/g, '')}Z`;
  const isShort = date.getUTCFullYear() >= 1950 && date.getUTCFullYear() < 2050;
  return isShort ? der.text(digits.slice(2), Tag.utcTime) : der.text(digits, Tag.generalizedTime);
}

/** A certificate as files: `chain` is it and what stands between it and the root. */
export interface Member extends Issued {
  readonly chainPem: string;
  readonly files: { readonly certificate: string; readonly key: string; readonly chain: string };
}

export interface Family {
  readonly root: Member;
  readonly intermediate: Member;
  /** For localhost, *.example.test, 127.0.0.1 and ::1. */
  readonly server: Member;
  /** CN=ana. */
  readonly client: Member;
}

export interface Pki {
  readonly dir: string;
  readonly rsa: Family;
  readonly ec: Family;
  readonly ed25519: Family;
  /** A root nobody trusts, with a server and a client of its own under the same names. */
  readonly foreign: Family;
}

let cached: Pki | undefined;

/** RSA, P-256 and Ed25519 families and a foreign one, as objects and as PEM files. Made once in a process. */
export function makePki(): Pki {
  if (cached) return cached;
  const dir = mkdtempSync(join(tmpdir(), 'handfast-pki-'));
  process.on('exit', () => rmSync(dir, { recursive: true, force: true }));
  cached = {
    dir,
    rsa: makeFamily(dir, 'rsa', 'rsa'),
    ec: makeFamily(dir, 'ec', 'ec'),
    ed25519: makeFamily(dir, 'ed25519', 'ed25519'),
    foreign: makeFamily(dir, 'foreign', 'ec'),
  };
  return cached;
}

function makeFamily(dir: string, label: string, kind: KeyKind): Family {
  const member = (role: string, issued: Issued, above: Issued[] = []): Member => {
    const files = {
      certificate: join(dir, `${label}-${role}.crt`),
      key: join(dir, `${label}-${role}.key`),
      chain: join(dir, `${label}-${role}.chain.crt`),
    };
    const chainPem = [issued, ...above].map(({ pem }) => pem).join('');
    writeFileSync(files.certificate, issued.pem);
    writeFileSync(files.key, issued.keyPem);
    writeFileSync(files.chain, chainPem);
    return { ...issued, chainPem, files };
  };
  const root = issue({
    subject: name('O=Test', `CN=Root ${label}`),
    key: makeKey(kind, `${label} root`),
    extensions: [extensions.authority(), extensions.keyUsage('keyCertSign', 'cRLSign')],
  });
  const intermediate = issue({
    subject: name('O=Test', `CN=Intermediate ${label}`),
    key: makeKey(kind, `${label} intermediate`),
    issuer: root,
    extensions: [extensions.authority(0), extensions.keyUsage('keyCertSign', 'cRLSign')],
  });
  const leaf = (subject: string, usage: string, names: Uint8Array[]) =>
    issue({
      subject: name('O=Test', subject),
      key: makeKey(kind, `${label} ${subject}`),
      issuer: intermediate,
      extensions: [
        extensions.endEntity(),
        extensions.keyUsage('digitalSignature'),
        extensions.extendedKeyUsage(usage),
        ...(names.length > 0 ? [extensions.names(...names)] : []),
      ],
    });
  const loopback6 = new Array<number>(16).fill(0).with(15, 1);
  return {
    root: member('root', root),
    intermediate: member('intermediate', intermediate),
    server: member(
      'server',
      leaf('CN=localhost', usages.server, [
        general.dns('localhost'),
        general.dns('*.example.test'),
        general.ip(127, 0, 0, 1),
        general.ip(...loopback6),
      ]),
      [intermediate],
    ),
    client: member('client', leaf('CN=ana', usages.client, []), [intermediate]),
  };
}

/** What Node thinks a certificate is; throws when OpenSSL cannot read it. */
export function nodeCertificate({ pem }: Pick<Issued, 'pem'>): X509Certificate {
  return new X509Certificate(pem);
}
