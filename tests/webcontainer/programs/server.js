import net from 'node:net';

const server = net.createServer((socket) => {
  console.log(`caller ${socket.remoteAddress}, here ${socket.localAddress}:${socket.localPort}`);
  socket.end(`hello ${socket.remoteAddress.replace('::ffff:', '')}`);
  net
    .createServer()
    .listen(8443)
    .on('error', ({ code, message }) => console.log(`twice: ${code} ${message}`));
});
server.listen(8443, () => console.log(`listening on ${JSON.stringify(server.address())}`));
