import { send } from '../http.js';

/**
 * Shows a token to the API, and prints what comes back.
 * @param {string} what
 * @param {string} token
 */
export async function useToken(what, token) {
  const answer = await send('https://api.tally.example:8443/ledger', {
    headers: { authorization: `Bearer ${token}` },
  });
  const error = /error="(\w+)"/.exec(answer.headers['www-authenticate'] ?? '');
  console.log(`${what}: ${answer.status}${error ? ` ${error[1]}` : ''}`);
  if (answer.status === 200) console.log(`Ana’s balance: ${JSON.parse(answer.text).balance}`);
}
