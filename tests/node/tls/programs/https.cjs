// https over all of it: agents, keep-alive, client certificates, refusals.
const https = require('node:https');
const { pki, server, client, ca, describe, listen, done, ecdhCurve } = require('./scenario.cjs');

const shared = { host: '127.0.0.1', servername: 'localhost', ca, ecdhCurve };

async function main() {
  const listener = https.createServer(
    { ...server, requestCert: true, ca, ecdhCurve },
    (request, response) => {
      let body = '';
      request.on('data', (data) => {
        body += data;
      });
      request.on('end', () => {
        response.setHeader('content-type', 'application/json');
        response.end(
          JSON.stringify({
            path: request.url,
            method: request.method,
            body: body.length,
            client: request.socket.getPeerCertificate().subject.CN,
            authorized: request.client.authorized,
            encrypted: request.socket.encrypted,
          }),
        );
      });
    },
  );
  // No idle connection ends by itself, however busy the machine is.
  listener.keepAliveTimeout = 60_000;
  listener.on('tlsClientError', (error) => console.log(`[refused by the server] ${describe(error)}`));
  listener.on('clientError', (error) => console.log(`[client error] ${error.code}`));
  const port = await listen(listener);
  const agent = new https.Agent({ keepAlive: true, ...shared, ...client });
  const ask = (label, options, body) =>
    new Promise((resolve) => {
      const request = https.request({ ...shared, port, agent, ...options }, (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (data) => {
          text += data;
        });
        response.on('end', () => {
          console.log(
            `[${label}] ${response.statusCode} ${text} reused=${request.reusedSocket} authorized=${response.socket?.authorized}`,
          );
          setImmediate(resolve);
        });
      });
      request.on('error', (error) => {
        console.log(`[${label}] ${describe(error)}`);
        setTimeout(resolve, 20);
      });
      request.end(body);
    });
  await ask('first', { path: '/one' });
  await ask('on the same connection', { path: '/two', method: 'POST' }, 'data');
  await ask('a large body', { path: '/three', method: 'POST' }, Buffer.alloc(700000));
  await Promise.all([ask('two at once, a', { path: '/a' }), ask('two at once, b', { path: '/b' })]);
  console.log(
    `[agent] ${Object.keys(agent.freeSockets).length} ${
      Object.keys(agent.freeSockets)[0]
        .replace(/:\d+:/, ':port:')
        .replace(/-----BEGIN[^:]*/g, 'pem').length > 0
    }`,
  );
  await ask('no certificate', { path: '/', agent: false });
  await ask('no authority', { path: '/', agent: false, ...client, ca: undefined });
  await ask('another name', { path: '/', agent: false, ...client, servername: 'elsewhere.example' });
  await ask('a foreign certificate', {
    path: '/',
    agent: false,
    key: pki['foreign-client.key'],
    cert: pki['foreign-client.chain'],
  });
  await ask('not verified', { path: '/', agent: false, ...client, ca: undefined, rejectUnauthorized: false });
  await new Promise((resolve) => {
    https
      .get(`https://localhost:${port}/get`, { ca, ...client, family: 4, ecdhCurve }, (response) => {
        let text = '';
        response.on('data', (data) => {
          text += data;
        });
        response.on('end', () => {
          console.log(`[by URL] ${JSON.parse(text).path}`);
          resolve();
        });
      })
      .on('error', (error) => {
        console.log(`[by URL] ${describe(error)}`);
        resolve();
      });
  });
  agent.destroy();
  await new Promise((resolve) => {
    listener.close(resolve);
    listener.closeAllConnections();
  });
  console.log('[closed] yes');
}

main().then(done);
