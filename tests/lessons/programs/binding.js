// Stands in for a program of the lab: gets tokens of the app's on every road there is, and shows each to the API.
import { connect } from 'node:tls';
import { decodeJwt } from 'jose';
import forge from 'node-forge';
import { send } from '../http.js';
import { logInAsAna } from '../log-in-as-ana.js';
import { basic, discover, startLogin } from '../oauth-client.js';
import { pem, secretOf } from '../pem.js';

const api = 'https://api.tally.example:8443';
const metadata = await discover('https://auth.tally.example:8443');
const {
  issuer,
  mtls_endpoint_aliases: aliases,
  tls_client_certificate_bound_access_tokens: binds,
} = metadata;
console.log('metadata:', JSON.stringify({ aliases, binds }));

const app = { cert: pem('tally-app.pem'), key: pem('tally-app.key.pem') };
const mallory = { cert: pem('mallory-app.pem'), key: pem('mallory-app.key.pem') };
/** The same key in a certificate that nobody but its owner has signed. */
const renewed = { cert: renew(app.key), key: app.key };

/** @param {string} key */
function renew(key) {
  const { n, e } = forge.pki.privateKeyFromPem(key);
  const made = forge.pki.createCertificate();
  made.publicKey = forge.pki.setRsaPublicKey(n, e);
  made.serialNumber = '01';
  made.validity.notBefore = new Date(Date.now() - 60_000);
  made.validity.notAfter = new Date(Date.now() + 3_600_000);
  made.setSubject([{ name: 'commonName', value: 'tally-app' }]);
  made.setIssuer([{ name: 'commonName', value: 'tally-app' }]);
  made.sign(forge.pki.privateKeyFromPem(key), forge.md.sha256.create());
  return forge.pki.certificateToPem(made);
}

async function tokenFrom(endpoint, certificate) {
  const client = { id: 'tally-app', redirectUri: 'https://app.tally.example:8443/callback' };
  const { url, login } = startLogin(metadata, client, 'ledger:read');
  const back = await logInAsAna(url);
  const answer = await send(endpoint, {
    method: 'POST',
    headers: basic(client.id, secretOf(client.id)),
    body: new URLSearchParams({
      grant_type: 'authorization_code',
      code: back.searchParams.get('code'),
      redirect_uri: client.redirectUri,
      code_verifier: login.verifier,
    }),
    ...certificate,
  });
  return JSON.parse(answer.text).access_token;
}

const tokens = {
  bound: await tokenFrom(aliases.token_endpoint, app),
  'bound anew': await tokenFrom(aliases.token_endpoint, renewed),
  'no certificate shown': await tokenFrom(aliases.token_endpoint, {}),
  'from the port for browsers': await tokenFrom(metadata.token_endpoint, app),
};
const callers = { app, renewed, mallory, 'no certificate': {} };

for (const [what, token] of Object.entries(tokens)) {
  const { cnf } = decodeJwt(token);
  const asked = await send(metadata.introspection_endpoint, {
    method: 'POST',
    headers: basic('tally-api', secretOf('tally-api')),
    body: new URLSearchParams({ token }),
  });
  const told = JSON.parse(asked.text);
  const isTold = told.active && JSON.stringify(told.cnf) === JSON.stringify(cnf);
  console.log(
    `${what}: cnf ${cnf ? Object.keys(cnf) : 'none'}, introspection ${isTold ? 'agrees' : 'differs'}`,
  );
  for (const [who, certificate] of Object.entries(callers)) {
    const answer = await send(`${api}/ledger`, {
      headers: { authorization: `Bearer ${token}` },
      ...certificate,
    });
    console.log(`  ${who}: ${answer.status} ${answer.headers['www-authenticate'] ?? ''}`.trimEnd());
  }
}

/** Asks over a connection that may go on from another, and gives what this one could go on from. */
function ask(token, certificate, version, session) {
  return new Promise((resolve, reject) => {
    const socket = connect({
      host: 'api.tally.example',
      servername: 'api.tally.example',
      port: 8443,
      ca: pem('tally-ca.pem'),
      maxVersion: version,
      session,
      ...certificate,
    });
    let ticket;
    let text = '';
    let isResumed;
    socket.setEncoding('latin1');
    socket.on('session', (given) => {
      ticket = given;
    });
    socket.on('data', (more) => {
      text += more;
    });
    socket.on('error', reject);
    socket.on('close', () => resolve({ ticket, isResumed, status: text.split(' ')[1] }));
    socket.on('secureConnect', () => {
      isResumed = socket.isSessionReused();
      const header = ['Host: api.tally.example:8443', `Authorization: Bearer ${token}`, 'Connection: close'];
      socket.write(`GET /ledger HTTP/1.1\r\n${header.join('\r\n')}\r\n\r\n`);
    });
  });
}

// Who resumes a connection is who began it: only the app can, for only it has the session's secret.
for (const version of ['TLSv1.3', 'TLSv1.2']) {
  const { ticket } = await ask(tokens.bound, app, version);
  for (const [what, token] of Object.entries(tokens)) {
    const { isResumed, status } = await ask(token, {}, version, ticket);
    console.log(`${version}, resumed ${isResumed}, ${what}: ${status}`);
  }
}
