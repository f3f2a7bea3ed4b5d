// What a server sees first: the end of a body, or what comes of the part that it has just been given.
const http = require('node:http');
const net = require('node:net');

const server = http.createServer((request, response) => {
  const say = (...words) => console.log(request.url, ...words, request.complete);
  say('request');
  process.nextTick(() => say('tick of the request'));
  Promise.resolve().then(() => say('promise of the request'));
  request.on('data', (bytes) => {
    say('data', String(bytes));
    process.nextTick(() => say('tick of the data'));
    Promise.resolve().then(() => say('promise of the data'));
    if (request.url === '/early') response.end('early');
  });
  request.on('end', () => {
    say('end');
    if (request.url !== '/early') response.end('ok');
  });
  request.on('close', () => say('request closed'));
  response.on('finish', () => say('finish'));
  response.on('close', () => say('response closed'));
});
server.on('clientError', (error, socket) => {
  console.log(error.code, error.bytesParsed, JSON.stringify(String(error.rawPacket)));
  socket.destroy();
});

const post = (url, body, more = '') =>
  `POST ${url} HTTP/1.1\r\nHost: a\r\n${more}Content-Length: ${body.length}\r\n\r\n${body}`;
const chunked = (url, ...parts) =>
  `POST ${url} HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n` +
  `${parts.map((part) => `${part.length.toString(16)}\r\n${part}\r\n`).join('')}0\r\n\r\n`;

/** One connection, whose bytes are sent at once. */
const send = (text, end = false) =>
  new Promise((resolve) => {
    const socket = net.connect(server.address().port, '127.0.0.1', () => {
      if (end) socket.end(text);
      else socket.write(text);
    });
    socket.resume();
    socket.on('error', () => {});
    socket.on('close', () => {
      console.log('closed');
      resolve();
    });
  });

server.listen(0, '127.0.0.1', async () => {
  await send(post('/', 'body', 'Connection: close\r\n'));
  await send(post('/early', 'body', 'Connection: close\r\n'));
  await send(chunked('/chunks', 'one', 'two'));
  await send(post('/first', 'one') + post('/second', 'two', 'Connection: close\r\n'));
  await send(post('/and-the-end', 'body'), true);
  await send(`${post('/then-nonsense', 'body')}nonsense\r\n\r\n`);
  await send(post('/cut-off', 'body').slice(0, -1), true);
  server.close();
});
