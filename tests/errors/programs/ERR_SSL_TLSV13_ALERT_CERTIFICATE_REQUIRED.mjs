// The server demands a certificate, and the client has none.
import { meet, pki, tell } from './support/meet.mjs';

const { client } = await meet({ requestCert: true, ca: pki['root-ec.crt'] }, {});
tell('client', client);
