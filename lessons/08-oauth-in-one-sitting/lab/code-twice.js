// Uses one code twice, and asks the authorization server (RFC 7662) what the token is worth before and after.
import { send } from './http.js';
import { logInAsAna } from './log-in-as-ana.js';
import { basic, discover, LoginError, redeem, startLogin } from './oauth-client.js';
import { secretOf } from './pem.js';

const client = {
  id: 'tally-app',
  secret: secretOf('tally-app'),
  redirectUri: 'https://app.tally.example:8443/callback',
};
const metadata = await discover('https://auth.tally.example:8443');
const { url, login } = startLogin(metadata, client, 'ledger:read');
const code = (await logInAsAna(url)).searchParams.get('code') ?? '';

const { access_token: token } = await redeem(metadata, client, code, login.verifier);
console.log('first use: a token');
await ask();

try {
  await redeem(metadata, client, code, login.verifier);
  console.log('second use: another token');
} catch (error) {
  console.log(`second use: ${error instanceof LoginError ? error.code : error}`);
}
await ask();

const { status } = await send('https://api.tally.example:8443/ledger', {
  headers: { authorization: `Bearer ${token}` },
});
console.log(`the API, which does not ask: ${status}`);

/** RFC 7662 §2.1. */
async function ask() {
  const headers = basic('tally-api', secretOf('tally-api'));
  const body = new URLSearchParams({ token });
  const answer = await send(metadata.introspection_endpoint, { method: 'POST', headers, body });
  console.log(`introspection: active ${JSON.parse(answer.text).active}`);
}
