// The same, as the server tells it.
import { meet, tell } from './support/meet.mjs';

const { server } = await meet(
  { maxVersion: 'TLSv1.2', ciphers: 'ECDHE-ECDSA-AES256-GCM-SHA384' },
  { ciphers: 'ECDHE-ECDSA-AES128-GCM-SHA256' },
);
tell('server', server);
