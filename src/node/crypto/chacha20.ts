/** The two halves of ChaCha20-Poly1305, of which `node:crypto` makes a cipher that takes its input bit by bit. */
export { poly1305 } from '@noble/ciphers/_poly1305.js';
export { chacha20 } from '@noble/ciphers/chacha.js';
