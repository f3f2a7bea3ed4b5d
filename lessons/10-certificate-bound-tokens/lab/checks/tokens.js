// Two tokens for Ana's ledger, each got as its client gets it, and the use of them.
import { send } from '../http.js';
import { cookies, logInAsAna } from '../log-in-as-ana.js';
import { discover, finishLogin, startLogin } from '../oauth-client.js';

const app = 'https://app.tally.example:8443';

/** Logs Ana in through the app. Gives the session's cookie, and the token that the app holds for it. */
export async function logIn() {
  const begun = await send(`${app}/login`);
  const back = await logInAsAna(new URL(String(begun.headers.location)));
  const session = cookies(await send(back, { headers: cookies(begun) }));
  const answer = await send(`${app}/session/token`, { headers: session });
  return { session, token: String(JSON.parse(answer.text).access_token) };
}

/** What the app shows Ana. @param {{ cookie: string }} session */
export async function ledgerPage(session) {
  return (await send(`${app}/ledger`, { headers: session })).text;
}

/** The token of Tally's phone app, valid and bound to nothing. Undefined when the authorization server issues none. */
export async function unboundToken() {
  const client = { id: 'tally-phone', redirectUri: 'example.tally.app:/callback' };
  const metadata = await discover('https://auth.tally.example:8443');
  const { url, login } = startLogin(metadata, client, 'ledger:read');
  const back = await logInAsAna(url);
  const tokens = await finishLogin(metadata, client, login, back.searchParams).catch(() => undefined);
  return tokens?.access_token;
}

/**
 * Calls the API over a connection that shows `certificate`, if there is one.
 * @param {string} token @param {{ cert?: string, key?: string }} [certificate]
 */
export async function callApi(token, { cert, key } = {}) {
  const headers = { authorization: `Bearer ${token}` };
  try {
    const answer = await send('https://api.tally.example:8443/ledger', { headers, cert, key });
    return { status: answer.status, challenge: answer.headers['www-authenticate'] ?? '', text: answer.text };
  } catch (error) {
    const { code } = /** @type {NodeJS.ErrnoException} */ (error);
    // An API that is not there refuses nobody.
    if (code === 'ECONNREFUSED') throw new Error('Nothing listens on port 8443 of the API.');
    return { status: 0, challenge: `no answer: ${code}`, text: '' };
  }
}
