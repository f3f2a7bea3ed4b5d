// What a message is found by: what its fields say, and what is read from them.
import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { test } from 'node:test';
import { calculateJwkThumbprint, exportJWK, generateKeyPair, SignJWT } from 'jose';
import {
  certificatesOf,
  certificateThumbprint,
  Dissector,
  sayingsOf,
  soughtIn,
  type WireConnection,
} from '../../src/wire/index.ts';
import { play } from './support/scenes.ts';

/** The names of the messages that hold a text, as a reader types it. */
function found(connection: WireConnection, typed: string): string[] {
  const sought = soughtIn(typed);
  return connection.messages
    .filter((message) => sayingsOf(message, connection).includes(sought))
    .map(({ name }) => name);
}

test('a certificate is found by its serial number, its names and its thumbprints', async () => {
  const dissector = new Dissector();
  for (const each of await play('mutual TLS 1.3, three requests on one connection')) dissector.add(each);
  dissector.work();
  const [connection] = dissector.connections;
  const [der] = certificatesOf(connection, 'client');
  const certificate = new X509Certificate(der);
  for (const text of [
    certificate.serialNumber,
    (certificate.serialNumber.match(/../g) ?? []).join(':'),
    certificate.fingerprint256,
    certificateThumbprint(der),
    'DNS:app.tally.example',
  ])
    assert.deepEqual(found(connection, text), ['Certificate'], text);
  assert.deepEqual(found(connection, 'api.tally.example').slice(0, 2), ['ClientHello', 'Certificate']);
  assert.deepEqual(found(connection, ' Bearer ABC '), ['GET /ledger HTTP/1.1']);
  // The end of a long form, which the tree of fields no longer shows.
  assert.deepEqual(found(connection, 'x'.repeat(3000)), ['POST /entries HTTP/1.1']);
  assert.deepEqual(found(connection, 'nobody says this'), []);
});

test('HTTP is found by what its parameters and the claims of its tokens hold, decoded', async () => {
  const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true });
  const jwk = await exportJWK(publicKey);
  const token = await new SignJWT({ sub: 'ana', cnf: { jkt: 'the-thumbprint' } })
    .setProtectedHeader({ alg: 'ES256' })
    .sign(privateKey);
  const proof = await new SignJWT({ htm: 'GET' })
    .setProtectedHeader({ typ: 'dpop+jwt', alg: 'ES256', jwk })
    .sign(privateKey);
  const form = 'grant_type=authorization_code&redirect_uri=https%3A%2F%2Fapp.tally.example%2Fback';
  const from = { host: 'app.tally.example', address: '10.9.0.20', port: 40_001 };
  const to = { host: 'api.tally.example', address: '10.9.0.10', port: 8443 };
  const dissector = new Dissector();
  dissector.add({ type: 'connection', id: 1, from, to, status: 'open', time: 0 });
  const say = (text: string, isAnswer: boolean) =>
    dissector.add({
      type: 'segment',
      connection: 1,
      from: isAnswer ? to : from,
      to: isAnswer ? from : to,
      kind: 'data',
      bytes: Buffer.from(text),
      time: 0,
    });
  say(`GET /ledger HTTP/1.1\r\nauthorization: DPoP ${token}\r\ndpop: ${proof}\r\n\r\n`, false);
  const refusal = 'HTTP/1.1 401 Unauthorized\r\nwww-authenticate: DPoP error="invalid_token"';
  say(`${refusal}\r\ncontent-length: 0\r\n\r\n`, true);
  const type = 'content-type: application/x-www-form-urlencoded';
  say(`POST /token HTTP/1.1\r\n${type}\r\ncontent-length: ${form.length}\r\n\r\n${form}`, false);
  say('HTTP/1.1 302 Found\r\nlocation: /back?error=access%20denied\r\ncontent-length: 0\r\n\r\n', true);
  dissector.work();
  const [connection] = dissector.connections;
  const get = ['GET /ledger HTTP/1.1'];
  assert.deepEqual(found(connection, 'sub: ana'), get);
  assert.deepEqual(found(connection, 'the-thumbprint'), get);
  assert.deepEqual(found(connection, await calculateJwkThumbprint(jwk)), get);
  assert.deepEqual(found(connection, 'error="invalid_token"'), ['HTTP/1.1 401 Unauthorized']);
  assert.deepEqual(found(connection, 'https://app.tally.example/back'), ['POST /token HTTP/1.1']);
  assert.deepEqual(found(connection, 'access denied'), ['HTTP/1.1 302 Found']);
});
