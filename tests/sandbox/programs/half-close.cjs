// A client that stops talking and goes on listening. Each side apart: which of the two hears first is the machine's affair.
const net = require('node:net');

const said = { server: [], client: [] };
const tell = (side, ...words) => said[side].push(words);
const server = net.createServer({ allowHalfOpen: true }, (socket) => {
  let text = '';
  socket.setEncoding('utf8');
  socket.on('data', (chunk) => (text += chunk));
  socket.on('end', () => {
    tell('server', 'end', text, socket.readyState);
    socket.write('answer ');
    setTimeout(() => socket.end('and the rest'), 20);
  });
  socket.on('finish', () => tell('server', 'finish'));
  socket.on('close', (hadError) => {
    tell('server', 'close', hadError, socket.bytesRead, socket.bytesWritten);
    server.close();
  });
});
server.listen(0, '127.0.0.1', () => {
  const client = net.connect({ port: server.address().port, host: '127.0.0.1', allowHalfOpen: true });
  let text = '';
  client.setEncoding('utf8');
  client.on('connect', () => client.end('question'));
  client.on('data', (chunk) => (text += chunk));
  client.on('end', () => tell('client', 'end', text, client.readyState));
  client.on('close', (hadError) => tell('client', 'close', hadError, client.bytesRead, client.bytesWritten));
});
server.on('close', () => tell('server', 'closed'));
process.on('exit', () => {
  for (const [side, lines] of Object.entries(said)) for (const line of lines) console.log(side, ...line);
});
