// Stands in for a program of lesson 8's lab: asks its servers for each of OAuth's refusals, and prints what they answer.
import { send } from './http.js';
import { logInAsAna } from './log-in-as-ana.js';
import { basic, discover, finishLogin, startLogin } from './oauth-client.js';
import { secretOf } from './pem.js';

const quiz = {
  id: 'mallory-app',
  secret: secretOf('mallory-app'),
  redirectUri: 'https://mallory.example:8443/callback',
};
const metadata = await discover('https://auth.tally.example:8443');
const mine = basic(quiz.id, quiz.secret);
const grant = { grant_type: 'authorization_code', redirect_uri: quiz.redirectUri };

/** @param {Record<string, string>} fields @param {Record<string, string>} headers */
async function redeem(fields, headers) {
  const body = new URLSearchParams(fields);
  const { status, text } = await send(metadata.token_endpoint, { method: 'POST', headers, body });
  console.log(`${status} ${text}`);
}

/** @param {string} token */
async function use(token) {
  const headers = { authorization: `Bearer ${token}` };
  const answer = await send('https://api.tally.example:8443/ledger', { headers });
  console.log(`${answer.status} ${answer.headers['www-authenticate']}`);
}

await redeem(grant, mine);
await redeem({ ...grant, code: 'x' }, basic(quiz.id, 'guessed'));
await redeem({ ...grant, code: 'x' }, mine);
await use('x');
const { url, login } = startLogin(metadata, quiz, 'openid profile');
const back = await logInAsAna(url);
await use((await finishLogin(metadata, quiz, login, back.searchParams)).access_token);
