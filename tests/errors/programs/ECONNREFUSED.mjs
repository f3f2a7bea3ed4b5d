// Nobody listens on the port.
import net from 'node:net';
import { listening, tell } from './support/meet.mjs';

const server = net.createServer();
const port = await listening(server);
server.close(() => {
  net.connect(port, '127.0.0.1').on('error', (error) => tell('client', error, port));
});
