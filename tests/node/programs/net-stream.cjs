// TCP is a stream of bytes: writes that come together are read together, and a read takes 64 kB at most. A socket whose
// end has come and that nobody reads or closes does not keep the process alive.
const net = require('node:net');
// `localhost` has two addresses, and a busy machine is no reason to try the second as well.
net.setDefaultAutoSelectFamilyAttemptTimeout(60_000);

function pieces(write, then) {
  const sizes = [];
  const server = net.createServer((socket) => {
    socket.on('data', (bytes) => sizes.push(bytes.length));
    socket.on('end', () => {
      console.log(sizes.join(' '));
      server.close(then);
    });
  });
  server.listen(0, () => {
    const client = net.connect(server.address().port, () => write(client));
  });
}

function unread() {
  const server = net.createServer((socket) => {
    socket.end('never read');
    socket.on('close', () => console.log('closes? No:', 'there are bytes that nobody has read'));
    server.close();
  });
  server.listen(0, () => {
    const client = net.connect(server.address().port);
    client.resume();
    client.end('nobody reads this');
    client.on('close', () => console.log('the client has closed'));
  });
  process.on('exit', () => console.log('exit'));
}

pieces(
  (client) => {
    for (const text of ['a', 'bc', 'def']) client.write(text);
    client.end('g');
  },
  () =>
    pieces(
      (client) => client.end(Buffer.alloc(100_000)),
      () => unread(),
    ),
);
