/**
 * The platform's own Web Crypto, as this worker found it. Where it is whole (in a secure context), it does in the
 * background and in machine code what this thread would be long at.
 */
export const platformCrypto: Crypto = globalThis.crypto;
export const platform: SubtleCrypto | undefined = platformCrypto?.subtle;
