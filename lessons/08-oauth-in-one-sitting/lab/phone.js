// Ana's phone: Tally's app on it, the browser, and the operating system, which hands a link to the app that claims it.
import { connect } from 'node:net';
import { logInAsAna } from './log-in-as-ana.js';
import { discover, startLogin } from './oauth-client.js';

const pkce = !process.argv.includes('--without-pkce');
const client = pkce
  ? { id: 'tally-phone', redirectUri: 'example.tally.app:/callback' } // no secret: everyone could unpack the app
  : { id: 'tally-phone-2014', redirectUri: 'tally:/callback' };

const metadata = await discover('https://auth.tally.example:8443');
const { url, login } = startLogin(metadata, client, 'ledger:read', { pkce });
console.log(
  `Tally's app begins a login, ${login.verifier ? 'and keeps a code_verifier' : 'with nothing up its sleeve'}`,
);
const link = await logInAsAna(url);

// Two apps claim links of this kind, and the phone cannot know whose they are. RFC 7636 §1.
console.log(`the phone hands over a link: ${link.protocol}…`);
const rival = connect({ host: 'ana.example', port: 7070 });
rival.end(link.href);
rival.resume().on('close', () => console.log("Tally's app is still waiting"));
