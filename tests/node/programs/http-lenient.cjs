// What `insecureHTTPParser` lets pass, and the strict parser refuses; and a parser that has failed says the same again.
const http = require('node:http');
const net = require('node:net');

const responses = {
  'a folded value': 'HTTP/1.1 200 OK\r\nContent-Length: 0\r\nA: one\r\n two\r\n\tthree\r\nB: b\r\n\r\n',
  'a control character': 'HTTP/1.1 200 OK\r\nContent-Length: 0\r\nA: o\x08n\x7fe\r\n\r\n',
  'lines without CR': 'HTTP/1.1 200 OK\nContent-Length: 2\nA: one\nB: two\n\nok',
  'a line without CR and without reason': 'HTTP/1.1 200\nContent-Length: 0\n\n',
  'another version': 'HTTP/1.7 200 OK\r\nContent-Length: 0\r\n\r\n',
};
const requests = {
  'a folded value': 'GET / HTTP/1.1\r\nHost: a\r\nA: one\r\n two\r\nConnection: close\r\n\r\n',
  'lines without CR': 'GET / HTTP/1.1\nHost: a\nConnection: close\n\n',
  'more after the last':
    'GET /1 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\nGET /2 HTTP/1.1\r\nHost: a\r\n\r\n',
};

const respond = (name, insecureHTTPParser) =>
  new Promise((resolve) => {
    const server = net.createServer((socket) => {
      socket.on('error', () => {});
      socket.once('data', () => socket.end(responses[name]));
    });
    server.listen(0, '127.0.0.1', () => {
      const request = http.get({ port: server.address().port, host: '127.0.0.1', insecureHTTPParser });
      const say = (...words) => console.log(`[response: ${name}, ${insecureHTTPParser}]`, ...words);
      request.on('error', (error) => say(error.code, error.message));
      request.on('response', (response) => {
        say(response.httpVersion, response.statusMessage, JSON.stringify(response.headers));
        response.on('data', (data) => say(String(data)));
      });
      request.on('close', () => server.close(resolve));
    });
  });

const ask = (name, insecureHTTPParser) =>
  new Promise((resolve) => {
    const say = (...words) => console.log(`[request: ${name}, ${insecureHTTPParser}]`, ...words);
    const server = http.createServer({ insecureHTTPParser }, (request, response) => {
      say(request.url, JSON.stringify(request.headers));
      response.end();
    });
    server.on('clientError', (error, socket) => {
      say(error.code, error.message);
      socket.destroy();
    });
    server.listen(0, '127.0.0.1', () => {
      const socket = net.connect(server.address().port, '127.0.0.1', () => socket.write(requests[name]));
      socket.on('error', () => {});
      socket.resume();
      socket.on('close', () => server.close(resolve));
    });
  });

const failTwice = () =>
  new Promise((resolve) => {
    let errors = 0;
    const server = http.createServer();
    const socket = new net.Socket();
    server.on('clientError', (error, connection) => {
      console.log('[twice]', error.code, String(error.rawPacket));
      if (++errors === 1) socket.write('again');
      else connection.destroy();
    });
    socket.on('close', () => server.close(resolve));
    server.listen(0, '127.0.0.1', () =>
      socket.connect(server.address().port, '127.0.0.1', () => socket.write('*')),
    );
  });

/** A stream whose far end answers from inside the very callback that the answer before it has caused. */
const answerInside = () =>
  new Promise((resolve) => {
    const { Duplex } = require('node:stream');
    const socket = new Duplex({
      read() {},
      write(chunk, _, callback) {
        if (String(chunk).includes('\r\n\r\n')) this.push('HTTP/1.1 103 Early Hints\r\nA: b\r\n\r\n');
        callback();
      },
    });
    const request = http.request('http://localhost/', { createConnection: () => socket });
    request.on('information', ({ statusCode, headers }) => {
      console.log('[inside]', statusCode, JSON.stringify(headers));
      socket.push('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok');
      socket.push(null);
    });
    request.on('response', (response) => {
      console.log('[inside]', response.statusCode);
      response.on('data', (data) => console.log('[inside]', String(data)));
      response.on('end', resolve);
    });
    request.end();
  });

async function main() {
  for (const insecure of [false, true]) {
    for (const name of Object.keys(responses)) await respond(name, insecure);
    for (const name of Object.keys(requests)) await ask(name, insecure);
  }
  await failTwice();
  await answerInside();
}
main();
