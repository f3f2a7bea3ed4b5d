// When a server knows its address, and how a taken or foreign address is refused.
const net = require('node:net');
const server = net.createServer();
console.log('before', server.address(), server.listening);
server.listen(0, '127.0.0.1', () => {
  const { port } = server.address();
  console.log('listening', port > 1023);
  const tries = [
    [port, '127.0.0.1'],
    [port, '0.0.0.0'],
    [port, undefined],
    [0, '10.99.0.1'],
  ];
  const next = () => {
    const attempt = tries.shift();
    if (!attempt) return server.close(() => console.log('closed', server.address()));
    const other = net.createServer();
    other.on('error', (error) => {
      console.log(error.code, error.syscall, error.address, error.message.replaceAll(String(port), 'PORT'));
      next();
    });
    other.on('listening', () => other.close(next));
    other.listen(...attempt);
  };
  next();
});
console.log('at once', server.address().address, server.address().port > 0, server.listening);
const any = net.createServer().listen(0, () => {
  console.log(any.address().address, any.address().family);
  any.close();
});
