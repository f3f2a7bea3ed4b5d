// The two have no cipher suite in common.
import { meet, tell } from './support/meet.mjs';

const { client } = await meet(
  { maxVersion: 'TLSv1.2', ciphers: 'ECDHE-ECDSA-AES256-GCM-SHA384' },
  { ciphers: 'ECDHE-ECDSA-AES128-GCM-SHA256' },
);
tell('client', client);
