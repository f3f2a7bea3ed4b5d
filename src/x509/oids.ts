import type { HashName } from './hashes.ts';

/** Object identifiers of algorithms. Those of names are in names.ts, those of extensions in extensions.ts. */
export const oids = {
  rsaEncryption: '1.2.840.113549.1.1.1',
  mgf1: '1.2.840.113549.1.1.8',
  rsaPss: '1.2.840.113549.1.1.10',
  ecPublicKey: '1.2.840.10045.2.1',
  x25519: '1.3.101.110',
  ed25519: '1.3.101.112',
} as const;

const HASH_OIDS: Readonly<Record<string, HashName>> = {
  '1.2.840.113549.2.5': 'md5',
  '1.3.14.3.2.26': 'sha1',
  '2.16.840.1.101.3.4.2.4': 'sha224',
  '2.16.840.1.101.3.4.2.1': 'sha256',
  '2.16.840.1.101.3.4.2.2': 'sha384',
  '2.16.840.1.101.3.4.2.3': 'sha512',
};

export function hashByOid(oid: string): HashName | undefined {
  return HASH_OIDS[oid];
}

export function oidOfHash(hash: HashName): string {
  for (const [oid, name] of Object.entries(HASH_OIDS)) if (name === hash) return oid;
  throw new TypeError(`no such hash: ${hash}`);
}
