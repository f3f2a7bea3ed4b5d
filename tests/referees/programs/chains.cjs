// Sends each chain of a file over a connection, to a client and to a server that refuse what they do not believe, and
// prints what the judging end says of it. The file is chains-engine.test.ts's.
const { readFileSync } = require('node:fs');
const { once } = require('node:events');
const tls = require('node:tls');

const { host, chains } = JSON.parse(readFileSync(process.argv.at(-1), 'utf8'));

/** Resolves with what the judging end says. */
async function judged(chain, byServer) {
  // The sender must be able to send what the other end is to refuse, hence its security level.
  const sender = { cert: chain.sent.join(''), key: chain.key, ciphers: 'DEFAULT@SECLEVEL=0' };
  const judge = { ca: chain.anchors, allowPartialTrustChain: chain.partialChain, crl: chain.lists };
  const server = tls.createServer(
    byServer ? { cert: host.cert, key: host.key, requestCert: true, ...judge } : sender,
  );
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const answer = new Promise((resolve) => {
    server.on('secureConnection', (socket) => {
      socket.on('error', () => {});
      if (byServer) resolve(`authorized ${socket.authorized}`);
    });
    server.on('tlsClientError', (error, socket) => {
      if (byServer) resolve(`${error.code} ${socket.authorizationError}`);
    });
    const client = tls.connect({
      ...{ host: '127.0.0.1', port: server.address().port, checkServerIdentity: () => undefined },
      ...(byServer ? { ...sender, rejectUnauthorized: false } : judge),
    });
    client.on('secureConnect', () => {
      if (!byServer) resolve(`authorized ${client.authorized}`);
    });
    client.on('error', ({ code, message }) => {
      if (!byServer) resolve(`${code} ${message} ${client.authorizationError}`);
    });
    answerEnds.push(client);
  });
  const said = await answer;
  for (const end of answerEnds.splice(0)) end.destroy();
  server.close();
  return said;
}
const answerEnds = [];

async function main() {
  for (const chain of chains) {
    for (const byServer of [false, true]) {
      // Node's servers do not take allowPartialTrustChain.
      if (byServer && chain.partialChain) continue;
      const said = await judged(chain, byServer);
      console.log(`[${byServer ? 'server' : 'client'}: ${chain.title}] ${said}`);
    }
  }
}

main().then(() => process.exit(0));
