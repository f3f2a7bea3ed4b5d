// The client trusts an intermediate, which is not a root.
import { meet, pki, tell } from './support/meet.mjs';

const { client } = await meet({}, { ca: pki['int-ec.crt'] });
tell('client', client);
