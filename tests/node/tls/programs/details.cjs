// The corners of the interface: addresses, signals, timeouts, odd options, events, STARTTLS.
const { tls, net, server, client, ca, describe, listen, done, ecdhCurve } = require('./scenario.cjs');

const log = (n, ...a) => console.log(`[${n}]`, ...a);
async function main() {
  const listener = tls.createServer({ ...server, ecdhCurve, pauseOnConnect: true }, (s) => {
    // Some clients go in the middle, which may come as a reset.
    s.on('error', () => {});
    setTimeout(() => {
      s.on('data', (d) => s.end(`got ${d}`));
      s.resume();
    }, 10);
  });
  const port = await listen(listener);
  const base = { port, host: '127.0.0.1', servername: 'localhost', ca, ecdhCurve };
  await new Promise((r) => {
    const c = tls.connect(base, () => {
      log(
        'addr',
        c.remoteAddress,
        c.remoteFamily,
        c.address().address,
        c.localAddress,
        c.connecting,
        c.pending,
        c.readyState,
        c.authorized,
      );
      c.write('hi');
    });
    c.on('data', (d) => log('addr', `${d}`));
    c.on('close', r);
  });
  await new Promise((r) => {
    const bufs = [];
    const c = tls.connect(
      {
        ...base,
        onread: {
          buffer: Buffer.alloc(4),
          callback(n, b) {
            bufs.push(b.subarray(0, n).toString());
            return true;
          },
        },
      },
      () => c.write('hello'),
    );
    c.on('close', () => {
      log('onread', bufs.join('|'));
      r();
    });
  });
  await new Promise((r) => {
    const ac = new AbortController();
    const c = tls.connect({ ...base, signal: ac.signal });
    c.on('error', (e) => log('abort', e.name, e.code));
    c.on('close', (h) => {
      log('abort close', h);
      r();
    });
    ac.abort();
  });
  await new Promise((r) => {
    const c = tls.connect(base);
    c.setTimeout(30, () => {
      log('timeout');
      c.destroy();
    });
    c.on('close', r);
  });
  await new Promise((r) => {
    const c = tls.connect(base, () => {
      c.setNoDelay();
      c.setKeepAlive(true);
      c.unref();
      c.ref();
      c.disableRenegotiation();
      log('misc', c.getTLSTicket(), c.enableTrace === undefined, c.alpnProtocol);
      c.end('x');
    });
    c.resume();
    c.on('close', r);
  });
  for (const [n, a] of [
    ['badcheck', { checkServerIdentity: 1 }],
    ['minDH', { minDHSize: 0 }],
    ['alpn', { ALPNProtocols: [''] }],
    ['alpn long', { ALPNProtocols: ['a'.repeat(256)] }],
    ['alpn bytes', { ALPNProtocols: Buffer.from([2, 104, 50]) }],
    ['ctx', { secureContext: {} }],
    ['sess', { session: Buffer.alloc(3) }],
  ]) {
    try {
      const c = tls.connect({ ...base, ...a });
      c.on('error', (e) => log(n, describe(e)));
      await new Promise((r) => {
        c.on('secureConnect', () => {
          log(n, 'ok', c.alpnProtocol);
          c.destroy();
        });
        c.on('close', r);
      });
    } catch (e) {
      log(n, e.name, e.code, e.message);
    }
  }
  for (const a of [
    {},
    { SNICallback: 1 },
    { ALPNCallback: () => {}, ALPNProtocols: ['a'] },
    { handshakeTimeout: 'x' },
    { key: 1 },
    { cert: {} },
    { pskCallback: 1 },
  ])
    try {
      tls.createServer(a);
      log('server opts', 'ok');
    } catch (e) {
      log('server opts', e.code, e.message);
    }
  try {
    listener.addContext('', {});
  } catch (e) {
    log('addContext', e.code);
  }
  try {
    listener.setTicketKeys('x');
  } catch (e) {
    log('tk', e.code);
  }
  log('tk', listener.getTicketKeys().length);
  log(
    'ident',
    `${tls.checkServerIdentity('a.b', { subject: { CN: 'a.b' } })}`,
    `${tls.checkServerIdentity('x.a.b', { subject: {}, subjectaltname: 'DNS:*.a.b' })}`,
    `${tls.checkServerIdentity('1.2.3.4', { subject: {}, subjectaltname: 'IP Address:1.2.3.4' })}`,
    `${tls.checkServerIdentity('1.2.3.5', { subject: {}, subjectaltname: 'IP Address:1.2.3.4' })}`,
  );
  log(
    'misc',
    tls.rootCertificates.constructor.name,
    tls.DEFAULT_ECDH_CURVE,
    tls.CLIENT_RENEG_LIMIT,
    Object.isFrozen(tls.rootCertificates),
  );
  await new Promise((r) => {
    const c = tls.connect(base, () => {
      c.end('a');
      c.write('b', (e) => log('write after end', e?.code));
    });
    c.on('error', (e) => log('write after end err', e.code));
    c.resume();
    c.on('close', r);
  });
  await new Promise((r) => {
    const c = tls.connect(base);
    c.destroy();
    c.write('x', (e) => log('write destroyed', e.code));
    c.on('close', r);
  });
  // setDefaultCACertificates
  if (tls.setDefaultCACertificates) {
    tls.setDefaultCACertificates([ca]);
    log('default ca', tls.getCACertificates('default').length);
    await new Promise((r) => {
      const c = tls.connect({ ...base, ca: undefined }, () => {
        log('default ca', c.authorized);
        c.destroy();
      });
      c.on('error', (e) => log('default ca', e.code));
      c.on('close', r);
    });
  }
  listener.close();
  // server close waits; many parallel connections
  const many = tls.createServer({ ...server, requestCert: true, ca, ecdhCurve }, (s) => s.pipe(s));
  const mp = await listen(many);
  const res = await Promise.all(
    Array.from(
      { length: 12 },
      (_, i) =>
        new Promise((r) => {
          const c = tls.connect({ ...base, port: mp, ...client }, () => c.end(`n${i}`));
          let t = '';
          c.on('data', (d) => (t += d));
          c.on('close', () => r(t));
        }),
    ),
  );
  log('many', res.join());
  await new Promise((r) => many.close(r));
  log('many closed');
  // upgrade: plain then TLS (STARTTLS)
  const up = net.createServer((s) => {
    s.once('data', () => {
      s.write('go');
      const t = new tls.TLSSocket(s, { isServer: true, ...server, ecdhCurve });
      t.on('data', (d) => t.end(`secure ${d}`));
    });
  });
  const upp = await listen(up);
  await new Promise((r) => {
    const s = net.connect(upp, '127.0.0.1', () => s.write('STARTTLS'));
    s.once('data', () => {
      const c = tls.connect({ socket: s, servername: 'localhost', ca, ecdhCurve }, () => c.write('hi'));
      c.on('data', (d) => log('starttls', `${d}`));
      c.on('close', r);
    });
  });
  up.close();
  const ev = [];
  const es = tls.createServer({ ...server, ecdhCurve }, (s) => {
    ev.push('secureConnection');
    s.end('x');
  });
  for (const e of ['connection', 'listening', 'close', 'newSession', 'resumeSession'])
    es.on(e, (...a) => {
      ev.push(e);
      if (e === 'newSession') a[2]();
      if (e === 'resumeSession') a[1](null, null);
    });
  const ep = await listen(es);
  await new Promise((r) => {
    const c = tls.connect({ ...base, port: ep });
    for (const e of ['lookup', 'connect', 'ready', 'secureConnect', 'secure', 'session', 'end', 'close'])
      c.on(e, () => ev.push(`c.${e}`));
    c.resume();
    c.on('close', () => setTimeout(r, 20));
  });
  await new Promise((r) => es.close(r));
  log(
    'events',
    ev
      .filter((x) => !/ession$/.test(x))
      .sort()
      .join(' '),
  );
}
main().then(done);
