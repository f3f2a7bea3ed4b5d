// What a program can ask of a connection and say to it, in both versions.
const https = require('node:https');
const { tls, net, pki, server, client, ca, scenario, describe, listen, done } = require('./scenario.cjs');

const V12 = { minVersion: 'TLSv1.2', maxVersion: 'TLSv1.2' };
const V13 = { minVersion: 'TLSv1.3', maxVersion: 'TLSv1.3' };
const curves = { ecdhCurve: 'X25519:P-256:P-384:P-521' };
const only = (side) => ({ onClient: (socket) => socket.resume(), onServer: side });
const pair = (name) => ({ key: pki[`${name}.key`], cert: pki[`${name}.chain`] });

/** Scenario in a version; its options are those of `scenario`. */
const say = (name, serverOptions = {}, clientOptions = {}, more = {}) =>
  scenario(name, { ...curves, ...serverOptions }, { ...curves, ...clientOptions }, more);

async function versions() {
  const ranges = {
    'both by default': [{}, {}],
    'the server stops at 1.2': [{ maxVersion: 'TLSv1.2' }, {}],
    'the client stops at 1.2': [{}, { maxVersion: 'TLSv1.2' }],
    'the server begins at 1.3': [{ minVersion: 'TLSv1.3' }, {}],
    '1.2 and 1.3 never meet': [V12, V13],
    '1.3 and 1.2 never meet': [V13, V12],
    'old versions are allowed': [{ minVersion: 'TLSv1' }, { minVersion: 'TLSv1.1' }],
    'a method of 1.2 at the client': [{}, { secureProtocol: 'TLSv1_2_method' }],
    'a method of 1.2 at the server': [{ secureProtocol: 'TLSv1_2_server_method' }, {}],
    'the method of any version': [{ secureProtocol: 'TLS_method' }, { secureProtocol: 'TLS_client_method' }],
    'the old method of any version': [{ secureProtocol: 'SSLv23_method' }, {}],
    'a client of old versions alone': [{}, { minVersion: 'TLSv1', maxVersion: 'TLSv1.1' }],
    'a server of old versions alone': [{ minVersion: 'TLSv1', maxVersion: 'TLSv1.1' }, {}],
    'the least above the most': [{}, { minVersion: 'TLSv1.3', maxVersion: 'TLSv1.2' }],
  };
  for (const [name, [serverOptions, clientOptions]] of Object.entries(ranges))
    await say(name, serverOptions, clientOptions);
}

async function suites() {
  for (const suite of [
    'ECDHE-ECDSA-AES128-GCM-SHA256',
    'ECDHE-ECDSA-AES256-GCM-SHA384',
    'ECDHE-ECDSA-CHACHA20-POLY1305',
  ]) {
    await say(`suite ${suite}`, V12, { ciphers: suite });
  }
  for (const suite of [
    'ECDHE-RSA-AES128-GCM-SHA256',
    'ECDHE-RSA-AES256-GCM-SHA384',
    'ECDHE-RSA-CHACHA20-POLY1305',
  ]) {
    await say(
      `suite ${suite}`,
      { ...V12, ...pair('server-rsa') },
      { ca: pki['root-rsa.crt'], ciphers: suite },
    );
  }
  await say('the server orders the suites', { ...V12, ciphers: 'AESGCM+ECDHE:+AES256' }, {});
  await say(
    'the client orders the suites',
    { ...V12, honorCipherOrder: false },
    { ciphers: 'CHACHA20:AES256+AESGCM' },
  );
  await say(
    'the client orders the suites of 1.3',
    { ...V13, honorCipherOrder: false },
    {
      ciphers: 'TLS_AES_128_GCM_SHA256:TLS_CHACHA20_POLY1305_SHA256',
    },
  );
  await say(
    'suites of 1.2 only, by name',
    { ciphers: 'ECDHE-ECDSA-AES128-GCM-SHA256' },
    { maxVersion: 'TLSv1.2' },
  );
  await say('suites of 1.3 only, at the client', {}, { ciphers: 'TLS_AES_128_GCM_SHA256' });
  await say('suites of 1.3 only, for 1.2', {}, { ...V12, ciphers: 'TLS_AES_128_GCM_SHA256' });
  await say('a group of 1.3 only, for 1.2', { ...V12, ecdhCurve: 'X25519MLKEM768' }, {});
  await say('suites of 1.3 only, against 1.2', V12, { ciphers: 'TLS_AES_128_GCM_SHA256' });
}

async function keys() {
  for (const [kind, root] of [
    ['rsa', 'rsa'],
    ['ec', 'ec'],
    ['ec384', 'ec'],
    ['ed25519', 'ed25519'],
  ]) {
    for (const [version, options] of [
      ['1.2', V12],
      ['1.3', V13],
    ]) {
      const clientKind = kind === 'ec384' ? 'ec' : kind;
      await say(
        `${kind} with ${version}`,
        { ...options, ...pair(`server-${kind}`), requestCert: true, ca: pki[`root-${root}.crt`] },
        { ...pair(`client-${clientKind}`), ca: pki[`root-${root}.crt`] },
      );
    }
  }
  const two = {
    key: [pki['server-rsa.key'], pki['server-ec.key']],
    cert: [pki['server-rsa.chain'], pki['server-ec.chain']],
  };
  const roots = [pki['root-rsa.crt'], pki['root-ec.crt']];
  for (const [version, options] of [
    ['1.2', V12],
    ['1.3', V13],
  ]) {
    await say(
      `two keys, ECDSA wanted, ${version}`,
      { ...options, ...two },
      { ca: roots, sigalgs: 'ECDSA+SHA256' },
    );
    await say(
      `two keys, RSA wanted, ${version}`,
      { ...options, ...two },
      { ca: roots, sigalgs: 'RSA-PSS+SHA256:RSA+SHA256' },
    );
  }
  await say(
    'two keys, a suite for RSA',
    { ...V12, ...two },
    { ca: roots, ciphers: 'ECDHE-RSA-AES128-GCM-SHA256' },
  );
  for (const curve of ['X25519', 'P-256', 'P-384', 'P-521'])
    await say(`1.2 over ${curve}`, { ...V12, ecdhCurve: `${curve}:P-256` }, { ecdhCurve: `${curve}:P-256` });
  await say('the groups of Node', { ecdhCurve: 'auto' }, { ecdhCurve: 'auto' });
  await say('the hybrid group by name', { ecdhCurve: 'X25519MLKEM768' }, { ecdhCurve: 'X25519MLKEM768' });
  await say(
    'the hybrid group by retry',
    { ecdhCurve: 'X25519MLKEM768' },
    { ecdhCurve: 'X25519:X25519MLKEM768' },
  );
}

async function names() {
  const second = tls.createSecureContext(pair('second'));
  const sni = {
    SNICallback: (name, callback) => callback(null, name === 'second.example' ? second : undefined),
  };
  await say('a name in 1.2', { ...V12, ...sni }, { servername: 'second.example' });
  await say('another name in 1.2', { ...V12, ...sni }, { servername: 'localhost' });
  await say('a protocol in 1.2', { ...V12, ALPNProtocols: ['h2', 'a'] }, { ALPNProtocols: ['a', 'h2'] });
  await say(
    'a protocol by callback in 1.2',
    { ...V12, ALPNCallback: ({ protocols }) => protocols.at(-1) },
    { ALPNProtocols: ['a', 'b'] },
  );
  await say(
    'no protocol by callback in 1.2',
    { ...V12, ALPNCallback: () => undefined },
    { ALPNProtocols: ['a'] },
  );
  await say(
    'an identity that a program refuses',
    {},
    {
      checkServerIdentity: (host, certificate) => new Error(`${host} is not ${certificate.subject.CN}`),
    },
  );
  await say('an identity that a program takes', pair('wrong-host'), {
    ca: pki['root-ec.crt'],
    checkServerIdentity: () => undefined,
  });
}

/** Values that both ends compute must be equal; those that are random are not printed. */
async function results() {
  // By default real Node offers signatures that the engine does not have.
  const sigalgs = 'ECDSA+SHA256:RSA-PSS+SHA256:ed25519';
  for (const [version, options] of [
    ['1.2', V12],
    ['1.3', V13],
  ]) {
    const seen = { server: {}, client: {} };
    const ask = (socket) => ({
      exported: socket.exportKeyingMaterial(48, 'EXPERIMENTAL test', Buffer.from('context')).toString('hex'),
      bare: socket.exportKeyingMaterial(16, 'EXPERIMENTAL test').toString('hex'),
      empty: socket.exportKeyingMaterial(16, 'EXPERIMENTAL test', Buffer.alloc(0)).toString('hex'),
      own: socket.getFinished().toString('hex'),
      peer: socket.getPeerFinished().toString('hex'),
    });
    await say(
      `what is computed in ${version}`,
      { ...options, requestCert: true, ca, sigalgs },
      { ...client, sigalgs },
      {
        onServer: (socket, note) => {
          seen.server = ask(socket);
          note(
            `S ${socket.getSharedSigalgs()} ${socket.getEphemeralKeyInfo()} ${socket.getPeerX509Certificate().subject}`,
          );
          note(
            `S ${JSON.stringify(socket.getCipher())} ${socket.getCertificate().subject.CN} ${socket.getX509Certificate().subject}`,
          );
          const tooMuch = [
            [255 * 32 + 1, 'x'],
            [16, 'x'.repeat(250)],
            [16, 'client finished'],
            [16, 'x', Buffer.alloc(65536)],
          ];
          for (const request of tooMuch) {
            try {
              note(`S exports ${socket.exportKeyingMaterial(...request).length}`);
            } catch (error) {
              note(`S ${describe(error)}`);
            }
          }
          note(
            `S ${socket.setMaxSendFragment(512)} ${socket.setMaxSendFragment(511)} ${socket.setMaxSendFragment(16385)}`,
          );
          socket.end(Buffer.alloc(3000));
        },
        onClient: (socket, note) => {
          seen.client = ask(socket);
          note(
            `C ${socket.getSharedSigalgs()} ${JSON.stringify(socket.getEphemeralKeyInfo())} ${socket.getPeerX509Certificate().subject}`,
          );
          note(`C ${JSON.stringify(socket.getCipher())} ${socket.getCertificate().subject.CN}`);
          let length = 0;
          socket.on('data', (data) => {
            length += data.length;
          });
          socket.on('end', () => note(`C ${length} bytes`));
        },
      },
    );
    const { server: s, client: c } = seen;
    console.log(
      `[equal in ${version}] ${s.exported === c.exported} ${s.bare === c.bare} ${s.own === c.peer} ${s.peer === c.own}`,
    );
    console.log(
      `[lengths in ${version}] ${s.exported.length} ${s.own.length} ${s.bare === s.empty} ${c.bare === c.empty}`,
    );
  }
}

async function keylogs() {
  for (const [version, options] of [
    ['1.2', V12],
    ['1.3', V13],
  ]) {
    const lines = { server: [], client: [] };
    const listener = tls.createServer({ ...server, ...curves, ...options }, (socket) => socket.end());
    listener.on('keylog', (line) => lines.server.push(String(line)));
    const port = await listen(listener);
    await new Promise((resolve) => {
      const socket = tls.connect({ port, host: '127.0.0.1', servername: 'localhost', ca, ...curves });
      socket.on('keylog', (line) => lines.client.push(String(line)));
      socket.on('close', resolve);
      socket.resume();
    });
    await new Promise((resolve) => listener.close(resolve));
    const shapes = (all) => all.map((line) => line.replace(/[0-9a-f]{8,}/g, (hex) => String(hex.length)));
    console.log(`[keylog of ${version}] ${JSON.stringify(shapes(lines.client))}`);
    console.log(
      `[keylog of ${version}] ${[...lines.client].sort().join() === [...lines.server].sort().join()}`,
    );
  }
}

async function renegotiation() {
  await say(
    'renegotiation in 1.2',
    V12,
    {},
    {
      onServer: (socket) => socket.on('data', () => socket.end()),
      onClient: (socket, note) => {
        socket.disableRenegotiation();
        socket.resume();
        socket.write('x');
      },
    },
  );
}

/** What is written before the handshake is over fails with it, under another name than the handshake's own error. */
async function early() {
  const plain = net.createServer((socket) =>
    socket.once('data', () => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')),
  );
  const plainPort = await listen(plain);
  await new Promise((resolve) => {
    const where = { port: plainPort, host: '127.0.0.1', servername: 'localhost', ca };
    https.get(where).on('error', (error) => {
      console.log(`[https to a server of http] C ${describe(error)}`);
      resolve();
    });
  });
  plain.close();
  for (const [name, serverOptions, clientOptions] of [
    ['protocols', { ALPNProtocols: ['h2'] }, { ALPNProtocols: ['x'] }],
    ['signatures', {}, { sigalgs: 'rsa_pss_rsae_sha256' }],
    ['versions', V13, V12],
  ]) {
    const said = { S: [], C: [] };
    const listener = tls.createServer({ ...server, ...curves, ...serverOptions });
    listener.on('tlsClientError', (error) => said.S.push(describe(error)));
    const port = await listen(listener);
    await new Promise((resolve) => {
      const socket = tls.connect({
        port,
        host: '127.0.0.1',
        servername: 'localhost',
        ca,
        ...curves,
        ...clientOptions,
      });
      socket.write('early', (error) => said.C.push(`write: ${describe(error)}`));
      socket.on('error', (error) => said.C.push(`error: ${describe(error)}`));
      socket.on('close', resolve);
    });
    await new Promise((resolve) => listener.close(resolve));
    for (const side of ['C', 'S'])
      for (const line of said[side]) console.log(`[early, ${name}] ${side} ${line}`);
  }
}

async function listed() {
  // Those that need no certificate, CCM and all that is older are not spoken here.
  const spoken = /^(tls_(aes_\d+_gcm|chacha20)|ecdhe-(ecdsa|rsa)-.*(gcm|poly1305))/;
  console.log(`[getCiphers] ${tls.getCiphers().filter((name) => spoken.test(name))}`);
}

async function started() {
  const listener = net.createServer((raw) => {
    const socket = new tls.TLSSocket(raw, { isServer: true, ...server, ...curves });
    socket.on('secure', () => {
      console.log(`[own TLSSocket] S ${socket.getProtocol()} ${socket.encrypted} ${socket.authorized}`);
      socket.end('hi');
    });
    socket.on('error', (error) => console.log(`[own TLSSocket] S ${describe(error)}`));
  });
  const port = await listen(listener);
  await new Promise((resolve) => {
    const raw = net.connect(port, '127.0.0.1', () => {
      const socket = tls.connect({ socket: raw, servername: 'localhost', ca, ...curves }, () =>
        console.log(`[own TLSSocket] C ${socket.getProtocol()} ${socket.authorized}`),
      );
      socket.on('data', (data) => console.log(`[own TLSSocket] C ${data}`));
      socket.on('close', resolve);
    });
  });
  listener.close();
}

const parts = { versions, suites, keys, names, results, keylogs, renegotiation, early, listed, started };
(async () => {
  for (const part of process.argv.length > 2 ? process.argv.slice(2) : Object.keys(parts))
    await parts[part]();
  void only;
})().then(done);
