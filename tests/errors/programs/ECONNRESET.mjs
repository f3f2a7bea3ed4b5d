// The other side throws the connection away in the middle.
import net from 'node:net';
import { listening, tell } from './support/meet.mjs';

const server = net.createServer((socket) => socket.once('data', () => socket.resetAndDestroy()));
const port = await listening(server);
const client = net.connect(port, '127.0.0.1', () => client.write('balance, please'));
client.on('error', (error) => tell('client', error, port));
client.on('close', () => server.close());
client.resume();
