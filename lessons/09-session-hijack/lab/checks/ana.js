// Ana, without her browser: logs in through the app, and asks the API as the app would.
import { send } from '../http.js';
import { cookies, logInAsAna } from '../log-in-as-ana.js';

const app = 'https://app.tally.example:8443';
const api = 'https://api.tally.example:8443';

/** Logs in and gives the session's cookie. */
export async function logIn() {
  const begun = await send(`${app}/login`);
  const back = await logInAsAna(new URL(String(begun.headers.location)));
  return cookies(await send(back, { headers: cookies(begun) }));
}

/** What the app shows her. @param {{ cookie: string }} session @param {string} path */
export async function open(session, path) {
  return send(`${app}${path}`, { headers: session });
}

/**
 * Who has read her ledger, the first reader first.
 * @param {{ cookie: string }} session
 * @returns {Promise<{ client: string, token: string, address: string }[]>}
 */
export async function readers(session) {
  const { access_token } = JSON.parse((await open(session, '/session/token')).text);
  const answer = await send(`${api}/readers`, { headers: { authorization: `Bearer ${access_token}` } });
  return JSON.parse(answer.text);
}
