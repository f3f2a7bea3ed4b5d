import { ownCertificate, readLedger, stealSession } from './tools.js';

const { token } = await stealSession();
await readLedger(token, ownCertificate);
