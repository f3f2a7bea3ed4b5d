import type { ClientOptions, ServerOptions } from './api.ts';
import { defaultCipherSuites, suiteOf } from './cipher-suites.ts';
import { tlsError } from './errors.ts';
import { defaultGroups, groupOf } from './key-exchange.ts';
import { MAX_PLAINTEXT } from './record-protection.ts';
import { defaultSignatureSchemes } from './signature-schemes.ts';

/** What both ends may choose from, with everything we cannot do left out. */
export interface Settings {
  readonly cipherSuites: readonly number[];
  readonly groups: readonly number[];
  readonly signatureSchemes: readonly number[];
}

export function settingsOf(options: ClientOptions | ServerOptions): Settings {
  const cipherSuites = (options.cipherSuites ?? defaultCipherSuites).filter((id) => suiteOf(id));
  const groups = (options.groups ?? defaultGroups).filter((id) => groupOf(id));
  const signatureSchemes = options.signatureSchemes ?? defaultSignatureSchemes;
  for (const [name, list] of Object.entries({ cipherSuites, groups, signatureSchemes })) {
    if (list.length === 0) throw tlsError('bad-options', { expected: `at least one of ${name}` });
  }
  const { recordSizeLimit } = options;
  if (recordSizeLimit !== undefined && (recordSizeLimit < 64 || recordSizeLimit > 2 ** 14 + 1))
    throw tlsError('bad-options', {
      expected: 'a recordSizeLimit from 64 to 16385',
      actual: recordSizeLimit,
    });
  if (options.maxSendFragment !== undefined) checkedFragment(options.maxSendFragment);
  return { cipherSuites, groups, signatureSchemes };
}

/** A length for `maxSendFragment`, if OpenSSL would take it. */
export function checkedFragment(length: number): number {
  if (length >= 512 && length <= MAX_PLAINTEXT) return length;
  throw tlsError('bad-options', { expected: 'a maxSendFragment from 512 to 16384', actual: length });
}
