// A client's own address that cannot be had: `bind` fails, not `connect`.
const net = require('node:net');

const server = net.createServer().listen(0, '127.0.0.1', () => {
  const { port } = server.address();
  const socket = net.connect({ host: '127.0.0.1', port, localAddress: '127.0.0.1', localPort: port });
  socket.on('connect', () => console.log('connected'));
  socket.on('error', (error) => {
    const { code, syscall, message, address } = error;
    console.log(
      code,
      syscall,
      address,
      message.replace(port, 'PORT'),
      Object.keys(error),
      error.port === port,
    );
  });
  socket.on('close', (hadError) => {
    console.log('close', hadError);
    server.close();
  });
});
