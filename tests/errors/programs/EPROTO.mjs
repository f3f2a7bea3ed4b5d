// A write waits for the handshake, and the handshake fails: here because the server does not speak TLS at all.
import https from 'node:https';
import net from 'node:net';
import { listening, tell } from './support/meet.mjs';

const server = net.createServer((socket) => {
  socket.on('error', () => {});
  socket.once('data', () => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
});
const port = await listening(server);
https.get({ host: '127.0.0.1', port, agent: false }).on('error', (error) => {
  tell('client', error, port);
  server.close();
});
