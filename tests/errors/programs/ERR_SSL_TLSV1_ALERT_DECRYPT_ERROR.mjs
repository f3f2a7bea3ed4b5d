// A copied certificate with a key that only looks like its own: the public half is the certificate's, the private is not.
import { createPrivateKey, generateKeyPairSync } from 'node:crypto';
import { ca, files, meet, pki, tell } from './support/meet.mjs';

const theirs = createPrivateKey(pki['client-ec.key']).export({ format: 'jwk' });
const own = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'jwk' });
const key = createPrivateKey({ key: { ...theirs, d: own.d }, format: 'jwk' });
const { client } = await meet(
  { requestCert: true, ca },
  { ...files('client-ec'), key: key.export({ type: 'pkcs8', format: 'pem' }) },
);
tell('client', client);
