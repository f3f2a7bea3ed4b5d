// Stands in for a program of the lab: asks its authorization server what it must grant and what it must refuse.
import { createHash, randomBytes } from 'node:crypto';
import { Agent, createServer } from 'node:https';
import { decodeJwt, decodeProtectedHeader } from 'jose';
import { html, json, send } from './http.js';
import { basic, discover, finishLogin } from './oauth-client.js';
import { pem, secretOf } from './pem.js';

const issuer = 'https://auth.tally.example:8443';
const redirectUri = 'https://app.tally.example:8443/callback';
const metadata = await discover(issuer);
const verifier = randomBytes(32).toString('base64url');
const good = {
  response_type: 'code',
  client_id: 'tally-app',
  redirect_uri: redirectUri,
  scope: 'ledger:read',
  state: 'the client’s own',
  code_challenge: createHash('sha256').update(verifier).digest('base64url'),
  code_challenge_method: 'S256',
};
const phone = { ...good, client_id: 'tally-phone-2014', redirect_uri: 'tally:/callback' };

const page = (wish, more = '') =>
  send(`${metadata.authorization_endpoint}?${new URLSearchParams(wish)}${more}`);
const without = (name, wish = good) =>
  Object.fromEntries(Object.entries(wish).filter(([key]) => key !== name));

/** What became of an authorization request: a page, or a way back with an error. */
async function ask(what, wish, more) {
  const { status, headers } = await page(wish, more);
  const back = headers.location ? new URL(headers.location) : undefined;
  const answer = back ? [...back.searchParams].map((pair) => pair.join('=')).join(' ') : 'stays here';
  console.log(`${what}: ${status} ${answer}`);
}

async function typed(shown, { name = 'ana', password = 'correct horse', cookie = true } = {}) {
  const login = /name="login" value="([^"]+)"/.exec(shown.text)?.[1] ?? '';
  const headers = cookie ? { cookie: shown.headers['set-cookie'][0].split(';')[0] } : {};
  const body = new URLSearchParams({ login, name, password });
  return send(`${issuer}/login`, { method: 'POST', headers, body });
}

async function codeFor(wish) {
  const answer = await typed(await page(wish));
  return new URL(answer.headers.location).searchParams.get('code');
}

const basicOf = (pair) => ({ authorization: `Basic ${Buffer.from(pair).toString('base64')}` });

/** What became of a token request. */
async function redeem(what, fields, credentials = basic('tally-app', secretOf('tally-app')), more = '') {
  const form = {
    grant_type: 'authorization_code',
    redirect_uri: redirectUri,
    code_verifier: verifier,
    ...fields,
  };
  const body = new URLSearchParams(`${new URLSearchParams(form)}${more}`);
  const { status, headers, text } = await send(metadata.token_endpoint, {
    method: 'POST',
    headers: credentials,
    body,
  });
  const { access_token: token, error, ...rest } = JSON.parse(text);
  const asked = headers['www-authenticate'] ? `, asks for ${headers['www-authenticate']}` : '';
  console.log(
    `${what}: ${status} ${error ?? JSON.stringify(rest)}${asked}, ${headers['cache-control']} ${headers.pragma}`,
  );
  return token;
}

console.log('metadata:', JSON.stringify(metadata).replaceAll(issuer, '…'));
const { headers: told, text: published } = await send(metadata.jwks_uri);
const [{ kid, n, ...jwk }, ...others] = JSON.parse(published).keys;
console.log('jwks:', told['content-type'], JSON.stringify(jwk), n.length, others.length);

console.log('in a page:', html`<p>${'<b title="x">'} ${"it's & stays"}</p>`);
await ask('a good request', good);
await ask('an unknown client', { ...good, client_id: 'nobody' });
await ask('no redirect_uri', without('redirect_uri'));
for (const near of [
  `${redirectUri}/`,
  `${redirectUri}?x=1`,
  'https://app.tally.example/callback',
  'https://APP.tally.example:8443/callback',
  'https://app.tally.example:8443/%63allback',
  'https://mallory.example:8443/callback',
]) {
  await ask(`redirect_uri ${near}`, { ...good, redirect_uri: near });
}
await ask('redirect_uri twice', good, `&redirect_uri=${encodeURIComponent(redirectUri)}`);
await ask('client_id twice', good, '&client_id=mallory-app');
await ask('no response_type', without('response_type'));
await ask('response_type token', { ...good, response_type: 'token' });
await ask('no code_challenge', without('code_challenge'));
await ask('a code_challenge without a value', { ...good, code_challenge: '' });
await ask('a code_challenge of no SHA-256', { ...good, code_challenge: 'x' });
await ask('plain', { ...good, code_challenge_method: 'plain' });
await ask('no code_challenge_method', without('code_challenge_method'));
await ask('an unknown scope', { ...good, scope: 'ledger:write' });
await ask('no scope', without('scope'));
await ask('a parameter twice', good, '&scope=ledger:read');
await ask('no state', without('state', { ...good, scope: 'x' }));
await ask('a state without a value', { ...good, state: '', scope: 'x' });

const shown = await page(good);
const { 'content-security-policy': framing, 'referrer-policy': referrer, 'set-cookie': lock } = shown.headers;
console.log('the login page:', framing, referrer, lock.join().replace(/=[\w-]{43};/, '=…;'));
console.log('another password:', (await typed(shown, { password: 'battery staple' })).status);
console.log('another name:', (await typed(shown, { name: 'eva' })).status);
console.log('from another browser:', (await typed(shown, { cookie: false })).status);
const answer = await typed(shown);
const back = new URL(answer.headers.location);
console.log(
  'the right password:',
  answer.status,
  [...back.searchParams.keys()].join(' '),
  back.searchParams.get('iss'),
);
console.log('the form again:', (await typed(shown)).status);

const client = { id: 'tally-app', secret: secretOf('tally-app'), redirectUri };
const expect = { state: good.state, verifier };
for (const [what, name, value] of [
  ['another state', 'state', 'x'],
  ['another iss', 'iss', 'https://mallory.example'],
  ['no iss', 'iss'],
  ['an error', 'error', 'access_denied'],
]) {
  const changed = new URLSearchParams(back.searchParams);
  if (value) changed.set(name, value);
  else changed.delete(name);
  await finishLogin(metadata, client, expect, changed).catch(({ code }) =>
    console.log(`the client, ${what}: ${code}`),
  );
}

const twice = new URLSearchParams(`${back.searchParams}&code=x`);
await finishLogin(metadata, client, expect, twice).catch(({ code }) =>
  console.log(`the client, a parameter twice: ${code}`),
);
const other = createServer({ cert: pem('app.pem'), key: pem('app.key.pem') }, (_request, response) =>
  json(response, 200, { access_token: 'x', token_type: 'mac' }),
);
await new Promise((resolve) => other.listen(8443, resolve));
const elsewhere = { ...metadata, token_endpoint: 'https://app.tally.example:8443/token' };
await finishLogin(elsewhere, client, expect, back.searchParams).catch(({ code }) =>
  console.log(`the client, another type of token: ${code}`),
);
await discover('https://app.tally.example:8443').catch(({ code }) =>
  console.log(`the client, metadata of another server: ${code}`),
);
other.close();

const code = back.searchParams.get('code');
await redeem('no client', { code }, {});
await redeem('a wrong secret', { code }, basic('tally-app', 'guessed'));
await redeem('a secret cut short', { code }, basic('tally-app', secretOf('tally-app').slice(0, -1)));
await redeem('an empty secret', { code }, basic('tally-app', ''));
await redeem('an unknown client', { code }, basic('nobody', 'x'));
await redeem('by name only', { code, client_id: 'tally-app' }, {});
await redeem('a secret and more', { code }, basicOf(`tally-app:${secretOf('tally-app')}:more`));
await redeem('a name and more', { code }, basicOf(`tally-app&value=mallory-app:${secretOf('tally-app')}`));
await redeem('another name beside', { code, client_id: 'mallory-app' });
await redeem('in two ways', { code, client_secret: secretOf('tally-app') });
const named = { code, client_id: 'tally-app', client_secret: secretOf('tally-app') };
await redeem('in the body', named, {});
const unasked = { code, client_id: 'tally-phone', client_secret: 'x' };
await redeem('a secret of a client that has none', unasked, {});
await redeem('another scheme', { code, client_id: 'tally-phone' }, { authorization: 'Bearer x' });
await redeem('another client', { code }, basic('mallory-app', secretOf('mallory-app')));
await redeem('another grant', { code, grant_type: 'password' });
await redeem('no grant', { code, grant_type: '' });
await redeem('no code', {});
await redeem('a code without a value', { code: '' });
// All on one connection: each form has been read to its end when the next one is answered.
const agent = new Agent({ keepAlive: true, maxSockets: 1 });
for (const [what, characters] of [
  ['a form of four million characters', 4_000_000],
  ['a form too long', 100_001],
  ['as long as a form may be', 100_000],
]) {
  const body = new URLSearchParams({ grant_type: 'x', x: '' });
  body.set('x', 'x'.repeat(characters - body.toString().length));
  const headers = basic('tally-app', secretOf('tally-app'));
  const { status, text } = await send(metadata.token_endpoint, { method: 'POST', headers, body, agent });
  console.log(`${what}: ${status} ${status === 413 ? text : JSON.parse(text).error}`);
}
agent.destroy();
await redeem('a verifier too short', { code, code_verifier: 'x'.repeat(42) });
await redeem('a verifier with a space', { code, code_verifier: `${'x'.repeat(43)} ` });
await redeem('a parameter twice', { code }, undefined, '&code=x');
const token = await redeem('the client', { code, client_id: 'tally-app' });
await redeem('another redirect_uri', { code: await codeFor(good), redirect_uri: `${redirectUri}/` });
await redeem('another verifier', { code: await codeFor(good), code_verifier: 'x'.repeat(43) });
await redeem('the challenge for the verifier', {
  code: await codeFor(good),
  code_verifier: good.code_challenge,
});
await redeem('no verifier', { code: await codeFor(good), code_verifier: '' });
const plain = without('code_challenge', phone);
await redeem(
  'a verifier without a challenge',
  { code: await codeFor(plain), client_id: phone.client_id, redirect_uri: phone.redirect_uri },
  {},
);

const { kid: signedBy, ...header } = decodeProtectedHeader(token);
const { exp, iat, jti, ...claims } = decodeJwt(token);
console.log('header:', JSON.stringify(header), signedBy === kid);
console.log('claims:', JSON.stringify(claims), exp - iat, typeof jti);

const quiz = {
  id: 'mallory-app',
  secret: secretOf('mallory-app'),
  redirectUri: 'https://mallory.example:8443/callback',
};
let idToken;
for (const scope of ['openid', 'openid profile']) {
  const wish = { ...good, client_id: quiz.id, redirect_uri: quiz.redirectUri, scope };
  const { headers } = await typed(await page(wish));
  ({ id_token: idToken } = await finishLogin(metadata, quiz, expect, new URL(headers.location).searchParams));
  const { iat: from, exp: to, ...told } = decodeJwt(idToken);
  console.log(
    `ID token, ${scope}: ${decodeProtectedHeader(idToken).typ} ${JSON.stringify(told)} ${to - from}`,
  );
}

async function introspect(what, subject, credentials, more = {}) {
  const body = new URLSearchParams({ ...(subject && { token: subject }), ...more });
  const { status, text } = await send(metadata.introspection_endpoint, {
    method: 'POST',
    headers: credentials,
    body,
  });
  const { active, error, ...rest } = JSON.parse(text);
  const told = error ?? [active, ...Object.keys(rest).sort()].join(' ');
  console.log(`introspection, ${what}: ${status} ${told}`);
}
const api = basic('tally-api', secretOf('tally-api'));
await introspect('the token', token, api);
await introspect('a changed token', `${token.slice(0, -8)}AAAAAAAA`, api);
await introspect('an ID token', idToken, api);
await introspect('no such token', 'x', api);
await introspect('no token', undefined, api);
await introspect('in two ways', token, api, { client_secret: 'x' });
await introspect('nobody asks', token, {});
await introspect('a client asks', token, basic('tally-app', secretOf('tally-app')));
await introspect('a stranger among the clients asks', token, basic('mallory-app', secretOf('mallory-app')));
await introspect('a wrong secret', token, basic('tally-api', 'guessed'));
await introspect('a public client asks', token, {}, { client_id: 'tally-phone' });
await redeem('the code again', { code });
await introspect('the token after that', token, api);
