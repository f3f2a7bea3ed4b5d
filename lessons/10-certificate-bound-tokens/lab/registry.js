// What the authorization server knows before anyone calls it: its clients, its users, and what may be asked for; and by what
// it knows who calls.
import { timingSafeEqual } from 'node:crypto';
import { credentials, repeats, sha256 } from './http.js';
import { secretOf } from './pem.js';

/**
 * @typedef {import('./http.js').Request} Request
 *
 * @typedef {object} Client
 * @property {string} id
 * @property {string} name what users are told
 * @property {string} [secret] a confidential client's; a public one has none (RFC 6749 §2.1)
 * @property {readonly string[]} redirectUris
 * @property {readonly string[]} scopes what it may ask for
 * @property {boolean} pkce whether it must send a code_challenge
 */

/** Each scope, in words for the one who is asked. */
export const scopes = new Map([
  ['openid', 'know that it is you'],
  ['profile', 'know your name'],
  ['ledger:read', 'read your ledger'],
]);

/** @type {readonly Client[]} */
const registered = [
  {
    id: 'tally-app',
    name: 'Tally',
    secret: secretOf('tally-app'),
    redirectUris: ['https://app.tally.example:8443/callback'],
    scopes: ['ledger:read'],
    pkce: true,
  },
  {
    id: 'tally-phone',
    name: 'Tally for your phone',
    redirectUris: ['example.tally.app:/callback'], // its domain, reversed: RFC 8252 §7.1
    scopes: ['ledger:read'],
    pkce: true,
  },
  {
    id: 'tally-phone-2014', // the same, from before RFC 7636
    name: 'Tally for your phone',
    redirectUris: ['tally:/callback'],
    scopes: ['ledger:read'],
    pkce: false,
  },
  {
    id: 'mallory-app', // anyone may register a client
    name: 'The Bookkeeper Quiz',
    secret: secretOf('mallory-app'),
    redirectUris: ['https://mallory.example:8443/callback'],
    scopes: ['openid', 'profile'],
    pkce: true,
  },
  // The API. It logs nobody in, and it alone may ask about tokens.
  { id: 'tally-api', name: 'API', secret: secretOf('tally-api'), redirectUris: [], scopes: [], pkce: true },
];

export const clients = new Map(registered.map((client) => [client.id, client]));

/** A real server keeps a slow, salted hash of each password, never the password. */
export const users = new Map([['ana', { password: 'correct horse', name: 'Ana' }]]);

/** Why a client's request need not be looked at any further. RFC 6749 §5.2. @param {Request} request @param {URLSearchParams} wish */
export function malformed(request, wish) {
  if (repeats(wish)) return 'a parameter comes twice';
  const isTwofold = request.headers.authorization !== undefined && wish.has('client_secret');
  return isTwofold ? 'two ways to say who is calling' : undefined; // §2.3
}

/**
 * The client: a confidential one by its secret (RFC 6749 §2.3.1), a public one merely by its name (§3.2.1).
 * @param {Request} request @param {URLSearchParams} wish
 */
export function authenticate(request, wish) {
  const name = wish.get('client_id');
  if (request.headers.authorization === undefined) {
    const client = clients.get(name ?? '');
    return client?.secret === undefined && !wish.has('client_secret') ? client : undefined;
  }
  const { id, secret } = basicPair(request);
  const client = clients.get(id);
  if (client?.secret === undefined || (name ?? id) !== id) return undefined;
  return equal(client.secret, secret) ? client : undefined;
}

/** A client's id and secret: form-encoded (RFC 6749 §2.3.1), with a colon between (RFC 7617 §2). @param {Request} request */
function basicPair(request) {
  const pair = Buffer.from(credentials(request, 'basic') ?? '', 'base64').toString();
  const [id, ...secret] = pair.split(':').map((part) => {
    return new URLSearchParams(`part=${part.replaceAll('&', '%26')}`).get('part') ?? '';
  });
  return { id, secret: secret.join(':') };
}

/** Takes as long for a near miss as for a wild one. @param {string} one @param {string} other */
export function equal(one, other) {
  return timingSafeEqual(Buffer.from(sha256(one)), Buffer.from(sha256(other)));
}
