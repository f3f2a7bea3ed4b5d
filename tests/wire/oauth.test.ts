// OAuth in HTTP is named for what it is, and a bound token is measured against what came with it.
import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { calculateJwkThumbprint, exportJWK, generateKeyPair, SignJWT } from 'jose';
import {
  certificatesOf,
  certificateThumbprint,
  Dissector,
  type HttpWireMessage,
  keyThumbprint,
  meaningOf,
  readJwt,
  type Seen,
  tokensOf,
  type WireConnection,
} from '../../src/wire/index.ts';
import { identity } from '../tls/support/identities.ts';
import { record } from './support/recorded.ts';

const from = { host: 'app.tally.example', address: '10.9.0.20', port: 40_001 };
const to = { host: 'auth.tally.example', address: '10.9.0.10', port: 8443 };

/** Reads requests and responses, in turn, on one connection in the clear. */
function conversation(...texts: string[]): { connection: WireConnection; messages: HttpWireMessage[] } {
  const dissector = new Dissector();
  dissector.add({ type: 'connection', id: 1, from, to, status: 'open', time: 0 });
  for (const [index, text] of texts.entries()) {
    const ends = index % 2 === 0 ? { from, to } : { from: to, to: from };
    dissector.add({
      type: 'segment',
      connection: 1,
      ...ends,
      kind: 'data',
      bytes: Buffer.from(text),
      time: index,
    });
  }
  dissector.work();
  const [connection] = dissector.connections;
  return { connection, messages: connection.messages.filter((each) => each.kind === 'http') };
}

const http = (start: string, headers: Record<string, string> = {}, body = '') =>
  [
    start,
    ...Object.entries({ ...headers, 'content-length': String(Buffer.byteLength(body)) }).map(
      ([name, value]) => `${name}: ${value}`,
    ),
    '',
    body,
  ].join('\r\n');
const json = { 'content-type': 'application/json' };
const form = { 'content-type': 'application/x-www-form-urlencoded' };
const ok = 'HTTP/1.1 200 OK';

const cases: [request: string, response: string, names: [string | undefined, string | undefined]][] = [
  [
    http('GET /authorize?response_type=code&client_id=tally-app&state=1 HTTP/1.1'),
    http('HTTP/1.1 303 See Other', { location: 'https://app.tally.example/callback?code=a&state=1&iss=x' }),
    ['authorization request', 'authorization response'],
  ],
  [
    http('GET /login HTTP/1.1'),
    http('HTTP/1.1 302 Found', {
      location: 'https://auth.tally.example/authorize?response_type=code&client_id=tally-app',
    }),
    [undefined, 'redirect to the authorization server'],
  ],
  [
    http('GET /callback?code=a&state=1 HTTP/1.1'),
    http('HTTP/1.1 303 See Other', { location: '/callback?error=access_denied&state=1' }),
    ['authorization response', 'authorization error response'],
  ],
  [
    http('POST /token HTTP/1.1', form, 'grant_type=authorization_code&code=a'),
    http(ok, json, '{"access_token":"opaque","token_type":"Bearer"}'),
    ['token request', 'token response'],
  ],
  [
    http('POST /token HTTP/1.1', form, 'grant_type=refresh_token'),
    http('HTTP/1.1 400 Bad Request', json, '{"error":"invalid_grant"}'),
    ['token request', 'token error response'],
  ],
  [
    http('POST /introspect HTTP/1.1', form, 'token=opaque'),
    http(ok, json, '{"active":false}'),
    ['introspection request', 'introspection response'],
  ],
  [
    http('GET /.well-known/oauth-authorization-server HTTP/1.1'),
    http(ok, json, '{"issuer":"https://a","token_endpoint":"https://a/token"}'),
    ['metadata request', 'authorization server metadata'],
  ],
  [http('GET /jwks HTTP/1.1'), http(ok, json, '{"keys":[]}'), [undefined, 'JWK Set']],
  [
    http('GET /ledger HTTP/1.1', { authorization: 'Bearer opaque' }),
    http('HTTP/1.1 401 Unauthorized', { 'www-authenticate': 'Bearer error="invalid_token"' }),
    ['request with a bearer token', 'refusal of a token'],
  ],
  [
    http('GET /ledger HTTP/1.1', { authorization: 'DPoP opaque' }),
    http('HTTP/1.1 401 Unauthorized', { 'www-authenticate': 'DPoP error="use_dpop_nonce"' }),
    ['request with a DPoP-bound token', 'refusal of a token'],
  ],
  [http('GET / HTTP/1.1'), http(ok, json, '{"error":"not of OAuth"}'), [undefined, undefined]],
  [http('POST / HTTP/1.1', json, 'not json'), http(ok, json, '[1]'), [undefined, undefined]],
];

for (const [request, response, names] of cases) {
  test(`${request.split('\r\n')[0]}: ${names.map((name) => name ?? 'nothing of OAuth’s').join(', then ')}`, () => {
    const { messages } = conversation(request, response);
    assert.equal(messages.length, 2);
    const meanings = messages.map(meaningOf);
    assert.deepEqual(
      meanings.map((meaning) => meaning?.name),
      names,
    );
    for (const meaning of meanings) if (meaning) assert.match(meaning.section, /^RFC \d{4} §[\d.]+$/);
  });
}

test('tokens are found where they stand, and opened', async () => {
  const { privateKey } = await generateKeyPair('ES256');
  const jwt = await new SignJWT({ sub: 'ana' })
    .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt' })
    .sign(privateKey);
  const { connection, messages } = conversation(
    http('POST /token HTTP/1.1', form, 'grant_type=authorization_code'),
    http(ok, json, JSON.stringify({ access_token: jwt, refresh_token: 'opaque' })),
    http('GET /ledger HTTP/1.1', { authorization: `Bearer ${jwt}` }),
  );
  const [none, given, used] = messages.map((each) => tokensOf(each, connection));
  assert.deepEqual(none, []);
  assert.deepEqual(
    given.map(({ where, jwt }) => [where, jwt?.claims.sub]),
    [
      ['access_token', 'ana'],
      ['refresh_token', undefined],
    ],
  );
  assert.deepEqual(
    used.map(({ where, text, bindings }) => [where, text, bindings]),
    [['Authorization: Bearer', jwt, []]],
  );
  assert.equal(used[0].jwt?.header.typ, 'at+jwt');
  for (const text of ['a.b', 'a.b.c', '...', `${jwt}.x`, 'e30.W10.'])
    assert.equal(readJwt(text), undefined, text);
});

test('thumbprints are those of Node.js and jose', async () => {
  const certificate = new X509Certificate(identity('P-256', 'app.tally.example').certificatePem);
  const fingerprint = Buffer.from(certificate.fingerprint256.replaceAll(':', ''), 'hex').toString(
    'base64url',
  );
  assert.equal(certificateThumbprint(certificate.raw), fingerprint);
  for (const alg of ['ES256', 'RS256', 'EdDSA']) {
    const { publicKey } = await generateKeyPair(alg, { extractable: true });
    const key = await exportJWK(publicKey);
    assert.equal(keyThumbprint({ ...key, use: 'sig' }), await calculateJwkThumbprint(key), alg);
  }
  assert.equal(keyThumbprint({ kty: 'EC', crv: 'P-256', x: 'a' }), undefined);
});

/** The API is called over mutual TLS with a token that is bound to this certificate. */
async function called(
  boundTo: string,
  by: string,
): Promise<{ message: HttpWireMessage; connection: WireConnection }> {
  const server = identity('P-256', 'api.tally.example');
  const client = identity('P-256', by);
  const { privateKey } = await generateKeyPair('ES256');
  const bound = new X509Certificate(identity('P-256', boundTo).certificatePem);
  const cnf = {
    'x5t#S256': Buffer.from(bound.fingerprint256.replaceAll(':', ''), 'hex').toString('base64url'),
  };
  const token = await new SignJWT({ cnf }).setProtectedHeader({ alg: 'ES256' }).sign(privateKey);
  const origin = https.createServer(
    { cert: server.certificatePem, key: server.keyPem, requestCert: true, rejectUnauthorized: false },
    (_, response) => response.end(),
  );
  await once(origin.listen(0, '127.0.0.1'), 'listening');
  const recording = await record((origin.address() as AddressInfo).port);
  origin.on('keylog', recording.keylog);
  const request = https.get({
    host: '127.0.0.1',
    port: recording.port,
    servername: 'api.tally.example',
    ca: server.certificatePem,
    cert: client.certificatePem,
    key: client.keyPem,
    headers: { authorization: `Bearer ${token}` },
    agent: false,
  });
  const [response] = await once(request, 'response');
  await once(response.resume(), 'end');
  await recording.settled();
  origin.close();
  await recording.close();
  const dissector = new Dissector();
  for (const each of recording.seen as Seen[]) dissector.add(each);
  dissector.work();
  const [connection] = dissector.connections;
  const message = connection.messages.find((each) => each.kind === 'http');
  assert.ok(message?.kind === 'http');
  return { message, connection };
}

for (const maxVersion of ['TLSv1.2', 'TLSv1.3'] as const) {
  test(`a session that is resumed keeps the certificate of the handshake that began it, ${maxVersion}`, async () => {
    const connections = await resumed(maxVersion);
    assert.deepEqual(
      connections.map(({ tls }) => tls.resumedTicket !== undefined),
      [false, true],
    );
    const [first, second] = connections;
    assert.equal(second.resumes, first);
    const own = new X509Certificate(identity('P-256', 'app.tally.example').certificatePem).raw;
    for (const connection of connections)
      assert.deepEqual(Buffer.from(certificatesOf(connection, 'client')[0]), own);
  });
}

/** Two connections of one client, the second with the session of the first. */
async function resumed(maxVersion: 'TLSv1.2' | 'TLSv1.3'): Promise<readonly WireConnection[]> {
  const server = identity('P-256', 'api.tally.example');
  const client = identity('P-256', 'app.tally.example');
  const origin = https.createServer(
    {
      cert: server.certificatePem,
      key: server.keyPem,
      requestCert: true,
      rejectUnauthorized: false,
      maxVersion,
    },
    (_, response) => response.end(),
  );
  await once(origin.listen(0, '127.0.0.1'), 'listening');
  const recording = await record((origin.address() as AddressInfo).port);
  origin.on('keylog', recording.keylog);
  const agent = new https.Agent({ keepAlive: false });
  for (let call = 0; call < 2; call++) {
    const request = https.get({
      host: '127.0.0.1',
      port: recording.port,
      servername: 'api.tally.example',
      ca: server.certificatePem,
      cert: client.certificatePem,
      key: client.keyPem,
      agent,
    });
    const [response] = await once(request, 'response');
    await once(response.resume(), 'end');
    await recording.settled();
  }
  origin.close();
  await recording.close();
  const dissector = new Dissector();
  for (const each of recording.seen) dissector.add(each);
  dissector.work();
  return dissector.connections;
}

test('a certificate-bound token is measured against the certificate of its connection', async () => {
  const honest = await called('app.tally.example', 'app.tally.example');
  const [own] = tokensOf(honest.message, honest.connection)[0].bindings;
  assert.deepEqual([own.claim, own.holds, own.section], ['x5t#S256', true, 'RFC 8705 §3.1']);
  const stolen = await called('app.tally.example', 'mallory.example');
  const [other] = tokensOf(stolen.message, stolen.connection)[0].bindings;
  assert.equal(other.holds, false);
  assert.equal(other.wanted, own.wanted);
  assert.ok(other.shown && other.shown !== other.wanted);
});

test('a DPoP-bound token is measured against the key of its proof', async () => {
  const [ours, theirs] = await Promise.all(
    [1, 2].map(async () => {
      const pair = await generateKeyPair('ES256', { extractable: true });
      const jwk = await exportJWK(pair.publicKey);
      const proof = await new SignJWT({ htm: 'GET' })
        .setProtectedHeader({ alg: 'ES256', typ: 'dpop+jwt', jwk })
        .sign(pair.privateKey);
      return { jwk, proof, privateKey: pair.privateKey };
    }),
  );
  const cnf = { jkt: await calculateJwkThumbprint(ours.jwk) };
  const token = await new SignJWT({ cnf }).setProtectedHeader({ alg: 'ES256' }).sign(ours.privateKey);
  for (const [proof, holds] of [
    [ours.proof, true],
    [theirs.proof, false],
    [undefined, false],
  ] as const) {
    const { connection, messages } = conversation(
      http('GET /ledger HTTP/1.1', { authorization: `DPoP ${token}`, ...(proof && { dpop: proof }) }),
    );
    const [used] = tokensOf(messages[0], connection);
    assert.deepEqual([used.bindings[0].claim, used.bindings[0].holds], ['jkt', holds]);
  }
});
