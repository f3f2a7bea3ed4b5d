// The server speaks nothing older than TLS 1.3, the client nothing newer than 1.2.
import { meet, tell } from './support/meet.mjs';

const { client } = await meet({ minVersion: 'TLSv1.3' }, { maxVersion: 'TLSv1.2' });
tell('client', client);
