// Keys fetched from a server, with the package jose: found, kept, missing, refused and out of reach.
import { once } from 'node:events';
import http from 'node:http';
import * as jose from 'jose';

const { publicKey, privateKey } = await jose.generateKeyPair('ES256');
const jwk = { ...(await jose.exportJWK(publicKey)), kid: 'first', alg: 'ES256', use: 'sig' };
const server = http.createServer((request, response) => {
  console.log('server', request.method, request.url, request.headers.accept);
  if (request.url === '/jwks') return response.end(JSON.stringify({ keys: [jwk] }));
  if (request.url === '/text') return response.end('no keys');
  response.writeHead(503).end();
});
await once(server.listen(0, '127.0.0.1'), 'listening');
const origin = `http://127.0.0.1:${server.address().port}`;
const at = (path) => new URL(path, origin);
const sign = (kid) =>
  new jose.SignJWT({ sub: 'ana' }).setProtectedHeader({ alg: 'ES256', kid }).sign(privateKey);
const token = await sign('first');

async function verify(name, keys, jwt = token) {
  try {
    const { payload, protectedHeader } = await jose.jwtVerify(jwt, keys);
    console.log(name, payload, protectedHeader);
  } catch (error) {
    console.log(name, error.constructor.name, error.code, error.message, error.cause?.code);
  }
}

const keys = jose.createRemoteJWKSet(at('/jwks'));
await verify('fetched', keys);
await verify('kept', keys);
console.log(keys.coolingDown, keys.fresh, keys.jwks().keys.length);
await verify('another key', keys, await sign('second'));
await verify('no keys', jose.createRemoteJWKSet(at('/text')));
await verify('refused', jose.createRemoteJWKSet(at('/elsewhere')));
server.close();
server.closeAllConnections();

const gone = http.createServer();
await once(gone.listen(0, '127.0.0.1'), 'listening');
const { port } = gone.address();
gone.close();
await once(gone, 'close');
await verify('out of reach', jose.createRemoteJWKSet(new URL(`http://127.0.0.1:${port}/jwks`)));
