import { md5, sha1 } from '@noble/hashes/legacy.js';
import { sha224, sha256, sha384, sha512 } from '@noble/hashes/sha2.js';

/** The hash functions that X.509 signatures meet. MD5 and SHA-1 are here to be recognised and refused with a name. */
export const hashes = { md5, sha1, sha224, sha256, sha384, sha512 } as const;

export type HashName = keyof typeof hashes;
