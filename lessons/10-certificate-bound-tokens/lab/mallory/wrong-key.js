import { pem } from '../pem.js';
import { readLedger, stealSession } from './tools.js';

// The app's certificate is no secret: any server that asks the app for it receives it. Its key stays with the app.
const { token } = await stealSession();
await readLedger(token, { cert: pem('tally-app.pem'), key: pem('mallory-app.key.pem') });
