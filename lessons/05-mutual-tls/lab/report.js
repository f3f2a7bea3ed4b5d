import { connect } from 'node:tls';
import { narrate } from './narrate.js';
import { pem } from './pem.js';

const socket = connect({
  host: 'ledger.tally.example',
  port: 8443,
  ca: pem('tally-ca.pem'),
  cert: pem('report.pem'),
  key: pem('report.key.pem'),
});

narrate(socket);
