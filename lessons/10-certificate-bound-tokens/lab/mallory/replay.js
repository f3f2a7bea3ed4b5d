import { ownCertificate, readLedger, stealSession } from './tools.js';

const { token } = await stealSession();

//#region replay
console.log('with no certificate');
await readLedger(token);

console.log('with her own certificate');
await readLedger(token, ownCertificate);
//#endregion
