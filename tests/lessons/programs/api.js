// Plays the authorization server, and shows the API tokens and headers that are each wrong in one way only.
import { createHash, createHmac, createPublicKey, sign, X509Certificate } from 'node:crypto';
import { createServer } from 'node:https';
import { exportJWK, exportPKCS8, generateKeyPair } from 'jose';
import { send } from './http.js';
import { pem } from './pem.js';

const issuer = 'https://auth.tally.example:8443';
const audience = 'https://api.tally.example:8443';
const kid = 'the-one-key';

const { privateKey, publicKey } = await generateKeyPair('RS256', { extractable: true });
const jwk = { ...(await exportJWK(publicKey)), kid, alg: 'RS256', use: 'sig' };
const key = await exportPKCS8(privateKey);
let isInTrouble = false;
const auth = createServer({ cert: pem('auth.pem'), key: pem('auth.key.pem') }, (_request, response) => {
  response.writeHead(isInTrouble ? 500 : 200).end(JSON.stringify(isInTrouble ? {} : { keys: [jwk] }));
});
await new Promise((resolve) => auth.listen(8443, resolve));

const app = { cert: pem('tally-app.pem'), key: pem('tally-app.key.pem') };
const mallory = { cert: pem('mallory-app.pem'), key: pem('mallory-app.key.pem') };
const thumbprint = createHash('sha256').update(new X509Certificate(app.cert).raw);
const x5t = thumbprint.copy().digest('base64url');
const now = Math.floor(Date.now() / 1000);

/** A token with everything in order but what is given, before it is signed. */
function unsigned(header, claims) {
  const head = { alg: 'RS256', typ: 'at+jwt', kid, ...header };
  const times = { iat: now, exp: now + 300 };
  const who = { iss: issuer, aud: audience, sub: 'ana', client_id: 'tally-app', jti: 'one' };
  const body = { ...who, ...times, scope: 'ledger:read', cnf: { 'x5t#S256': x5t }, ...claims };
  return [head, body].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
}
function token(header, claims) {
  const signed = unsigned(header, claims);
  return `${signed}.${sign('sha256', Buffer.from(signed), key).toString('base64url')}`;
}

async function call(what, authorization, { client = app, query = '', host } = {}) {
  const headers = { ...(authorization && { authorization }), ...(host && { host }) };
  const servername = 'api.tally.example'; // or Node would take it from Host
  const address = `${audience}/ledger${query}`;
  const { status, headers: answer, text } = await send(address, { headers, servername, ...client });
  const challenge = answer['www-authenticate'];
  const told = /1204\.50|no such ledger/.exec(text)?.[0] ?? text;
  // Beside a challenge there is nothing to read.
  console.log(`${what}: ${status} ${challenge ? `${challenge}${told === '{}' ? '' : told}` : told}`);
}
const header = (what, changed) => call(what, `Bearer ${token(changed)}`);
const claims = (what, changed, options) => call(what, `Bearer ${token({}, changed)}`, options);

const good = token();
await call('in order', `Bearer ${good}`);
await call('bearer', `bearer ${good}`);
await call('two spaces', `Bearer  ${good}`);
await call('no header', undefined);
await call('in the query', undefined, { query: `?access_token=${good}` });
await call('a Host that is none', `Bearer ${good}`, { host: 'api tally' });
await call('another scheme', `Basic ${good}`);
await call('a scheme only', 'Bearer');
await call('a word too many', `Bearer ${good} and`);
await call('the header twice', [`Bearer ${good}`, `Bearer ${good}`]);
await call('no token at all', 'Bearer one.two.three');

await header('application/at+jwt', { typ: 'application/at+jwt' });
await header('typ JWT', { typ: 'JWT' });
await header('no typ', { typ: undefined });
await header('no kid', { kid: undefined });
await header('another kid', { kid: 'another' });
await header('a crit unheard of', { crit: ['tally'], tally: true });
await header('its own jwk', { kid: undefined, jwk });
for (const alg of ['none', 'PS256', 'HS256']) await header(`alg ${alg}`, { alg });
await call('alg none, not signed', `Bearer ${unsigned({ alg: 'none' })}.`);
const keyed = unsigned({ alg: 'HS256' });
const secret = createPublicKey({ key: jwk, format: 'jwk' }).export({ type: 'spki', format: 'pem' });
await call('keyed', `Bearer ${keyed}.${createHmac('sha256', secret).update(keyed).digest('base64url')}`);
await call('another signature', `Bearer ${unsigned()}.${token({}, { jti: 'two' }).split('.')[2]}`);

await claims('two audiences', { aud: ['https://payroll.tally.example', audience] });
await claims('another audience', { aud: `${audience}/` });
await claims('no audience', { aud: undefined });
await claims('another issuer', { iss: `${issuer}/` });
await claims('in the past', { exp: now - 1 });
await claims('in the future', { nbf: now + 300 });
await claims('a time in words', { exp: 'soon' });
await claims('no time', { exp: undefined });
await claims('nobody', { sub: undefined });
await claims('two scopes', { scope: 'profile ledger:read' });
for (const scope of ['ledger:readonly', 'LEDGER:READ', undefined]) await claims(`scope ${scope}`, { scope });
await claims('a list with the scope', { scope: ['ledger:read'] });
await claims('a user without a ledger', { sub: 'eva' });
await claims('a list with the user', { sub: ['ana'] });
await claims('a user without a ledger, and another scope', { sub: 'eva', scope: 'profile' });

isInTrouble = true;
await header('another kid, and the server in trouble', { kid: 'another' });
isInTrouble = false;

await claims('no client_id', { client_id: undefined });
await claims('no jti', { jti: undefined });
await claims('no certificate', {}, { client: {} });
await claims('another certificate', {}, { client: mallory });
await claims('no certificate, and another scope', { scope: 'profile' }, { client: {} });
const [hex, padded] = ['hex', 'base64'].map((encoding) => thumbprint.copy().digest(encoding));
for (const cnf of [
  undefined,
  null,
  {},
  'x',
  ...['', null, [x5t], hex, padded, x5t.slice(1)].map((value) => ({ 'x5t#S256': value })),
  { jkt: x5t },
]) {
  const what = JSON.stringify(cnf)?.replace(/[\w+/-]{42,}/, (text) => `${text.length} characters`);
  await claims(`cnf ${what}`, { cnf });
}
await claims('cnf {}, no certificate', { cnf: {} }, { client: {} });
await call('in order still', `Bearer ${good}`);
auth.close();
