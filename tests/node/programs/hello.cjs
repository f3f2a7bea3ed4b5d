console.log('hello', { a: 1, b: [1, 2, { c: new Map([['x', 1]]) }] });
const net = require('net');
const http = require('http');
const server = http.createServer((req, res) => res.end('hi ' + req.url));
server.listen(0, () => {
  http.get({ port: server.address().port, path: '/x' }, (res) => {
    res.setEncoding('utf8');
    res.on('data', (d) => console.log(res.statusCode, d));
    res.on('end', () => {
      console.log('end');
      server.close(() => console.log('closed'));
    });
  });
});
