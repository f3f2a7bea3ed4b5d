import { connect } from 'node:tls';
import { narrate } from './narrate.js';
import { pem } from './pem.js';

//#region client
const socket = connect({
  host: 'ledger.tally.example',
  port: 8443,
  ca: pem('tally-ca.pem'),
  cert: pem('app.pem'),
  key: pem('app.key.pem'),
});
//#endregion

narrate(socket);
