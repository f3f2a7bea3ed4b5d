/** The lists that OpenSSL takes as text (`ciphers`, `ecdhCurve`, `sigalgs`) as numbers of the TLS registries. */
import {
  CipherSuite,
  defaultCipherSuites,
  defaultGroups,
  defaultSignatureSchemes,
  NamedGroup,
  SignatureScheme,
} from '../../tls/index.ts';

/** The suites of TLS 1.3 in a list that the engine has; undefined where the list names none that OpenSSL knows either. */
export function cipherSuiteNumbers(list: string): number[] | undefined {
  const suites = CipherSuite as Record<string, number>;
  const known = list
    .split(':')
    .filter((name) => /^TLS_(AES|CHACHA20)/.test(name) && Object.hasOwn(suites, name));
  if (known.length === 0) return undefined;
  return known.map((name) => suites[name]).filter((number) => defaultCipherSuites.includes(number));
}

/** `ALL@SECLEVEL=0` and the like; false where what follows an `@` is nothing that OpenSSL knows. */
export function securityLevel(list: string): number | false | undefined {
  let level: number | undefined;
  for (const [, command] of list.matchAll(/@([^:, ;@]*)/g)) {
    const [, digit] = /^SECLEVEL=([0-5])$/.exec(command) ?? [];
    if (digit) level = Number(digit);
    else if (command !== 'STRENGTH') return false;
  }
  return level;
}

const KEYWORDS =
  /^(ALL|DEFAULT|HIGH|MEDIUM|COMPLEMENTOFDEFAULT|COMPLEMENTOFALL|k?(ECDHE|EECDH|DHE|EDH|RSA|PSK)|a(RSA|ECDSA)|ECDSA|TLSv1(\.2|\.0)?|AES(128|256|GCM|CCM)?|CHACHA20|CAMELLIA(128|256)?|ARIA(128|256)?|SHA(1|256|384)?|SUITEB(128|192|128ONLY|128C2)?|[ae]?NULL)$/;
const SUITE =
  /^((ECDHE|DHE)-(RSA|ECDSA|PSK)-|(DHE|RSA)-PSK-|PSK-|SRP-(RSA-)?)?(AES-?(128|256)(-GCM|-CBC|-CCM8?)?-SHA(256|384)?|AES(128|256)-CCM8?|CHACHA20-POLY1305|CAMELLIA(128|256)-SHA(256|384)?|ARIA(128|256)-GCM-SHA(256|384)|NULL-SHA(256|384)?)$/;

/** Whether a list for TLS 1.2 names anything at all, as far as its words tell. */
export function hasLegacyCipher(list: string): boolean {
  let found = false;
  for (const item of list.split(/[:, ]/)) {
    const [word] = item.split('@');
    if (word === '!ALL' || word === '-ALL') found = false;
    if (/^[!+-]/.test(word)) continue;
    if (word !== '' && word.split('+').every((part) => KEYWORDS.test(part) || SUITE.test(part))) found = true;
  }
  return found;
}

const GROUPS: Record<string, number> = {
  x25519mlkem768: NamedGroup.X25519MLKEM768,
  x25519: NamedGroup.x25519,
  'p-256': NamedGroup.secp256r1,
  prime256v1: NamedGroup.secp256r1,
  secp256r1: NamedGroup.secp256r1,
  'p-384': NamedGroup.secp384r1,
  secp384r1: NamedGroup.secp384r1,
  'p-521': NamedGroup.secp521r1,
  secp521r1: NamedGroup.secp521r1,
};
/** Groups that OpenSSL knows and the engine lacks. */
const OTHER_GROUPS =
  /^(x448|ffdhe(2048|3072|4096|6144|8192)|(secp256r1|secp384r1)mlkem(768|1024)|x448mlkem1024|mlkem(512|768|1024)|brainpoolp(256|384|512)[rt]1(tls13)?|secp(192|224|256)k1|secp(192|224)r1|prime192v1|p-(192|224)|sect\d+[kr]\d)$/;

/**
 * The groups of a list that the engine has; undefined where OpenSSL would not know one of the names. Marks before a name:
 * `?` forgives one that is unknown, `-` takes one out again, `*` asks for a key share, which the engine decides for itself.
 */
export function groupNumbers(list: string): number[] | undefined {
  const numbers = new Set<number>();
  for (const item of list.split(/[:/]/)) {
    const [, marks, name] = /^\s*(-|\??\*?\??)(.*?)\s*$/.exec(item.toLowerCase()) as string[];
    const known = name === 'default' ? defaultGroups : Object.hasOwn(GROUPS, name) ? [GROUPS[name]] : [];
    for (const group of known) marks.includes('-') ? numbers.delete(group) : numbers.add(group);
    const isForgiven = marks.includes('?') && name !== '';
    if (known.length === 0 && !isForgiven && !OTHER_GROUPS.test(name)) return undefined;
  }
  return [...numbers];
}

const SCHEMES = SignatureScheme as Record<string, number>;
const PAIRS: Record<string, Record<string, string[]>> = {
  ECDSA: {
    SHA256: ['ecdsa_secp256r1_sha256'],
    SHA384: ['ecdsa_secp384r1_sha384'],
    SHA512: ['ecdsa_secp521r1_sha512'],
    SHA1: [],
    SHA224: [],
  },
  RSA: {
    SHA256: ['rsa_pkcs1_sha256'],
    SHA384: ['rsa_pkcs1_sha384'],
    SHA512: ['rsa_pkcs1_sha512'],
    SHA1: [],
    SHA224: [],
  },
  'RSA-PSS': {
    SHA256: ['rsa_pss_rsae_sha256'],
    SHA384: ['rsa_pss_rsae_sha384'],
    SHA512: ['rsa_pss_rsae_sha512'],
  },
};
PAIRS.PSS = PAIRS['RSA-PSS'];

/** The schemes of a list such as `ECDSA+SHA256:rsa_pss_rsae_sha256:ed25519`; undefined where a name is not known. */
export function schemeNumbers(list: string): number[] | undefined {
  const numbers: number[] = [];
  for (const part of list.split(':')) {
    const item = part.trim().replace(/^\?/, '');
    const [family, hash, more] = item.split('+');
    const names =
      hash === undefined ? [item.toLowerCase()] : PAIRS[family.toUpperCase()]?.[hash.toUpperCase()];
    if (
      !names ||
      more !== undefined ||
      names.some((name) => !Object.hasOwn(SCHEMES, name) && name !== 'ed448')
    ) {
      if (item !== part.trim()) continue; // `?` forgives a name that is unknown
      return undefined;
    }
    numbers.push(
      ...names.map((name) => SCHEMES[name]).filter((number) => defaultSignatureSchemes.includes(number)),
    );
  }
  return numbers;
}

/** `ECDSA+SHA256`: how Node names a scheme in `getSharedSigalgs()`. */
export function schemeText(number: number): string {
  const name = Object.keys(SCHEMES).find((key) => SCHEMES[key] === number) ?? '';
  if (name === 'ed25519') return 'Ed25519+UNDEF';
  if (name === 'ed448') return 'Ed448+UNDEF';
  const hash = /sha\d+$/.exec(name)?.[0].toUpperCase() ?? 'UNDEF';
  const family = name.startsWith('rsa_pss')
    ? 'RSA-PSS'
    : name.startsWith('rsa')
      ? 'RSA'
      : name.startsWith('ecdsa')
        ? 'ECDSA'
        : 'UNDEF';
  return `${family}+${hash}`;
}
