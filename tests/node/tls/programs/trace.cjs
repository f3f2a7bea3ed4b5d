// A connection that writes what passes to standard error, from the client's side.
const { tls, pki, server, client, ca, listen } = require('./scenario.cjs');

const [version] = process.argv.slice(2);
const curves = { ecdhCurve: 'X25519:P-256' };
const listener = tls.createServer(
  { ...server, ...curves, requestCert: true, ca: pki['root-ec.crt'], maxVersion: version },
  (socket) => socket.on('data', () => socket.write('hi')),
);
listen(listener).then((port) => {
  const socket = tls.connect({
    port,
    host: '127.0.0.1',
    servername: 'localhost',
    enableTrace: true,
    ca,
    ...curves,
    ...client,
  });
  socket.write('hello');
  socket.on('data', () => socket.destroy());
  socket.on('close', () => process.exit(0));
});
