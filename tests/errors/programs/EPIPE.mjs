// The other side has gone, and this one goes on writing.
import net from 'node:net';
import { listening, tell } from './support/meet.mjs';

const server = net.createServer({ allowHalfOpen: true }, (socket) => {
  const more = () => socket.write('more', (error) => error ?? setImmediate(more));
  socket.on('error', (error) => tell('server', error, port));
  socket.on('close', () => server.close());
  socket.on('end', more);
  socket.resume();
});
const port = await listening(server);
const client = net.connect(port, '127.0.0.1', () => client.destroy());
