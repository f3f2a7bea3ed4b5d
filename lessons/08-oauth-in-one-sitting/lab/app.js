// Tally's web app. Ana's browser talks to this server; this server, and only it, holds her access token.
import { cookie, html, page, random, redirect, send, serve } from './http.js';
import { discover, finishLogin, LoginError, startLogin } from './oauth-client.js';
import { pem, secretOf } from './pem.js';

/** @typedef {import('./http.js').Handler} Handler */
/** @typedef {import('./http.js').AsyncHandler} AsyncHandler */
/** @typedef {import('./http.js').Request} Request */
/** @typedef {{ login?: import('./oauth-client.js').Login, token?: string }} Session */

const issuer = 'https://auth.tally.example:8443';
const api = 'https://api.tally.example:8443';

const client = {
  id: 'tally-app',
  secret: secretOf('tally-app'),
  redirectUri: 'https://app.tally.example:8443/callback',
};

/** What the app remembers of each browser, by the number in its cookie. @type {Map<string, Session>} */
const sessions = new Map();

/** @param {Request} request */
function sessionOf(request) {
  return sessions.get(cookie(request, 'session') ?? '');
}

/** Begins a session under a new number, so that a number known before the login is worth nothing after it. @param {Session} session */
function newSession(session) {
  const id = random();
  sessions.set(id, session);
  return { 'set-cookie': `session=${id}; HttpOnly; Secure; SameSite=Lax; Path=/` };
}

/** @type {Handler} */
function home(request, response) {
  const body = sessionOf(request)?.token
    ? html`<p>You are logged in.</p><p><a href="/ledger">Your ledger</a></p>`
    : html`<p>Bookkeeping for small companies.</p><p><a href="/login">Log in</a></p>`;
  page(response, 200, 'Tally', body);
}

/** @type {AsyncHandler} */
async function login(_request, response) {
  const { url, login } = startLogin(await discover(issuer), client, 'ledger:read');
  redirect(response, url, newSession({ login }));
}

/** @type {AsyncHandler} */
async function callback(request, response, url) {
  const { login } = sessionOf(request) ?? {};
  sessions.delete(cookie(request, 'session') ?? '');
  try {
    if (login === undefined) throw new LoginError('wrong_state', 'This login began elsewhere.');
    const tokens = await finishLogin(await discover(issuer), client, login, url.searchParams);
    console.log('login finished: the token stays here');
    redirect(response, '/ledger', newSession({ token: tokens.access_token }));
  } catch (error) {
    if (!(error instanceof LoginError)) throw error;
    console.log(`login failed: ${error.code}`);
    page(response, 400, 'The login failed', html`<p>${error.message}</p><p><a href="/login">Log in</a></p>`);
  }
}

/** @type {AsyncHandler} */
async function ledger(request, response) {
  const { token } = sessionOf(request) ?? {};
  if (token === undefined) return redirect(response, '/');
  const answer = await send(`${api}/ledger`, { headers: { authorization: `Bearer ${token}` } }); // RFC 6750 §2.1
  console.log(`the API answers ${answer.status}`);
  if (answer.status !== 200) {
    return page(response, 502, 'No ledger', html`<p>The API answers ${answer.status}.</p>`);
  }
  /** @type {{ entries: { text: string, amount: string }[], balance: string }} */
  const { entries, balance } = JSON.parse(answer.text);
  const lines = entries.map(({ text, amount }) => html`<li>${text}: ${amount}</li>`);
  page(response, 200, 'Your ledger', `<ul>${lines.join('')}</ul>${html`<p>Balance: ${balance}</p>`}`);
}

/** @type {Handler} */
function logout(request, response) {
  sessions.delete(cookie(request, 'session') ?? '');
  redirect(response, '/', { 'set-cookie': 'session=; Max-Age=0; HttpOnly; Secure; SameSite=Lax; Path=/' });
}

serve(
  { cert: pem('app.pem'), key: pem('app.key.pem') },
  {
    'GET /': home,
    'GET /login': login,
    'GET /callback': callback,
    'GET /ledger': ledger,
    'POST /logout': logout,
  },
);
