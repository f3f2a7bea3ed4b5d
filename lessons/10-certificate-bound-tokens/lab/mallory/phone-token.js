// Mallory's torch app on Ana's phone. It catches the code of Tally's phone app of 2014, as in lesson 8, and so has a token
// that is in order, and bound to nothing.
import { logInAsAna } from '../log-in-as-ana.js';
import { discover, redeem, startLogin } from '../oauth-client.js';
import { ownCertificate, readLedger } from './tools.js';

const phone = { id: 'tally-phone-2014', redirectUri: 'tally:/callback' };
const metadata = await discover('https://auth.tally.example:8443');
const { url } = startLogin(metadata, phone, 'ledger:read', { pkce: false });
const link = await logInAsAna(url); // two apps claim such links: the phone gives it to the wrong one
const { access_token } = await redeem(metadata, phone, link.searchParams.get('code') ?? '', undefined);
console.log('a token of the phone’s');
await readLedger(access_token, ownCertificate);
