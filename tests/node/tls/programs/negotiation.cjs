// What is agreed on, and how it fails: names, protocols, suites, groups, signatures; and bytes that are no TLS at all.
const { tls, pki, server, ca, scenario, corrupted, done, ecdhCurve } = require('./scenario.cjs');

const second = { key: pki['second.key'], cert: pki['second.chain'] };
const later = (value) => (_name, callback) => setTimeout(callback, 5, null, value);

async function main() {
  const secondContext = tls.createSecureContext(second);
  await scenario(
    'protocol in common',
    { ALPNProtocols: ['h2', 'http/1.1'] },
    { ALPNProtocols: ['http/1.1', 'h2'] },
  );
  await scenario('no protocol in common', { ALPNProtocols: ['h2'] }, { ALPNProtocols: ['http/1.1'] });
  await scenario('only the client has protocols', {}, { ALPNProtocols: ['h2'] });
  await scenario('only the server has protocols', { ALPNProtocols: ['h2'] }, {});
  await scenario(
    'protocol by callback',
    { ALPNCallback: ({ servername, protocols }) => (servername === 'localhost' ? protocols[1] : undefined) },
    { ALPNProtocols: ['a', 'b', 'c'] },
  );
  await scenario(
    'protocol callback says no',
    { ALPNCallback: () => undefined },
    { ALPNProtocols: ['http/1.1'] },
  );
  await scenario('protocol callback invents', { ALPNCallback: () => 'zz' }, { ALPNProtocols: ['http/1.1'] });
  await scenario('protocol callback not needed', { ALPNCallback: () => 'zz' }, {});
  await scenario(
    'name chooses the certificate',
    { SNICallback: (_name, callback) => callback(null, secondContext) },
    { servername: 'second.example' },
  );
  await scenario(
    'name chooses the certificate later',
    { SNICallback: later(secondContext) },
    { servername: 'second.example' },
  );
  await scenario(
    'name chooses a raw context',
    { SNICallback: later(secondContext.context) },
    { servername: 'second.example' },
  );
  await scenario(
    'name callback fails',
    { SNICallback: (_name, callback) => callback(new Error('no such name')) },
    {},
  );
  await scenario(
    'name callback throws',
    {
      SNICallback: () => {
        throw new Error('thrown');
      },
    },
    {},
  );
  await scenario(
    'name callback gives nothing',
    { SNICallback: (_name, callback) => callback(null, null) },
    {},
  );
  await scenario(
    'name callback gives nonsense',
    { SNICallback: (_name, callback) => callback(null, { not: 'a context' }) },
    {},
  );
  await scenario(
    'name callback answers twice',
    {
      SNICallback: (_name, callback) => {
        callback(null);
        callback(null);
      },
    },
    {},
  );
  await scenario(
    'no name sent',
    {
      SNICallback: () => {
        throw new Error('not asked');
      },
    },
    { servername: '', checkServerIdentity: () => undefined },
  );
  for (const servername of ['zürich.example', 'a'.repeat(255), 'ü'.repeat(128)]) {
    const name = `a name that is none of a host, ${servername.slice(0, 9)}, ${servername.length}`;
    await scenario(name, {}, { servername, checkServerIdentity: () => undefined });
  }
  await scenario('one suite', { ciphers: 'TLS_CHACHA20_POLY1305_SHA256' }, {});
  await scenario(
    'the server chooses the suite',
    {},
    { ciphers: 'TLS_AES_128_GCM_SHA256:TLS_CHACHA20_POLY1305_SHA256' },
  );
  await scenario(
    'no suite in common',
    { ciphers: 'TLS_AES_128_GCM_SHA256' },
    { ciphers: 'TLS_CHACHA20_POLY1305_SHA256' },
  );
  for (const curve of ['X25519', 'P-256', 'P-384', 'P-521', 'prime256v1:X25519']) {
    await scenario(`group ${curve}`, { ecdhCurve: curve }, { ecdhCurve: curve });
  }
  await scenario('group by retry', { ecdhCurve: 'P-384' }, { ecdhCurve: 'X25519:P-384' });
  await scenario('no group in common', { ecdhCurve: 'P-384' }, { ecdhCurve: 'X25519' });
  await scenario('signatures the key cannot make', {}, { sigalgs: 'RSA-PSS+SHA256' });
  await scenario('signatures the server may not make', { sigalgs: 'RSA-PSS+SHA256' }, {});
  await scenario(
    'signatures in common',
    { sigalgs: 'ECDSA+SHA256' },
    { sigalgs: 'ECDSA+SHA256:RSA-PSS+SHA256' },
    {
      onServer: (socket, note) => {
        note(`S ${socket.getSharedSigalgs()}`);
        socket.end();
      },
      onClient: (socket) => socket.resume(),
    },
  );
  const both = {
    key: [pki['server-ec.key'], pki['server-rsa.key']],
    cert: [pki['server-ec.chain'], pki['server-rsa.chain']],
  };
  const which = {
    onServer: (socket) => socket.end(),
    onClient: (socket, note) => {
      note(`C ${socket.getCipher().name} ${socket.getPeerCertificate().subject.CN}`);
      socket.resume();
    },
  };
  for (const honorCipherOrder of [true, false]) {
    for (const options of [
      {},
      { ciphers: 'ECDHE-ECDSA-AES128-GCM-SHA256' },
      { ciphers: 'ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256' },
      { ciphers: 'ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256', ecdhCurve: 'X25519' },
      { sigalgs: 'RSA+SHA256' },
      { sigalgs: 'ECDSA+SHA256' },
    ]) {
      const name = `two certificates, TLS 1.2, ${honorCipherOrder}, ${JSON.stringify(options)}`;
      const client = {
        maxVersion: 'TLSv1.2',
        ecdhCurve: 'X25519:P-256',
        ca: [pki['root-ec.crt'], pki['root-rsa.crt']],
        ...options,
      };
      await scenario(name, { ...both, honorCipherOrder }, client, which);
    }
  }
  const orders = [
    [undefined, 'RSA-PSS+SHA512:ECDSA+SHA384'],
    [undefined, 'RSA-PSS+SHA512:ECDSA+SHA256'],
    ['RSA-PSS+SHA256:ECDSA+SHA256', 'ECDSA+SHA256:RSA-PSS+SHA256'],
    ['ECDSA+SHA384:RSA-PSS+SHA512', undefined],
  ];
  const whoSigns = {
    onServer: (socket, note) => {
      note(`S ${socket.getSharedSigalgs()}`);
      socket.end();
    },
    onClient: (socket, note) => {
      note(`C ${socket.getPeerCertificate().asn1Curve} ${socket.getSharedSigalgs()}`);
      socket.resume();
    },
  };
  for (const honorCipherOrder of [true, false]) {
    for (const [own, theirs] of orders) {
      const signatures = (sigalgs) => (sigalgs ? { sigalgs } : {});
      const name = `two certificates, ${honorCipherOrder}, signatures ${own} and ${theirs}`;
      const trusted = [pki['root-ec.crt'], pki['root-rsa.crt']];
      const asks = { requestCert: true, ca: trusted, ...signatures(own) };
      const shows = { key: pki['client-rsa.key'], cert: pki['client-rsa.chain'] };
      const theirOptions = { ca: trusted, ecdhCurve: 'X25519:P-256', ...shows, ...signatures(theirs) };
      await scenario(name, { ...both, ...asks, honorCipherOrder }, theirOptions, whoSigns);
    }
  }
  await scenario('server without a certificate', { key: undefined, cert: undefined }, {});
  await scenario('server with a certificate and no key', { key: undefined }, {});
  await scenario('versions', { minVersion: 'TLSv1.3' }, { minVersion: 'TLSv1.3', maxVersion: 'TLSv1.3' });

  const send = (bytes) => ({ raw: (socket) => socket.write(bytes) });
  await scenario('plain HTTP', {}, {}, send('GET / HTTP/1.1\r\n\r\n'));
  await scenario('plain HTTP, another method', {}, {}, send('PUT / HTTP/1.1\r\n\r\n'));
  await scenario('a proxy request', {}, {}, send('CONNECT a:1 HTTP/1.1\r\n\r\n'));
  await scenario('garbage', {}, {}, send('hello world, this is junk\r\n'));
  await scenario('a record too long', {}, {}, send(Buffer.from('160303ffff01000000', 'hex')));
  await scenario('data before the handshake', {}, {}, send(Buffer.from('170303000401000000', 'hex')));
  await scenario('an end at once', {}, {}, { raw: (socket) => socket.end() });
  await scenario(
    'an end inside the ClientHello',
    {},
    {},
    { raw: (socket) => socket.end(Buffer.from('1603010200010001fc', 'hex')) },
  );

  await scenario(
    'a server of plain HTTP',
    {},
    {},
    { rawServer: (socket) => socket.write('HTTP/1.1 400 Bad Request\r\n\r\n') },
  );
  await scenario(
    'a server of something else',
    {},
    {},
    { rawServer: (socket) => socket.write('220 mail.example ready, and more\r\n') },
  );
  await scenario('a server that ends', {}, {}, { rawServer: (socket) => socket.end() });
  await scenario(
    'a server that resets',
    {},
    {},
    { rawServer: (socket) => socket.once('data', () => socket.resetAndDestroy()) },
  );
  for (const alert of [
    10, 20, 22, 40, 42, 43, 44, 45, 46, 47, 48, 49, 50, 51, 70, 71, 80, 86, 109, 110, 112, 113, 115, 116, 120,
  ]) {
    await scenario(
      `alert ${alert}`,
      {},
      {},
      {
        rawServer: (socket) =>
          socket.once('data', () => socket.write(Buffer.from([21, 3, 3, 0, 2, 2, alert]))),
      },
    );
  }
  const once = (wanted, at) => ({
    between: (side, data, index) => (side === wanted && index === at ? corrupted(data) : data),
  });
  await scenario("the server's flight is corrupted", {}, {}, once('server', 0));
  await scenario(
    "the client's flight is corrupted",
    {},
    {},
    { ...once('client', 1), onClient: (socket) => socket.resume() },
  );
  await scenario(
    'cut before the answer',
    {},
    {},
    { between: (side, data) => (side === 'server' ? null : data) },
  );
  await scenario(
    'the session identifier is changed',
    {},
    {},
    {
      between: (side, data, index) => {
        if (side === 'client' && index === 0) data[60] ^= 1;
        return data;
      },
    },
  );

  const listener = tls.createServer({ ...server, ecdhCurve }, (socket) =>
    socket.end(socket.servername || 'nameless'),
  );
  listener.addContext('*.second.example', second);
  listener.addContext('second.example', secondContext);
  await new Promise((resolve) => listener.listen(0, '127.0.0.1', resolve));
  const ask = (label, options) =>
    new Promise((resolve) => {
      const socket = tls.connect(
        {
          port: listener.address().port,
          host: '127.0.0.1',
          ca,
          ecdhCurve,
          checkServerIdentity: () => undefined,
          ...options,
        },
        () => {
          console.log(`[${label}] ${socket.getPeerCertificate().subject.CN}`);
        },
      );
      socket.on('data', (data) => console.log(`[${label}] ${data}`));
      socket.on('error', (error) => console.log(`[${label}] ${error.code}`));
      socket.on('close', resolve);
    });
  await ask('context added for a name', { servername: 'second.example' });
  await ask('context added for a wildcard', { servername: 'x.second.example' });
  await ask('no context for this name', { servername: 'third.example' });
  listener.setSecureContext({ ...second, ecdhCurve });
  await ask('another context from now on', { servername: 'third.example' });
  listener.close();
}

main().then(done);
