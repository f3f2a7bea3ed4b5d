// TCP: connect, listen, half-close, reset, refusal, back-pressure, counters, timeouts.
const net = require('node:net');
// `localhost` has two addresses, and a busy machine is no reason to try the second as well.
net.setDefaultAutoSelectFamilyAttemptTimeout(60_000);
const steps = [
  (next) => {
    // Each side apart: which of the two hears first is the machine's affair.
    const said = { server: [], client: [] };
    const tell = (side, ...what) => said[side].push(what);
    let ends = 0;
    const ended = () => {
      if (++ends < 2) return;
      for (const side of ['server', 'client'])
        for (const what of said[side]) console.log(`${side}:`, ...what);
      next();
    };
    const server = net.createServer((socket) => {
      tell('server', 'connection', typeof socket.remotePort, socket.remoteFamily);
      socket.on('data', (d) => tell('server', 'data', d.toString()));
      socket.on('end', () => {
        tell('server', 'end');
        socket.end('bye');
      });
      socket.on('close', (e) => {
        tell('server', 'close', e, socket.bytesRead, socket.bytesWritten);
        server.close(() => {
          tell('server', 'closed');
          ended();
        });
      });
    });
    console.log(server.address(), server.listening);
    server.listen(0, '127.0.0.1', () => {
      const { port, address, family } = server.address();
      console.log(address, family, typeof port, server.listening);
      const c = net.connect(port, '127.0.0.1');
      console.log(c.connecting, c.pending, c.readyState);
      c.on('connect', () => {
        tell('client', 'connect', c.connecting, c.readyState, c.remoteAddress, c.localAddress);
        c.write('hello', () => tell('client', 'written'));
        c.end();
      });
      c.on('ready', () => tell('client', 'ready'));
      c.on('data', (d) => tell('client', 'data', d.toString()));
      c.on('end', () => tell('client', 'end'));
      c.on('finish', () => tell('client', 'finish'));
      c.on('close', (e) => {
        tell('client', 'close', e, c.bytesRead, c.bytesWritten, c.destroyed);
        ended();
      });
    });
  },
  (next) => {
    const server = net.createServer({ allowHalfOpen: true }, (s) => {
      s.on('end', () => {
        console.log('half: end', s.writable, s.readable);
        s.write('after end');
        setTimeout(() => s.end('!'), 5);
      });
      s.resume();
    });
    server.listen(0, () => {
      console.log(server.address().address, server.address().family);
      const c = net.connect({ port: server.address().port });
      let text = '';
      c.setEncoding('utf8');
      c.on('data', (d) => {
        text += d;
      });
      c.on('close', () => {
        console.log('half', text);
        server.close(next);
      });
      c.end('x');
    });
  },
  (next) => {
    const probe = net.createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => {
        net
          .connect(port, '127.0.0.1')
          .on('error', (e) =>
            console.log(
              e.message.replace(port, 'PORT'),
              e.code,
              e.errno,
              e.syscall,
              e.address,
              e.port === port,
            ),
          )
          .on('close', (had) => {
            console.log('close', had);
            net.connect({ port, host: 'localhost' }).on('error', (err) => {
              console.log(err.code, err.syscall ?? 'connect'); // an AggregateError where localhost has two addresses
              next();
            });
          });
      });
    });
  },
  (next) => {
    const a = net.createServer().listen(0, () => {
      const { port } = a.address();
      const b = net.createServer();
      b.on('error', (e) => {
        console.log(
          e.message.replace(port, 'PORT'),
          e.code,
          e.errno,
          e.syscall,
          e.address,
          e.port === port,
          b.listening,
          b.address(),
        );
        a.close(next);
      });
      b.listen(port);
    });
  },
  (next) => {
    const server = net.createServer((s) => {
      s.on('error', (e) => console.log('server error', e.code, e.message));
      s.on('close', (h) => {
        console.log('server close', h);
        server.close(next);
      });
      s.resume();
    });
    server.listen(0, () => {
      const c = net.connect(server.address().port);
      c.on('connect', () => setTimeout(() => c.resetAndDestroy(), 5));
      c.on('error', (e) => console.log('client error', e.code));
    });
  },
  (next) => {
    let total = 0;
    const server = net.createServer((s) => {
      s.pause();
      setTimeout(() => s.resume(), 20);
      s.on('data', (d) => {
        total += d.length;
      });
      s.on('end', () => {
        console.log('received', total);
        s.end();
        server.close(next);
      });
    });
    server.listen(0, () => {
      const c = net.connect(server.address().port);
      let drained = false;
      c.on('drain', () => {
        if (!drained) console.log('drain');
        drained = true;
      });
      const big = Buffer.alloc(3_000_000, 'x');
      console.log('write returned', c.write(big), c.writableLength > 0, c.writableNeedDrain);
      c.end();
      c.resume();
    });
  },
  (next) => {
    const server = net.createServer((s) => {
      s.cork();
      s.write('a');
      s.write('b', 'latin1');
      s.write(Buffer.from('c'));
      s.uncork();
      s.end();
    });
    server.listen(0, () => {
      const c = net.connect(server.address().port);
      let n = 0;
      let text = '';
      c.on('data', (d) => {
        n++;
        text += d;
      });
      c.on('close', () => {
        console.log('corked', text, n);
        server.close(next);
      });
    });
  },
  (next) => {
    const server = net.createServer((s) => {
      s.resume();
      s.on('end', () => s.end());
    });
    server.listen(0, () => {
      const c = net.connect(server.address().port);
      c.setTimeout(20, () => {
        console.log('timeout');
        c.end();
      });
      c.on('close', () => server.close(next));
    });
  },
  (next) => {
    const server = net.createServer((s) => s.end('1'));
    server.maxConnections = 1;
    server.on('drop', (d) => console.log('drop', typeof d.remotePort));
    server.listen(0, async () => {
      server.getConnections((e, n) => console.log('connections', e, n));
      const c = net.connect(server.address().port);
      c.resume();
      c.on('close', () => server.close(() => next(console.log('ok'))));
    });
  },
  (next) => {
    const ac = new AbortController();
    const server = net.createServer();
    server.listen({ port: 0, signal: ac.signal }, () => ac.abort());
    server.on('close', () => {
      console.log('aborted server');
      const c = net.connect({ port: 9, host: '127.0.0.1', signal: AbortSignal.abort() });
      c.on('error', (e) => {
        console.log(e.name, e.code);
        next();
      });
    });
  },
  (next) => {
    for (const [name, body] of Object.entries({
      port: () => net.connect(70000),
      type: () => net.connect({ port: 'x' }),
      none: () => net.connect(),
      listen: () => net.createServer().listen(-1),
      cb: () => net.createServer().listen({}),
      family: () => net.connect({ port: 1, family: 5 }),
      isIP: () =>
        console.log(
          net.isIP('::1'),
          net.isIP('1.2.3.4'),
          net.isIP('x'),
          net.isIPv6('::ffff:1.2.3.4'),
          net.isIPv4('1.2.3'),
        ),
    })) {
      try {
        body()?.on?.('error', () => {});
      } catch (e) {
        console.log(name, e.name, e.code, e.message);
      }
    }
    net.connect({ port: 1, host: 'no.such.host.invalid' }).on('error', (e) => {
      console.log(e.message, e.code, e.errno, e.syscall, e.hostname);
      next();
    });
  },
  (next) => {
    const s = net.createServer();
    s.close((e) => {
      console.log(e.code, e.message);
    });
    const w = new net.Socket();
    w.on('error', (e) => {
      console.log('write unconnected', e.code, e.message);
      next();
    });
    w.write('x');
  },
  (next) => {
    // A port to call from that somebody listens on.
    const servers = [net.createServer(), net.createServer()];
    const close = () => servers[0].close(() => servers[1].close(next));
    servers[0].listen(0, '127.0.0.1', () =>
      servers[1].listen(0, '127.0.0.1', () => {
        const [port, localPort] = servers.map((server) => server.address().port);
        const c = net.connect({ host: '127.0.0.1', port, localAddress: '127.0.0.1', localPort });
        c.on('error', (e) => console.log('local port', e.code));
        c.on('close', close);
      }),
    );
  },
  (next) => {
    const server = net.createServer((s) => {
      s.write('one');
      s.once('data', () => s.end('two'));
    });
    server.listen(0, async () => {
      const c = net.connect(server.address().port);
      const parts = [];
      for await (const chunk of c) {
        parts.push(chunk.toString());
        if (parts.length === 1) c.write('more');
      }
      console.log(parts.join());
      server.close(next);
    });
  },
];
const run = () => steps.shift()?.(run);
run();
