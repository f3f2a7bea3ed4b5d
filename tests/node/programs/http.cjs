// HTTP: keep-alive, chunks, 100-continue, HEAD, agents, errors, timeouts, upgrades.
const http = require('node:http');
const net = require('node:net');
const raw = (port, text, done) => {
  const c = net.connect(port, '127.0.0.1');
  let out = '';
  c.setEncoding('latin1');
  c.on('data', (d) => {
    out += d;
  });
  c.on('error', (e) => console.log('raw error', e.code));
  c.on('close', () => done(out.replace(/Date: [^\r]*/g, 'Date: DATE')));
  c.write(text, 'latin1');
};
const server = http.createServer((req, res) => {
  switch (new URL(req.url, 'http://x').pathname) {
    case '/echo': {
      let body = '';
      req.setEncoding('utf8');
      req.on('data', (d) => {
        body += d;
      });
      req.on('end', () => {
        res.setHeader('X-Method', req.method);
        res.end(
          JSON.stringify({
            body,
            headers: req.headers['content-type'],
            te: req.headers['transfer-encoding'],
            cl: req.headers['content-length'],
            trailers: req.trailers,
            complete: req.complete,
          }),
        );
      });
      break;
    }
    case '/chunks':
      res.write('one');
      setTimeout(() => {
        res.write('two');
        res.addTrailers({ 'X-T': 'v' });
        res.end();
      }, 3);
      res.setHeader;
      break;
    case '/late':
      try {
        res.end('x');
        res.setHeader('a', 'b');
      } catch (e) {
        console.log(e.code, e.message);
      }
      break;
    case '/bad':
      for (const [k, v] of [
        ['a b', 'c'],
        ['a', 'c\n'],
        ['a', undefined],
        ['x', 'é'],
        ['y', '\u{1F600}'],
      ])
        try {
          res.setHeader(k, v);
        } catch (e) {
          console.log(e.code, e.message);
        }
      res.end('ok');
      break;
    case '/status':
      res.writeHead(418, 'Teapot', { 'X-A': ['1', '2'], 'Set-Cookie': ['a=1', 'b=2'] });
      res.end();
      break;
    case '/204':
      res.statusCode = 204;
      res.end();
      break;
    case '/destroy':
      req.socket.destroy();
      break;
    default:
      res.end(`${req.method} ${req.url} ${req.httpVersion}`);
  }
});
const get = (port, path, options = {}) =>
  new Promise((resolve) => {
    const { body, ...rest } = options;
    const req = http.request({ port, path, host: '127.0.0.1', ...rest }, (res) => {
      let text = '';
      res.setEncoding('utf8');
      res.on('data', (d) => {
        text += d;
      });
      res.on('aborted', () => console.log('aborted'));
      res.on('error', (e) => {
        console.log('res error', e.code, e.message);
        resolve();
      });
      res.on('end', () => {
        const { date, ...headers } = res.headers;
        console.log(
          rest.method ?? 'GET',
          path,
          res.statusCode,
          res.statusMessage,
          JSON.stringify(headers),
          JSON.stringify(text),
          JSON.stringify(res.trailers),
          req.reusedSocket,
        );
        resolve(res);
      });
    });
    req.on('error', (e) => {
      console.log('req error', e.code, e.message);
      resolve();
    });
    req.on('continue', () => {
      console.log('continue');
      req.end(body);
    });
    req.on('information', (i) => console.log('information', i.statusCode));
    if (rest.headers?.Expect) req.flushHeaders();
    else req.end(body);
  });
server.listen(0, '127.0.0.1', async () => {
  const { port } = server.address();
  await get(port, '/');
  await get(port, '/echo', { method: 'POST', body: 'héllo', headers: { 'Content-Type': 'text/plain' } });
  await get(port, '/echo', { method: 'POST', body: 'x', headers: { 'Transfer-Encoding': 'chunked' } });
  await get(port, '/echo', { method: 'POST', body: 'waited', headers: { Expect: '100-continue' } });
  await get(port, '/chunks');
  await get(port, '/status');
  await get(port, '/204');
  await get(port, '/x', { method: 'HEAD' });
  await get(port, '/late');
  await get(port, '/bad');
  await get(port, '/destroy');
  const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
  await Promise.all([get(port, '/1', { agent }), get(port, '/2', { agent }), get(port, '/3', { agent })]);
  console.log(
    Object.keys(agent.sockets).length,
    Object.values(agent.freeSockets).flat().length,
    agent.totalSocketCount,
  );
  agent.destroy();
  await new Promise((r) => raw(port, 'GET / HTTP/1.0\r\n\r\n', (t) => r(console.log(JSON.stringify(t)))));
  await new Promise((r) =>
    raw(
      port,
      'GET /a HTTP/1.1\r\nHost: x\r\n\r\nGET /b HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n',
      (t) => r(console.log(JSON.stringify(t))),
    ),
  );
  await new Promise((r) => raw(port, 'GET / HTTP/1.1\r\n\r\n', (t) => r(console.log(JSON.stringify(t)))));
  await new Promise((r) => raw(port, 'garbage\r\n\r\n', (t) => r(console.log(JSON.stringify(t)))));
  await new Promise((r) =>
    raw(port, `GET / HTTP/1.1\r\nHost: x\r\nA: ${'x'.repeat(20000)}\r\n\r\n`, (t) =>
      r(console.log(JSON.stringify(t))),
    ),
  );
  await new Promise((r) =>
    raw(
      port,
      'POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nTrailer: t\r\nConnection: close\r\n\r\n3\r\nabc\r\n0\r\nT: v\r\n\r\n',
      (t) => r(console.log(JSON.stringify(t))),
    ),
  );
  server.once('clientError', (e, socket) => {
    console.log('clientError', e.code, e.message, e.reason, e.rawPacket.length);
    socket.end('HTTP/1.1 400 Mine\r\n\r\n');
  });
  await new Promise((r) =>
    raw(port, 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n', (t) =>
      r(console.log(JSON.stringify(t))),
    ),
  );
  server.once('upgrade', (req, socket, head) => {
    console.log('upgrade', req.headers.upgrade, head.toString());
    socket.end('HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\nhi');
  });
  await new Promise((r) =>
    http
      .request({ port, host: '127.0.0.1', headers: { Connection: 'Upgrade', Upgrade: 'x' } })
      .on('upgrade', (res, socket, head) => {
        socket.on('close', () => r(console.log('upgraded', res.statusCode)));
        socket.on('data', () => {});
        console.log(head.toString());
        socket.end();
      })
      .end(),
  );
  const odd = net
    .createServer((s) => {
      s.once('data', () => s.end('HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nshort'));
    })
    .listen(0, async () => {
      await get(odd.address().port, '/short');
      odd.close();
      const wrong = net
        .createServer((s) => {
          s.on('error', () => {});
          s.once('data', () => s.end('NOPE\r\n'));
        })
        .listen(0, async () => {
          await get(wrong.address().port, '/wrong');
          wrong.close();
          await get(wrong.port ?? port, '/abort', { signal: AbortSignal.abort() });
          const slow = http.request({ port, host: '127.0.0.1', path: '/', timeout: 1000 });
          slow.on('timeout', () => {});
          slow.on('response', (res) => {
            res.resume();
            res.on('end', () => {
              console.log('last');
              server.close(() => console.log('closed'));
              server.closeAllConnections();
            });
          });
          slow.end();
        });
    });
});
for (const body of [
  () => http.request({ path: '/a b' }),
  () => http.request({ method: 'a b' }),
  () => http.request('ftp://x'),
  () => http.get({ host: 5 }),
  () => http.request({ headers: { 'a b': 1 } }),
  () => http.createServer({ requestTimeout: -1 }),
  () => new http.Agent({ maxSockets: 'x' }),
  () => http.validateHeaderName('@@'),
  () => http.validateHeaderName('('),
]) {
  try {
    body().on?.('error', () => {});
    console.log('no error');
  } catch (e) {
    console.log(e.name, e.code, e.message);
  }
}
console.log(http.METHODS.length, http.STATUS_CODES[418], http.maxHeaderSize, http.globalAgent.keepAlive);
