/**
 * OpenSSL's language for the suites of TLS 1.2 (`man openssl-ciphers`), over those that the engine speaks, and its names
 * for them. A list is worked off word by word: it adds suites, drops them, drops them for good (`!`), or puts them last (`+`).
 */
import { CipherSuite } from '../../tls/index.ts';

interface Cipher {
  readonly name: string;
  readonly id: number;
  /** All words that select it beside its own name. */
  readonly words: ReadonlySet<string>;
}

const COMMON = ['ALL', 'DEFAULT', 'HIGH', 'TLSv1.2', 'ECDHE', 'EECDH', 'kECDHE', 'kEECDH'];
const BY_CIPHER = {
  'AES256-GCM-SHA384': ['AES', 'AES256', 'AESGCM'],
  'CHACHA20-POLY1305': ['CHACHA20'],
  'AES128-GCM-SHA256': ['AES', 'AES128', 'AESGCM'],
};
const BY_KEY = { ECDSA: ['ECDSA', 'aECDSA'], RSA: ['aRSA'] };

/** In OpenSSL's own order: by strength, AES before ChaCha20, ECDSA before RSA. */
const CIPHERS: readonly Cipher[] = Object.entries(BY_CIPHER).flatMap(([cipher, cipherWords]) =>
  Object.entries(BY_KEY).map(([key, keyWords]) => {
    const standard = cipher.replace(/^AES/, 'AES_').replaceAll('-', '_').replace(/1305$/, '1305_SHA256');
    return {
      name: `ECDHE-${key}-${cipher}`,
      id: (CipherSuite as Record<string, number>)[`TLS_ECDHE_${key}_WITH_${standard}`],
      words: new Set([...COMMON, ...cipherWords, ...keyWords]),
    };
  }),
);

const SUITE_B: Readonly<Record<string, string[]>> = {
  SUITEB128: ['ECDHE-ECDSA-AES128-GCM-SHA256', 'ECDHE-ECDSA-AES256-GCM-SHA384'],
  SUITEB128C2: ['ECDHE-ECDSA-AES128-GCM-SHA256', 'ECDHE-ECDSA-AES256-GCM-SHA384'],
  SUITEB128ONLY: ['ECDHE-ECDSA-AES128-GCM-SHA256'],
  SUITEB192: ['ECDHE-ECDSA-AES256-GCM-SHA384'],
};

/** `AES128+aRSA` selects what every part selects. */
const selects = (item: string) => (cipher: Cipher) =>
  item.split('+').every((part) => part === cipher.name || cipher.words.has(part));

/** The numbers of the suites that a list leaves, most wanted first. */
export function legacyCipherNumbers(list: string): number[] {
  const [first] = list.split(/[:, ;]/);
  const suiteB = SUITE_B[first];
  if (suiteB)
    return suiteB.flatMap((name) => CIPHERS.filter((cipher) => cipher.name === name).map(({ id }) => id));
  let idle = [...CIPHERS];
  let active: Cipher[] = [];
  for (const word of list.split(/[:, ;]/)) {
    if (word === '' || word.startsWith('@')) continue; // `@STRENGTH` changes nothing in the order above
    const [, operator, item] = /^([!+-]?)(.*)$/.exec(word.replace(/@.*$/, '')) ?? [];
    const chosen = selects(item);
    const [hit, rest] = [active.filter(chosen), active.filter((cipher) => !chosen(cipher))];
    if (operator === '') {
      active = [...active, ...idle.filter(chosen)];
      idle = idle.filter((cipher) => !chosen(cipher));
    } else if (operator === '+') active = [...rest, ...hit];
    else {
      // What was dropped last comes first when it is added again.
      active = rest;
      idle = operator === '-' ? [...hit, ...idle] : idle.filter((cipher) => !chosen(cipher));
    }
  }
  return active.map(({ id }) => id);
}

/** `ECDHE-RSA-AES128-GCM-SHA256`; in TLS 1.3 the standard's name is OpenSSL's too. */
export function opensslCipherName(standardName: string): string {
  const id = (CipherSuite as Record<string, number>)[standardName];
  return CIPHERS.find((cipher) => cipher.id === id)?.name ?? standardName;
}
