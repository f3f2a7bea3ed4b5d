/** What the runner's flags mean as options of our engine. */
import { readFileSync } from 'node:fs';
import {
  type ClientOptions,
  defaultSignatureSchemes,
  type Identity,
  NamedGroup,
  nameOf,
  type ServerOptions,
  SignatureScheme,
  type Version,
} from '../../../src/tls/index.ts';
import { readPem, readPrivateKeyPem } from '../../../src/x509/index.ts';
import { type Config, Unimplemented } from './flags.ts';

type Common = Omit<ClientOptions & ServerOptions, 'onEvent' | 'now' | 'session' | 'tickets'>;

const KNOWN_GROUPS: readonly number[] = [
  NamedGroup.x25519,
  NamedGroup.secp256r1,
  NamedGroup.secp384r1,
  NamedGroup.secp521r1,
];
/** Without `-curves` the runner expects BoringSSL's own, and P-521 is not among them. */
const DEFAULT_GROUPS = KNOWN_GROUPS.slice(0, 3);

/** A protocol nobody offers, so that a server with it alone has none in common with anybody. */
const NO_SUCH_PROTOCOL = '\0none';

export function engineOptions(config: Config): Common {
  const identity = identityOf(config);
  return {
    random: (bytes) => void crypto.getRandomValues(bytes as Uint8Array<ArrayBuffer>),
    identity,
    versions: versionsOf(config),
    groups: groupsOf(config),
    signatureSchemes: schemesOf(config, identity),
    alpn: alpnOf(config),
    certificateAuthorities: distinguishedNames(config.text('use-client-ca-list')),
    maxSendFragment: config.number('max-send-fragment'),
    serverName: config.text('host-name'),
    requestCertificate: config.has('require-any-client-certificate') || config.has('verify-peer'),
    requireCertificate: config.has('require-any-client-certificate'),
    pauseAtClientHello: true,
  };
}

function identityOf(config: Config): Identity | undefined {
  const certificates = config.text('cert-file');
  const key = config.text('key-file');
  if (!certificates || !key) return undefined;
  return {
    certificates: certificatesIn(certificates),
    privateKey: readPrivateKeyPem(readFileSync(key, 'utf8')),
  };
}

export function certificatesIn(file: string): Uint8Array[] {
  return readPem(readFileSync(file, 'utf8')).map(({ bytes }) => bytes);
}

/** `min-version` and `max-version` are bounds, `no-tls…` holes; what is left of 1.2 and 1.3 is a range in any case. */
function versionsOf(config: Config): { min: Version; max: Version } {
  const allowed = ([0x0303, 0x0304] as const).filter(
    (version) =>
      version >= (config.number('min-version') ?? 0) &&
      version <= (config.number('max-version') ?? 0xffff) &&
      !config.has(version === 0x0304 ? 'no-tls13' : 'no-tls12'),
  );
  const [min] = allowed;
  if (min === undefined) throw new Unimplemented('versions before TLS 1.2');
  return { min, max: allowed.at(-1) ?? min };
}

function groupsOf(config: Config): readonly number[] {
  const groups = config.list('curves') ?? DEFAULT_GROUPS;
  const unknown = groups.find((id) => !KNOWN_GROUPS.includes(id));
  if (unknown !== undefined) throw new Unimplemented(`group ${unknown}`);
  return groups;
}

/**
 * One list serves both to verify and to sign in our engine, as it does for Node, and the runner sets them apart. So the
 * list for signing goes before what is verified by default, and a server adds what its own key signs to what it verifies.
 */
function schemesOf(config: Config, identity: Identity | undefined): readonly number[] {
  const ownKeySigns = (id: number) => identity !== undefined && canSign(identity, id);
  const toVerify = config.list('verify-prefs');
  const first = config.list('signing-prefs') ?? toVerify ?? [];
  const added = defaultSignatureSchemes.filter((id) =>
    toVerify ? config.has('server') && ownKeySigns(id) : ownKeySigns(id) || DEFAULT_TO_VERIFY.includes(id),
  );
  return [...new Set([...first, ...added])];
}

/** BoringSSL does not verify these unless asked to. */
const DEFAULT_TO_VERIFY = defaultSignatureSchemes.filter(
  (id) => id !== SignatureScheme.ed25519 && id !== SignatureScheme.ecdsa_secp521r1_sha512,
);

function canSign({ privateKey }: Identity, id: number): boolean {
  const name = nameOf(SignatureScheme, id);
  if (privateKey.kind === 'rsa') return name.startsWith('rsa_');
  if (privateKey.kind === 'ec') return name.startsWith('ecdsa_');
  return name === privateKey.kind;
}

/** Names with a byte of length before each, as on the wire. */
function alpnList(wire: string): string[] {
  const names: string[] = [];
  for (let at = 0; at < wire.length; at += 1 + wire.charCodeAt(at))
    names.push(wire.slice(at + 1, at + 1 + wire.charCodeAt(at)));
  return names;
}

function alpnOf(config: Config): string[] | undefined {
  const offered = config.text('advertise-alpn');
  if (offered !== undefined) return alpnList(offered);
  if (config.has('decline-alpn')) return undefined;
  if (config.has('reject-alpn')) return [NO_SUCH_PROTOCOL];
  const selected = config.text('select-alpn');
  return selected === undefined ? undefined : [selected];
}

/** Names in hexadecimal DER with commas between, or one of two words for no names at all. */
export function distinguishedNames(list: string | undefined): Uint8Array[] | undefined {
  if (list === undefined) return undefined;
  if (list === '' || list === '<NULL>' || list === '<EMPTY>') return [];
  return list.split(',').map((hex) => Uint8Array.from(Buffer.from(hex, 'hex')));
}
