// Sends each chain of a file over a connection, to a client and to a server that refuse what they do not believe, in
// one version of TLS, and prints what either end says of it. The file is chains-engine.test.ts's.
const { readFileSync } = require('node:fs');
const { once } = require('node:events');
const tls = require('node:tls');

const [maxVersion, file] = process.argv.slice(-2);
const { host, chains } = JSON.parse(readFileSync(file, 'utf8'));

/** OpenSSL begins its messages with the number of the thread, and ends them with the line. */
const plain = (message) => message.trim().replace(/^[0-9A-F]{16}:/, '');

/** One connection, to its end on both sides: what the server says, and what the client says. */
async function connection(serverOptions, clientOptions) {
  const said = { server: [], client: [] };
  const server = tls.createServer(serverOptions);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const serverDone = new Promise((resolve) => {
    server.on('secureConnection', (socket) => {
      said.server.push(`authorized ${socket.authorized}`);
      socket.on('error', ({ code }) => said.server.push(`error ${code}`));
      socket.on('close', resolve);
      socket.end();
      socket.resume();
    });
    server.on('tlsClientError', ({ code }, { authorizationError }) => {
      said.server.push(`tlsClientError ${code} ${authorizationError}`);
      resolve();
    });
  });
  const clientDone = new Promise((resolve) => {
    const { port } = server.address();
    const client = tls.connect({ host: '127.0.0.1', port, checkServerIdentity: () => {}, ...clientOptions });
    client.on('secureConnect', () => said.client.push(`authorized ${client.authorized}`));
    client.on('error', ({ code, message }) =>
      said.client.push(`error ${code} ${client.authorizationError} ${plain(message)}`),
    );
    client.on('end', () => client.end());
    client.on('close', resolve);
    client.resume();
  });
  await Promise.all([clientDone, serverDone]);
  server.close();
  return said;
}

async function main() {
  for (const { title, sent, key, anchors, partialChain, lists } of chains) {
    // The sender must be able to send what the other end is to refuse, hence its security level.
    const sender = { maxVersion, cert: sent.join(''), key, ciphers: 'DEFAULT@SECLEVEL=0' };
    const judge = { maxVersion, ca: anchors, allowPartialTrustChain: partialChain, crl: lists };
    const byClient = await connection(sender, judge);
    console.log(`[client: ${title}] ${byClient.client.join(', ')}`);
    console.log(`[client: ${title}] the server: ${byClient.server.join(', ')}`);
    // Node's servers do not take allowPartialTrustChain.
    if (partialChain) continue;
    const byServer = await connection(
      { ...host, ...judge, requestCert: true },
      { ...sender, rejectUnauthorized: false },
    );
    console.log(`[server: ${title}] ${byServer.server.join(', ')}`);
    console.log(`[server: ${title}] the client: ${byServer.client.join(', ')}`);
  }
}

main().then(() => process.exit(0));
