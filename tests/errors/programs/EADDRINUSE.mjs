// A port has one listener at a time.
import net from 'node:net';
import { listening, tell } from './support/meet.mjs';

const first = net.createServer();
const port = await listening(first);
const second = net.createServer();
second.on('error', (error) => {
  tell('server', error, port);
  first.close();
});
second.listen(port, '127.0.0.1');
