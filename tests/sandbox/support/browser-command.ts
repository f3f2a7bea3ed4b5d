// A command that has a browser open, says so, and then waits to be ended from outside.
import { bootNode } from '../../../src/sandbox/node/index.ts';
import { makePki } from '../../support/pki.ts';

const sandbox = await bootNode({ hosts: { 'ana.example': '10.9.0.40' } });
await sandbox.mount({ 'ca.pem': makePki().ec.root.pem });
await sandbox.browse({ name: 'ana', host: 'ana.example', trusts: 'ca.pem' });
process.stdout.write('open\n');
setInterval(() => {}, 60_000);
