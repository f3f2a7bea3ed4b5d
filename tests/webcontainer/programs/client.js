import { once } from 'node:events';
import net from 'node:net';
import os from 'node:os';

console.log(`I am ${os.hostname()}`);
const socket = net.connect({ host: 'ledger.tally.example', port: 8443 });
await once(socket, 'connect');
console.log(`connected to ${socket.remoteAddress}:${socket.remotePort} from ${socket.localAddress}`);
let said = '';
for await (const text of socket.setEncoding('utf8')) said += text;
console.log(`it said: ${said}`);

const fails = async (socket) => (await once(socket, 'error'))[0];
const refused = await fails(net.connect(9000, 'ledger.tally.example'));
console.log(`nobody there: ${refused.code} ${refused.message}`);
const unknown = await fails(net.connect(8443, 'nowhere.example'));
console.log(`no such name: ${unknown.code} ${unknown.message}`);
console.log(`no such host: ${(await fails(net.connect(80, '192.0.2.1'))).code}`);
console.log(`not mine: ${(await fails(net.createServer().listen(80, '10.5.0.10'))).code}`);
