// The stream on top: order, ends, pressure, and being torn down at odd moments.
const { Duplex } = require('node:stream');
const {
  tls,
  net,
  server,
  client,
  ca,
  scenario,
  describe,
  listen,
  done,
  ecdhCurve,
} = require('./scenario.cjs');

const big = Buffer.alloc(1_500_000, 'abcdefghij');

async function main() {
  await scenario(
    'half-close',
    { allowHalfOpen: true },
    { allowHalfOpen: true },
    {
      onServer: (socket, note) => {
        socket.on('data', (data) => note(`S data ${data}`));
        socket.on('end', () => setTimeout(() => socket.end('a late answer'), 10));
      },
      onClient: (socket, note) => {
        socket.on('data', (data) => note(`C data ${data}`));
        socket.end('question');
      },
    },
  );
  await scenario(
    'the server ends at once',
    {},
    {},
    {
      onServer: (socket) => socket.end('bye'),
      onClient: (socket, note) => socket.on('data', (data) => note(`C data ${data}`)),
    },
  );
  await scenario(
    'the server destroys at once',
    {},
    {},
    { onServer: (socket) => socket.destroy(), onClient: (socket) => socket.resume() },
  );
  await scenario(
    'the server destroys with an error',
    {},
    {},
    { onServer: (socket) => socket.destroy(new Error('enough')), onClient: (socket) => socket.resume() },
  );
  await scenario('the client destroys when secure', {}, {}, { onClient: (socket) => socket.destroy() });
  await scenario(
    'the client destroys with an error',
    {},
    {},
    { onClient: (socket) => socket.destroy(new Error('changed my mind')) },
  );
  await scenario(
    'the server destroys after data',
    {},
    {},
    {
      onServer: (socket) => socket.on('data', () => socket.destroy()),
      onClient: (socket) => {
        socket.resume();
        socket.write('x');
      },
    },
  );
  await scenario(
    'upload',
    {},
    {},
    {
      onServer: (socket) => {
        let count = 0;
        socket.on('data', (data) => {
          count += data.length;
        });
        socket.on('end', () => socket.end(String(count)));
      },
      onClient: (socket, note) => {
        let text = '';
        socket.on('data', (data) => {
          text += data;
        });
        socket.on('end', () => note(`C total ${text}`));
        socket.end(big);
      },
    },
  );
  await scenario(
    'both ways at once, slowly read',
    {},
    {},
    {
      onServer: (socket) => {
        let count = 0;
        socket.on('readable', () => {
          for (let data = socket.read(); data; data = socket.read()) count += data.length;
        });
        socket.write(big);
        socket.on('end', () => socket.end(`!${count}`));
      },
      onClient: (socket, note) => {
        let count = 0;
        let last = '';
        socket.on('data', (data) => {
          count += data.length;
          last = (last + data).slice(-8);
          socket.pause();
          setImmediate(() => socket.resume());
        });
        socket.on('end', () => note(`C total ${count} ${last}`));
        socket.end(big);
      },
    },
  );
  await scenario(
    'pressure',
    {},
    {},
    {
      onServer: (socket) => {
        setTimeout(() => socket.resume(), 30);
        socket.on('end', () => socket.end());
      },
      onClient: (socket, note) => {
        socket.resume();
        note(`C write ${socket.write(Buffer.alloc(100))} ${socket.write(Buffer.alloc(1_000_000))}`);
        socket.once('drain', () => {
          note(`C drain ${socket.writableLength}`);
          socket.end();
        });
      },
    },
  );
  await scenario(
    'written before the handshake',
    {},
    {},
    {
      early: (socket) => {
        socket.write('before ', () => socket.write('and after'));
      },
      onClient: (socket, note) => {
        socket.on('data', (data) => note(`C data ${data}`));
      },
      onServer: (socket, note) => {
        let text = '';
        socket.on('data', (data) => {
          text += data;
          if (text.endsWith('after')) socket.end(`came: ${text}`);
        });
      },
    },
  );
  await scenario(
    'empty writes',
    {},
    {},
    {
      onServer: (socket, note) => {
        socket.on('data', (data) => note(`S data ${data}`));
        socket.on('end', () => socket.end());
      },
      onClient: (socket, note) => {
        socket.resume();
        socket.write('', () => note('C first'));
        socket.write('a', () => note('C second'));
        socket.write('', () => note('C third'));
        socket.end(() => note('C finished'));
      },
    },
  );
  await scenario(
    'text in encodings',
    {},
    {},
    {
      onServer: (socket, note) => {
        const parts = [];
        socket.on('data', (data) => parts.push(data));
        socket.on('end', () => {
          note(`S ${Buffer.concat(parts).toString('hex')}`);
          socket.end();
        });
      },
      onClient: (socket) => {
        socket.resume();
        socket.cork();
        socket.write('é', 'utf8');
        socket.write('é', 'latin1');
        socket.write('é', 'utf16le');
        socket.write('ff00', 'hex');
        socket.uncork();
        socket.end('AAEC', 'base64');
      },
    },
  );
  await scenario(
    'small fragments',
    {},
    {},
    {
      onServer: (socket) => {
        let count = 0;
        socket.on('data', (data) => {
          count += data.length;
        });
        socket.on('end', () => socket.end(String(count)));
      },
      onClient: (socket, note) => {
        note(`C ${socket.setMaxSendFragment(100)} ${socket.setMaxSendFragment(512)}`);
        socket.on('data', (data) => note(`C data ${data}`));
        socket.end(Buffer.alloc(20000));
      },
    },
  );
  await scenario(
    'renegotiation',
    {},
    {},
    {
      onServer: (socket, note) => {
        note(
          `S ${socket.renegotiate({}, (error) => {
            note(`S ${describe(error)}`);
            socket.end();
          })}`,
        );
      },
      onClient: (socket) => socket.resume(),
    },
  );
  const exported = [];
  await scenario('what both can compute', { requestCert: true, ca }, client, {
    onServer: (socket) => {
      exported.push(
        socket.exportKeyingMaterial(32, 'EXPORTER-test', Buffer.from('context')).toString('hex'),
        socket.getFinished().toString('hex'),
        socket.getPeerFinished().toString('hex'),
      );
      socket.end();
    },
    onClient: (socket, note) => {
      for (const [length, label] of [
        [-1, 'x'],
        [16, 'client finished'],
      ]) {
        try {
          note(`C ${label} ${socket.exportKeyingMaterial(length, label).length}`);
        } catch (error) {
          note(`C ${label} ${error.code} ${error.message}`);
        }
      }
      exported.push(
        socket.exportKeyingMaterial(32, 'EXPORTER-test', Buffer.from('context')).toString('hex'),
        socket.getPeerFinished().toString('hex'),
        socket.getFinished().toString('hex'),
      );
      socket.resume();
    },
  });
  console.log(`[equal on both sides] ${new Set(exported).size}`);
  await early();
  await overSocket();
  await overDuplex();
  await keylog();
  await timeouts();
}

/** What is written before the connection stands goes out first, in order. */
async function early() {
  const listener = tls.createServer({ ...server, ecdhCurve }, (socket) => socket.pipe(socket));
  const port = await listen(listener);
  const socket = tls.connect({ port, host: '127.0.0.1', servername: 'localhost', ca, ecdhCurve });
  socket.write('one ');
  socket.write('two ');
  socket.end('three');
  let text = '';
  socket.on('data', (data) => {
    text += data;
  });
  await new Promise((resolve) => socket.on('close', resolve));
  console.log(`[early writes] ${text} ${socket.bytesWritten} ${socket.bytesRead}`);
  listener.close();
  const refused = tls.connect({ port: 1, host: '127.0.0.1' });
  await new Promise((resolve) =>
    refused.on('error', (error) => {
      console.log(`[refused] ${error.code} ${error.message}`);
      resolve();
    }),
  );
  const gone = tls.connect({ port, host: '127.0.0.1', ca });
  gone.on('error', (error) => console.log(`[destroyed while connecting] ${error.code}`));
  gone.destroy();
  await new Promise((resolve) =>
    gone.on('close', (hadError) => {
      console.log(`[destroyed while connecting] close ${hadError}`);
      resolve();
    }),
  );
}

async function overSocket() {
  const listener = tls.createServer({ ...server, ecdhCurve }, (socket) => socket.end('over a socket'));
  const port = await listen(listener);
  await new Promise((resolve) => {
    const below = net.connect(port, '127.0.0.1', () => {
      const socket = tls.connect({ socket: below, servername: 'localhost', ca, ecdhCurve }, () =>
        console.log(`[over a socket] ${socket.authorized} ${socket.encrypted}`),
      );
      socket.on('data', (data) => console.log(`[over a socket] ${data}`));
      socket.on('close', resolve);
    });
  });
  listener.close();
  // A server made by hand, over plain sockets.
  const plain = net.createServer((below) => {
    const socket = new tls.TLSSocket(below, {
      isServer: true,
      secureContext: tls.createSecureContext({ ...server, ecdhCurve }),
    });
    socket.on('secure', () => socket.end('by hand'));
    socket.on('error', (error) => console.log(`[server by hand] ${error.code}`));
  });
  const plainPort = await listen(plain);
  await new Promise((resolve) => {
    const socket = tls.connect({
      port: plainPort,
      host: '127.0.0.1',
      servername: 'localhost',
      ca,
      ecdhCurve,
    });
    socket.on('data', (data) => console.log(`[server by hand] ${data}`));
    socket.on('error', (error) => console.log(`[server by hand] ${error.code}`));
    socket.on('close', resolve);
  });
  plain.close();
}

/** Two ends of a pipe in memory. */
function pair() {
  const ends = [0, 1].map(
    (index) =>
      new Duplex({
        read() {},
        write(chunk, _encoding, callback) {
          ends[1 - index].push(chunk);
          setImmediate(callback);
        },
        final(callback) {
          ends[1 - index].push(null);
          callback();
        },
      }),
  );
  return ends;
}

async function overDuplex() {
  const [near, far] = pair();
  const behind = new tls.TLSSocket(far, {
    isServer: true,
    secureContext: tls.createSecureContext({ ...server, ecdhCurve }),
  });
  let received = 0;
  behind.on('data', (data) => {
    received += data.length;
  });
  behind.on('end', () => behind.end(`got ${received}`));
  const socket = tls.connect({ socket: near, servername: 'localhost', ca, ecdhCurve });
  socket.on('secureConnect', () =>
    console.log(`[over a Duplex] ${socket.authorized} ${socket.getProtocol()}`),
  );
  socket.on('data', (data) => console.log(`[over a Duplex] ${data}`));
  socket.end(Buffer.alloc(200000));
  await new Promise((resolve) => socket.on('close', resolve));
}

async function keylog() {
  const listener = tls.createServer({ ...server, ecdhCurve }, (socket) => socket.end());
  const lines = { S: [], C: [] };
  listener.on('keylog', (line) => lines.S.push(String(line)));
  const port = await listen(listener);
  const socket = tls.connect({ port, host: '127.0.0.1', servername: 'localhost', ca, ecdhCurve });
  socket.on('keylog', (line) => lines.C.push(String(line)));
  socket.resume();
  await new Promise((resolve) => socket.on('close', resolve));
  listener.close();
  for (const side of ['S', 'C'])
    console.log(
      `[key log] ${side} ${lines[side].map((line) => `${line.split(' ')[0]}/${line.length}`).sort()}`,
    );
  console.log(`[key log] equal ${[...lines.S].sort().join() === [...lines.C].sort().join()}`);
}

async function timeouts() {
  const listener = tls.createServer({ ...server, handshakeTimeout: 30 });
  const port = await listen(listener);
  const silent = net.connect(port, '127.0.0.1');
  await new Promise((resolve) => {
    listener.on('tlsClientError', (error, socket) => {
      console.log(`[handshake timeout] ${error.code}`);
      socket.destroy();
      resolve();
    });
  });
  silent.destroy();
  listener.close();
}

main().then(done);
