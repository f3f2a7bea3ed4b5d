// The Bookkeeper Quiz: a harmless site of Mallory's where one may log in with Tally.
import { html, page, redirect, serve } from '../http.js';
import { discover, finishLogin, startLogin } from '../oauth-client.js';
import { pem, secretOf } from '../pem.js';
import { useToken } from './use-token.js';

/** @typedef {import('../http.js').Handler} Handler */
/** @typedef {import('../http.js').AsyncHandler} AsyncHandler */

const issuer = 'https://auth.tally.example:8443';
const client = {
  id: 'mallory-app',
  secret: secretOf('mallory-app'),
  redirectUri: 'https://mallory.example:8443/callback',
};

/** Logins under way, by their `state`. @type {Map<string, import('../oauth-client.js').Login>} */
const logins = new Map();

/** @type {Handler} */
function home(_request, response) {
  page(response, 200, 'Which bookkeeper are you?', html`<p><a href="/login">Log in with Tally</a></p>`);
}

/** @type {AsyncHandler} */
async function login(_request, response) {
  const { url, login } = startLogin(await discover(issuer), client, 'openid profile');
  logins.set(login.state, login);
  redirect(response, url);
}

/** @type {AsyncHandler} */
async function callback(_request, response, url) {
  const login = logins.get(url.searchParams.get('state') ?? '');
  if (login === undefined) return page(response, 400, 'Please begin again', '');
  const tokens = await finishLogin(await discover(issuer), client, login, url.searchParams);
  console.log(`somebody has logged in, and granted: ${tokens.scope}`);
  await useToken('her access token', tokens.access_token);
  await useToken('her ID token', tokens.id_token ?? '');
  redirect(response, '/result');
}

/** @type {Handler} */
function result(_request, response) {
  page(response, 200, 'You are an abacus', html`<p>Old, exact, and good company.</p>`);
}

serve(
  { cert: pem('mallory.pem'), key: pem('mallory.key.pem') },
  { 'GET /': home, 'GET /login': login, 'GET /callback': callback, 'GET /result': result },
);
