// Ends that are not polite: resetAndDestroy, destroy, writing after the end.
const net = require('node:net');
function scenario(name, onServer, onClient) {
  return new Promise((resolve) => {
    const lines = { server: [], client: [] };
    let open = 2;
    const closed = () => {
      if (--open > 0) return;
      server.close(() => {
        for (const [side, said] of Object.entries(lines)) console.log(name, side, said.join(' | '));
        resolve();
      });
    };
    const watch = (side, socket) => {
      const log = (text) => lines[side].push(text);
      socket.on('error', (error) => log(`error ${error.code} ${error.syscall} ${error.message}`));
      socket.on('data', (chunk) => log(`data ${chunk}`));
      socket.on('end', () => log('end'));
      socket.on('close', (hadError) => {
        log(`close ${hadError}`);
        closed();
      });
    };
    const server = net.createServer((socket) => {
      watch('server', socket);
      onServer(socket);
    });
    server.listen(0, '127.0.0.1', () => {
      const client = net.connect(server.address().port, '127.0.0.1');
      watch('client', client);
      client.on('connect', () => onClient(client));
    });
  });
}
(async () => {
  await scenario(
    'reset',
    (socket) => socket.once('data', () => socket.resetAndDestroy()),
    (client) => client.write('hi'),
  );
  await scenario(
    'destroy',
    (socket) => socket.once('data', () => socket.destroy()),
    (client) => client.write('hi'),
  );
  await scenario(
    'end at once',
    (socket) => socket.end('bye'),
    () => {},
  );
  await scenario(
    'destroy with error',
    (socket) => socket.destroy(new Error('mine')),
    () => {},
  );
  await scenario(
    'write after end',
    (socket) => socket.end(),
    (client) => {
      client.end();
      client.write('late');
    },
  );
  const unopened = net.connect(1, '127.0.0.1');
  unopened.on('close', (hadError) => console.log('destroyed while connecting', hadError));
  unopened.destroy();
})();
