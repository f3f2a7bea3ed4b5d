import { chacha20poly1305 } from '@noble/ciphers/chacha.js';
import type { Aead } from './cipher-suites.ts';

/**
 * ChaCha20-Poly1305 (RFC 8439), in a file of its own: both ends prefer AES unless somebody says otherwise, so a process reads
 * this one when it is negotiated.
 */
export function chacha20Poly1305(...of: Parameters<Aead>): ReturnType<Aead> {
  return chacha20poly1305(...of);
}
