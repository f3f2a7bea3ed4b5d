// Tally's web app. It holds Ana's access token and calls the API for her, from its server. It has four faults: find them.
import { readdirSync, readFileSync } from 'node:fs';
import { closeSession, openSession, searchHelp, tokenOf } from './database.js';
import { cookie, html, json, page, redirect, send, serve, text } from './http.js';
import { logRequest } from './log.js';
import { addNote, notesPage } from './notes.js';
import { discover, finishLogin, LoginError, startLogin } from './oauth-client.js';
import { pem, secretOf } from './pem.js';

/** @typedef {import('./http.js').Handler} Handler */
/** @typedef {import('./http.js').AsyncHandler} AsyncHandler */
/** @typedef {import('./http.js').Request} Request */

const issuer = 'https://auth.tally.example:8443';
const api = 'https://api.tally.example:8443';

const client = {
  id: 'tally-app',
  secret: secretOf('tally-app'),
  redirectUri: 'https://app.tally.example:8443/callback',
};

/** Logins under way, by their `state`. @type {Map<string, import('./oauth-client.js').Login>} */
const logins = new Map();

/** @param {string} name @param {string} value */
function setCookie(name, value) {
  return { 'set-cookie': `${name}=${value}; HttpOnly; Secure; SameSite=Lax; Path=/` };
}

/** The access token of the browser that asks. @param {Request} request */
const tokenFor = (request) => tokenOf(cookie(request, 'session'));

/** @type {Handler} */
function home(request, response) {
  const body =
    tokenFor(request) === undefined
      ? html`<p>Bookkeeping for small companies.</p><p><a href="/login">Log in</a></p>`
      : html`<p>You are logged in.</p><p><a href="/ledger">Your ledger</a></p><p><a href="/notes">Your notes</a></p>`;
  const search =
    '<form action="/search"><label>Help with <input name="q"></label><button>Search</button></form>';
  page(response, 200, 'Tally', `${body}${search}`);
}

/** @type {AsyncHandler} */
async function login(_request, response) {
  const { url, login } = startLogin(await discover(issuer), client, 'ledger:read');
  logins.set(login.state, login);
  redirect(response, url, setCookie('login', login.state));
}

/** @type {AsyncHandler} */
async function callback(request, response, url) {
  const begun = cookie(request, 'login') ?? '';
  const login = logins.get(begun);
  logins.delete(begun);
  try {
    if (login === undefined) throw new LoginError('wrong_state', 'This login began elsewhere.');
    const tokens = await finishLogin(await discover(issuer), client, login, url.searchParams);
    redirect(response, '/', setCookie('session', openSession(tokens.access_token)));
  } catch (error) {
    if (!(error instanceof LoginError)) throw error;
    console.log(`login failed: ${error.code}`);
    page(response, 400, 'The login failed', html`<p>${error.message}</p><p><a href="/login">Log in</a></p>`);
  }
}

/** @type {AsyncHandler} */
async function ledger(request, response) {
  const token = tokenFor(request);
  if (token === undefined) return redirect(response, '/');
  const headers = { authorization: `Bearer ${token}` };
  logRequest('GET', `${api}/ledger`, headers);
  const answer = await send(`${api}/ledger`, { headers });
  if (answer.status !== 200) {
    return page(response, 502, 'No ledger', html`<p>The API answers ${answer.status}.</p>`);
  }
  /** @type {{ entries: { text: string, amount: string }[], balance: string }} */
  const { entries, balance } = JSON.parse(answer.text);
  const lines = entries.map(({ text, amount }) => html`<li>${text}: ${amount}</li>`);
  page(response, 200, 'Your ledger', `<ul>${lines.join('')}</ul>${html`<p>Balance: ${balance}</p>`}`);
}

//#region session-token
/**
 * For a widget in the page that was to call the API by itself. The widget
 * is gone.
 * @type {Handler}
 */
function sessionToken(request, response) {
  const token = tokenFor(request);
  if (token === undefined) return json(response, 403, {});
  const headers = { 'cache-control': 'no-store' };
  json(response, 200, { access_token: token }, headers);
}
//#endregion

/** Needs no login: customers look before they buy. @type {Handler} */
function search(_request, response, url) {
  const found = searchHelp(url.searchParams.get('q') ?? '');
  const lines = found.map(({ title, body }) => html`<li>${title}: ${body}</li>`);
  page(response, 200, 'Help', `<ul>${lines.join('')}</ul>`);
}

/** @type {Handler} */
function notes(request, response) {
  if (tokenFor(request) === undefined) return redirect(response, '/');
  notesPage(response);
}

/** @type {Handler} */
function logout(request, response) {
  closeSession(cookie(request, 'session'));
  redirect(response, '/', { 'set-cookie': 'session=; Max-Age=0; HttpOnly; Secure; SameSite=Lax; Path=/' });
}

/** Everything in `static/` is served as it is, to everyone. @type {[string, Handler][]} */
const files = readdirSync(new URL('static/', import.meta.url)).map((name) => [
  `GET /static/${name}`,
  (_request, response) =>
    text(response, 200, readFileSync(new URL(`static/${name}`, import.meta.url), 'utf8')),
]);

serve(
  { cert: pem('app.pem'), key: pem('app.key.pem') },
  {
    'GET /': home,
    'GET /login': login,
    'GET /callback': callback,
    'GET /ledger': ledger,
    'GET /notes': notes,
    'POST /notes': addNote,
    'GET /search': search,
    'GET /session/token': sessionToken,
    'POST /logout': logout,
    ...Object.fromEntries(files),
  },
);
