// Calls the API with tokens that are each wrong in one way only. To make them, the checks play the authorization server.
import assert from 'node:assert/strict';
import { createHmac, createPublicKey } from 'node:crypto';
import { createServer } from 'node:https';
import { after, before, test } from 'node:test';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { json, send } from '../http.js';
import { pem } from '../pem.js';

const issuer = 'https://auth.tally.example:8443';
const audience = 'https://api.tally.example:8443';
const kid = 'the-key-of-the-checks';

const { privateKey, publicKey } = await generateKeyPair('RS256');
const jwk = { ...(await exportJWK(publicKey)), kid, alg: 'RS256', use: 'sig' };

const auth = createServer({ cert: pem('auth.pem'), key: pem('auth.key.pem') }, (request, response) => {
  if (request.url === '/jwks') return json(response, 200, { keys: [jwk] });
  json(response, 200, { issuer, jwks_uri: `${issuer}/jwks` });
});
before(() => new Promise((resolve) => auth.listen(8443, () => resolve(undefined))));
after(() => auth.close());

const now = () => Math.floor(Date.now() / 1000);
const header = { alg: 'RS256', typ: 'at+jwt', kid };

/** @returns {Record<string, unknown>} */
const claims = () => ({
  iss: issuer,
  aud: audience,
  sub: 'ana',
  client_id: 'tally-app',
  scope: 'ledger:read',
  iat: now(),
  exp: now() + 300,
  jti: 'made-by-the-checks',
});

/** A token with everything in order but what is given. @param {{ header?: object, claims?: object, key?: import('jose').CryptoKey }} [but] */
function token(but = {}) {
  return new SignJWT({ ...claims(), ...but.claims })
    .setProtectedHeader({ ...header, ...but.header })
    .sign(but.key ?? privateKey);
}

/** @param {object} value */
const encode = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');

/** Asks the API for the ledger. @param {string} [token] */
async function call(token) {
  const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
  const answer = await send(`${audience}/ledger`, { headers }).catch((error) => {
    throw new assert.AssertionError({
      message: error.code === 'ECONNREFUSED' ? 'The API is not running: look at its console.' : String(error),
    });
  });
  const challenge = answer.headers['www-authenticate'] ?? '';
  return {
    ...answer,
    challenge,
    error: /error="?(\w+)/.exec(challenge)?.[1],
    open: answer.text.includes('1204.50'),
  };
}

/**
 * RFC 6750 §3.1: a token that is not good is answered with 401 and `invalid_token`.
 * @param {string} token @param {string} story what was wrong with the token
 */
async function isInvalid(token, story) {
  const { open, status, error } = await call(token);
  assert.ok(!open, `${story}, and the API handed out Ana's ledger.`);
  assert.ok(
    status === 401,
    `${story}. No ledger came: good. But the answer was ${status}, where 401 belongs.`,
  );
  assert.ok(error === 'invalid_token', `${story}. The answer was 401: say error="invalid_token" with it.`);
}

test('an access token of Ana’s opens her ledger', async () => {
  const first = await call(await token());
  assert.ok(first.open, `Everything is in order with this token, and the API answered ${first.status}.`);
  const more = await call(await token({ claims: { scope: 'profile ledger:read', aud: [audience] } }));
  assert.ok(
    more.open,
    `This token has one scope more and a list of one audience. The API answered ${more.status}.`,
  );
});

test('a token that the authorization server has not signed is refused', async () => {
  for (const alg of ['none', 'None']) {
    const unsigned = `${encode({ ...header, alg })}.${encode(claims())}.`;
    await isInvalid(unsigned, `This token says "alg": "${alg}" and has no signature`);
  }
  const secret = createPublicKey({ key: jwk, format: 'jwk' }).export({ type: 'spki', format: 'pem' });
  const signed = `${encode({ ...header, alg: 'HS256' })}.${encode(claims())}`;
  const mac = createHmac('sha256', secret).update(signed).digest('base64url');
  await isInvalid(`${signed}.${mac}`, 'This token says "alg": "HS256" and is keyed with the public key');

  const { privateKey: other } = await generateKeyPair('RS256');
  await isInvalid(await token({ key: other }), 'Somebody else has signed this token');
  const [head, , signature] = (await token()).split('.');
  const changed = encode({ ...claims(), sub: 'ana', jti: 'changed' });
  await isInvalid(`${head}.${changed}.${signature}`, 'This token was changed after it was signed');
});

test('a token of another type is refused', async () => {
  for (const typ of ['JWT', undefined]) {
    const story = `This token says "typ": ${JSON.stringify(typ)}: it is some other kind of token, as an ID token is`;
    await isInvalid(await token({ header: { typ } }), story);
  }
});

test('a token from another issuer is refused', async () => {
  for (const iss of ['https://auth.elsewhere.example', `${issuer}0`, undefined]) {
    await isInvalid(await token({ claims: { iss } }), `This token says "iss": ${JSON.stringify(iss)}`);
  }
});

test('a token for another audience is refused', async () => {
  for (const aud of ['https://payroll.tally.example:8443', 'tally-app', `${audience}0`, undefined]) {
    await isInvalid(await token({ claims: { aud } }), `This token says "aud": ${JSON.stringify(aud)}`);
  }
});

test('a token past its time is refused', async () => {
  const past = { iat: now() - 3900, exp: now() - 3600 };
  await isInvalid(await token({ claims: past }), 'This token ended an hour ago');
  await isInvalid(
    await token({ claims: { exp: undefined } }),
    'This token has no "exp", and so would never end',
  );
});

test('a token without ledger:read is answered 403', async () => {
  for (const scope of ['openid profile', 'ledger:readonly', undefined]) {
    const story = `This token says "scope": ${JSON.stringify(scope)}`;
    const { open, status, error } = await call(await token({ claims: { scope } }));
    assert.ok(!open, `${story}, and the API handed out Ana's ledger.`);
    assert.ok(status === 403, `${story}. It is a good token for something else: answer 403, not ${status}.`);
    assert.ok(
      error === 'insufficient_scope',
      `${story}. The answer was 403: say error="insufficient_scope" with it.`,
    );
  }
});

test('a request without a token is answered 401, and no error', async () => {
  const { open, status, challenge, error } = await call();
  assert.ok(!open, "There was no token, and the API handed out Ana's ledger.");
  assert.ok(status === 401, `There was no token. The answer was ${status}, where 401 belongs.`);
  assert.match(challenge, /^Bearer/i, 'There was no token: say WWW-Authenticate: Bearer realm="ledger".');
  assert.ok(
    error === undefined,
    `Nobody has shown a token yet, and the API says that it is wrong: ${challenge}`,
  );
});
