// The chain ends at an intermediate whose root the client does not know.
import { meet, pki, tell } from './support/meet.mjs';

const { client } = await meet({}, { ca: pki['foreign-root.crt'] });
tell('client', client);
