// The app's debug log. It lies with the files that the app serves, so that nobody needs a login on the machine to read it.
import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';

mkdirSync(new URL('static/', import.meta.url), { recursive: true });
const file = new URL('static/debug.log', import.meta.url);
writeFileSync(file, '');

//#region log
/**
 * Writes down a request that the app is about to send.
 * @param {string} method
 * @param {string} address
 * @param {Record<string, string>} headers
 */
export function logRequest(method, address, headers) {
  appendFileSync(file, `${method} ${address} ${JSON.stringify(headers)}\n`);
}
//#endregion
