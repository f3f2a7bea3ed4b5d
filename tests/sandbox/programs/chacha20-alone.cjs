// The cipher of chacha20.mjs, from node:crypto and without TLS.
const { createCipheriv } = require('node:crypto');

const cipher = createCipheriv('chacha20-poly1305', new Uint8Array(32).fill(1), new Uint8Array(12), {
  authTagLength: 16,
});
console.log(
  cipher.update('a record', 'utf8', 'hex') + cipher.final('hex'),
  cipher.getAuthTag().toString('hex'),
);
