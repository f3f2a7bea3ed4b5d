// A developer's tool: gets an access token of Ana's for the web app, and opens it.
import { jwtVerify } from 'jose';
import { keyFor } from './keys.js';
import { logInAsAna } from './log-in-as-ana.js';
import { discover, finishLogin, startLogin } from './oauth-client.js';
import { secretOf } from './pem.js';

const client = {
  id: 'tally-app',
  secret: secretOf('tally-app'),
  redirectUri: 'https://app.tally.example:8443/callback',
};
const metadata = await discover('https://auth.tally.example:8443');
const { url, login } = startLogin(metadata, client, 'ledger:read');
const back = await logInAsAna(url);
const { access_token: token } = await finishLogin(metadata, client, login, back.searchParams);

const [header, payload, signature] = token.split('.');

/** @param {string} part */
const open = (part) => JSON.parse(Buffer.from(part, 'base64url').toString()); // no key is needed to read it
const { kid, ...named } = open(header);
const { iat, exp, jti, ...claims } = open(payload);
console.log('header:', JSON.stringify(named));
console.log('claims:', JSON.stringify(claims));
console.log(`it lives for ${exp - iat} seconds`);

const { sub } = (await jwtVerify(token, await keyFor(kid), { algorithms: ['RS256'] })).payload;
console.log(`the signature fits: these are the server's words about ${sub}`);

const changed = Buffer.from(JSON.stringify({ ...open(payload), sub: 'eva' })).toString('base64url');
const forged = `${header}.${changed}.${signature}`;
await jwtVerify(forged, await keyFor(kid), { algorithms: ['RS256'] }).catch((error) => {
  console.log(`with another name in it: ${error.code}`);
});
