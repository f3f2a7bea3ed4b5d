// A reader that pauses makes the writer wait; nothing is lost.
const net = require('node:net');
const crypto = require('node:crypto');
const SIZE = 8 * 1024 * 1024;
const bytes = Buffer.alloc(SIZE);
for (let i = 0; i < SIZE; i++) bytes[i] = (i * 31 + (i >> 8)) & 255;
const digest = (data) => crypto.createHash('sha256').update(data).digest('hex').slice(0, 16);
const server = net.createServer((socket) => {
  const parts = [];
  socket.pause();
  setTimeout(() => {
    console.log('the writer waits', sent < SIZE);
    socket.resume();
  }, 100);
  socket.on('data', (chunk) => parts.push(chunk));
  socket.on('end', () => console.log('received', digest(Buffer.concat(parts)) === digest(bytes)));
  socket.on('close', () => server.close());
});
let sent = 0;
server.listen(0, '127.0.0.1', () => {
  const client = net.connect(server.address().port, '127.0.0.1', () => {
    const step = 256 * 1024;
    const next = (offset) => {
      if (offset >= SIZE) return client.end();
      client.write(bytes.subarray(offset, offset + step), () => {
        sent = offset + step;
        next(offset + step);
      });
    };
    next(0);
  });
  client.resume();
  client.on('close', () => console.log('client closed', client.bytesWritten === SIZE));
});
