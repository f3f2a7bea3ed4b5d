// The server answers in plain text.
import { meet, tell } from './support/meet.mjs';

const rawServer = (socket) => {
  socket.on('error', () => {});
  socket.once('data', () => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
};
const { client } = await meet({}, {}, { rawServer });
tell('client', client);
