// A client that stops talking and goes on listening.
const net = require('node:net');
const server = net.createServer({ allowHalfOpen: true }, (socket) => {
  const log = (...words) => console.log('server', ...words);
  let text = '';
  socket.setEncoding('utf8');
  socket.on('data', (chunk) => (text += chunk));
  socket.on('end', () => {
    log('end', text, socket.readyState);
    socket.write('answer ');
    setTimeout(() => socket.end('and the rest'), 20);
  });
  socket.on('finish', () => log('finish'));
  socket.on('close', (hadError) => {
    log('close', hadError, socket.bytesRead, socket.bytesWritten);
    server.close();
  });
});
server.listen(0, '127.0.0.1', () => {
  const client = net.connect({ port: server.address().port, host: '127.0.0.1', allowHalfOpen: true });
  let text = '';
  client.setEncoding('utf8');
  client.on('connect', () => client.end('question'));
  client.on('data', (chunk) => (text += chunk));
  client.on('end', () => console.log('client end', text, client.readyState));
  client.on('close', (hadError) =>
    console.log('client close', hadError, client.bytesRead, client.bytesWritten),
  );
});
server.on('close', () => console.log('server closed'));
