// The certificate is on its authority's revocation list, and this client was given the list.
import { readFileSync } from 'node:fs';
import { files, meet, tell } from './support/meet.mjs';

const crl = readFileSync(new URL('support/revoked.pem', import.meta.url), 'utf8');
const lists = crl.split(/(?=-----BEGIN)/);
const { client } = await meet(files('second'), { crl: lists, servername: 'second.example' });
tell('client', client);
