// What the authorization server knows before anyone calls it: its clients, its users, and what may be asked for.
import { secretOf } from './pem.js';

/**
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
  // Not a client that logs anyone in: the API, which may ask about tokens.
  { id: 'tally-api', name: 'API', secret: secretOf('tally-api'), redirectUris: [], scopes: [], pkce: true },
];

export const clients = new Map(registered.map((client) => [client.id, client]));

/** A real server keeps a slow, salted hash of each password, never the password. */
export const users = new Map([['ana', { password: 'correct horse', name: 'Ana' }]]);
