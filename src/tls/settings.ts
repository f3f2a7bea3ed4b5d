import type { ClientOptions, ServerOptions, Version } from './api.ts';
import { defaultCipherSuites, suiteOf } from './cipher-suites.ts';
import { ProtocolVersion } from './codec/registries.ts';
import { tlsError } from './errors.ts';
import { defaultGroups, defaultGroupTiers, groupOf } from './key-exchange.ts';
import { MAX_PLAINTEXT } from './record-protection.ts';
import { defaultSignatureSchemes } from './signature-schemes.ts';
import { defaultCipherSuites12, suiteOf12 } from './tls12/cipher-suites.ts';
import { isCurve } from './tls12/key-exchange.ts';

const DEFAULT_VERSIONS = { min: 0x0303, max: 0x0304 } as const;

/** What both ends may choose from, with everything we cannot do left out. */
export interface Settings {
  readonly versions: { readonly min: Version; readonly max: Version };
  /** Those of TLS 1.3; none where it is not spoken. */
  readonly cipherSuites: readonly number[];
  /** Those of TLS 1.2. */
  readonly cipherSuites12: readonly number[];
  readonly groups: readonly number[];
  /** The same, in tiers: see `defaultGroupTiers`. */
  readonly groupTiers: readonly (readonly number[])[];
  readonly signatureSchemes: readonly number[];
}

export function settingsOf(options: ClientOptions | ServerOptions): Settings {
  const { versions = DEFAULT_VERSIONS } = options;
  const tls13 = versions.max === ProtocolVersion['TLSv1.3'];
  const wanted = options.cipherSuites ?? [...defaultCipherSuites, ...defaultCipherSuites12];
  const cipherSuites = wanted.filter((id) => tls13 && suiteOf(id));
  const cipherSuites12 = wanted.filter((id) => versions.min === ProtocolVersion['TLSv1.2'] && suiteOf12(id));
  // TLS 1.2 has no hybrids: its server speaks first, where these answer.
  const groups = (options.groups ?? defaultGroups).filter((id) => groupOf(id) && (tls13 || isCurve(id)));
  const signatureSchemes = options.signatureSchemes ?? defaultSignatureSchemes;
  const allSuites = [...cipherSuites, ...cipherSuites12];
  for (const [name, list] of Object.entries({ cipherSuites: allSuites, groups, signatureSchemes })) {
    if (list.length === 0) throw tlsError('bad-options', { expected: `at least one of ${name}` });
  }
  const { recordSizeLimit } = options;
  if (recordSizeLimit !== undefined && (recordSizeLimit < 64 || recordSizeLimit > 2 ** 14 + 1))
    throw tlsError('bad-options', {
      expected: 'a recordSizeLimit from 64 to 16385',
      actual: recordSizeLimit,
    });
  if (options.maxSendFragment !== undefined) checkedFragment(options.maxSendFragment);
  const groupTiers = options.groups ? [groups] : defaultGroupTiers;
  return { versions, cipherSuites, cipherSuites12, groups, groupTiers, signatureSchemes };
}

/** What both ends know, most wanted first by the one whose order decides. */
export function inCommon(
  own: readonly number[],
  peers: readonly number[],
  prefersPeersOrder = false,
): number[] {
  const [first, second] = prefersPeersOrder ? [peers, own] : [own, peers];
  return first.filter((id) => second.includes(id));
}

/** A length for `maxSendFragment`, if OpenSSL would take it. */
export function checkedFragment(length: number): number {
  if (length >= 512 && length <= MAX_PLAINTEXT) return length;
  throw tlsError('bad-options', { expected: 'a maxSendFragment from 512 to 16384', actual: length });
}
