// fetch, https and tls trust whom tls.setDefaultCACertificates() names, and nobody before; no client certificates in fetch.
import { readFileSync } from 'node:fs';
import https from 'node:https';
import tls from 'node:tls';

const pki = JSON.parse(readFileSync(new URL('../../node/tls/fixtures/pki.json', import.meta.url)));
const show = (...values) => console.log(...values);

const seen = [];
async function serve(name, options = {}) {
  const server = https.createServer(
    { key: pki[`${name}.key`], cert: pki[`${name}.chain`], ...options },
    (request, response) => {
      const { subject } = request.socket.getPeerCertificate();
      seen.push([request.url, request.socket.authorized, subject?.CN]);
      response.setHeader('content-type', 'application/json');
      response.end(
        JSON.stringify({
          url: request.url,
          encoding: request.headers['accept-encoding'],
          client: subject?.CN,
        }),
      );
    },
  );
  await new Promise((resolve) => server.listen(0, resolve));
  return server;
}
const at = (server, host = 'localhost') => `https://${host}:${server.address().port}`;

async function attempt(name, doing) {
  try {
    show(name, await doing());
  } catch (error) {
    const { cause } = error;
    show(name, error.name, error.message, error.code);
    if (cause)
      show(
        name,
        cause.name,
        cause.code,
        cause.message,
        Object.keys(cause).filter((key) => key !== 'cert'),
      );
  }
}
const json = async (...given) => (await fetch(...given)).json();
const viaHttps = (url, options) =>
  new Promise((resolve, reject) => {
    https
      .get(url, { agent: false, ...options }, async (response) =>
        resolve((await response.toArray()).join('')),
      )
      .on('error', reject);
  });
const viaTls = (server, options) =>
  new Promise((resolve, reject) => {
    const socket = tls.connect(server.address().port, 'localhost', options, () => {
      resolve([socket.authorized, socket.authorizationError]);
      socket.destroy();
    });
    socket.on('error', reject);
  });

const good = await serve('server-ec');
const foreign = await serve('foreign-server');
const selfSigned = await serve('self-signed');
const wrongHost = await serve('wrong-host');
const expired = await serve('expired');
const asks = await serve('server-ec', {
  requestCert: true,
  rejectUnauthorized: false,
  ca: pki['root-ec.crt'],
});
const insists = await serve('server-ec', { requestCert: true, ca: pki['root-ec.crt'] });
const servers = [good, foreign, selfSigned, wrongHost, expired, asks, insists];

// Nobody is trusted.
await attempt('before', () => json(at(good)));
await attempt('before, self-signed', () => json(at(selfSigned)));
await attempt('before, https', () => viaHttps(at(good)));
await attempt('before, tls', () => viaTls(good));
await attempt('before, tls, not refused', () => viaTls(good, { rejectUnauthorized: false }));
await attempt('an https agent does not matter', () =>
  json(at(good), { agent: new https.Agent({ ca: pki['root-ec.crt'] }), ca: pki['root-ec.crt'] }),
);
https.globalAgent.options.ca = pki['root-ec.crt'];
await attempt('nor does the global agent', () => json(at(good)));
delete https.globalAgent.options.ca;

process.env.NODE_EXTRA_CA_CERTS = 'too-late.pem';
show(tls.getCACertificates('extra').length);

tls.setDefaultCACertificates([pki['root-ec.crt']]);
show(
  tls.getCACertificates().length,
  tls.getCACertificates('default')[0].trim() === pki['root-ec.crt'].trim(),
);
await attempt('after', () => json(`${at(good)}/after?a=1`));
await attempt('after, https', () => viaHttps(at(good)));
await attempt('after, tls', () => viaTls(good));
await attempt('foreign', () => json(at(foreign)));
await attempt('self-signed', () => json(at(selfSigned)));
await attempt('wrong host', () => json(at(wrongHost)));
await attempt('wrong address', () => json(at(good, '[::1]')));
await attempt('right address', () => json(at(good, '127.0.0.1')));
await attempt('expired', () => json(at(expired)));
await attempt('client certificates are asked for, none given', () =>
  json(at(asks), { cert: pki['client-ec.chain'], key: pki['client-ec.key'] }),
);
await attempt('insists', () =>
  json(at(insists)).then(
    (value) => value,
    (error) => [error.message, error.cause.code],
  ),
);
await attempt('https gives one', () =>
  viaHttps(at(insists), { cert: pki['client-ec.chain'], key: pki['client-ec.key'] }),
);
await attempt('plain HTTP to TLS', () => json(at(good).replace('https', 'http')));
await attempt('post', () =>
  json(`${at(good)}/post`, {
    method: 'POST',
    body: JSON.stringify({ a: 1 }),
    headers: { 'content-type': 'application/json' },
  }),
);
await attempt('an empty list', () => tls.setDefaultCACertificates(['nonsense']));
await attempt('no list', () => tls.setDefaultCACertificates('nonsense'));
tls.setDefaultCACertificates([]);
await attempt('nobody again', () => viaTls(good));
show(tls.getCACertificates().length);
show(seen);
for (const server of servers) server.close();
process.on('exit', (code) => show('exit', code));
