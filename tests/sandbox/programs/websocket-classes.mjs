// A WebSocket's events are of the classes that a program knows by name.
import { createHash } from 'node:crypto';
import http from 'node:http';

const GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';
console.log(http.CloseEvent === CloseEvent, http.MessageEvent === MessageEvent, http.WebSocket === WebSocket);

const frame = (opcode, payload) => Buffer.concat([Buffer.from([0x80 | opcode, payload.length]), payload]);
const server = http.createServer().on('upgrade', (request, socket) => {
  const accept = createHash('sha1')
    .update(request.headers['sec-websocket-key'] + GUID)
    .digest('base64');
  socket.write(
    `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
  );
  socket.on('data', (bytes) => {
    const [opcode, length] = [bytes[0] & 15, bytes[1] & 127];
    const mask = bytes.subarray(2, 6);
    const payload = bytes.subarray(6, 6 + length).map((byte, at) => byte ^ mask[at % 4]);
    if (opcode === 8) socket.end(frame(8, payload));
    else socket.write(frame(1, payload));
  });
  socket.on('close', () => server.close());
});
server.listen(0, '127.0.0.1', () => {
  const socket = new WebSocket(`ws://127.0.0.1:${server.address().port}`);
  socket.onopen = () => socket.send('hello');
  socket.onmessage = (event) => {
    console.log(event.constructor.name, event instanceof MessageEvent, event instanceof Event, event.data);
    socket.close(1000, 'done');
  };
  socket.onclose = (event) =>
    console.log(
      event.constructor.name,
      event instanceof CloseEvent,
      event.code,
      event.reason,
      event.wasClean,
    );
});
