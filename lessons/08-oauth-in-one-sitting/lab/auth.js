// Tally's authorization server: OAuth 2.0 (RFC 6749) with PKCE (RFC 7636), JWT access tokens (RFC 9068), and nothing else.
import { randomUUID } from 'node:crypto';
import { calculateJwkThumbprint, exportJWK, generateKeyPair, jwtVerify, SignJWT } from 'jose';
import { cookie, form, given, html, json, page, random, redirect, repeats, serve, sha256 } from './http.js';
import { pem } from './pem.js';
import { authenticate, clients, equal, malformed, scopes, users } from './registry.js';

/** @typedef {import('./http.js').Handler} Handler */
/** @typedef {import('./http.js').AsyncHandler} AsyncHandler */
/** @typedef {import('./registry.js').Client} Client */
/** @typedef {{ client: Client, redirectUri: string, state: string | null, challenge: string | null, scope: string }} Login */
/** @typedef {Login & { user: string, expires: number, used: boolean, tokens: string[] }} Grant */

const issuer = 'https://auth.tally.example:8443';
const audience = 'https://api.tally.example:8443';

/** The private half cannot be read out, not even here; the public half is at `/jwks`. */
const signing = await generateKeyPair('RS256');
const publicJwk = await exportJWK(signing.publicKey);
const kid = await calculateJwkThumbprint(publicJwk);

/** Logins under way, by the id hidden in the login page. @type {Map<string, Login>} */
const logins = new Map();
/** Codes, by their SHA-256: who reads this memory cannot use them. @type {Map<string, Grant>} */
const grants = new Map();
/** The `jti` of tokens that were taken back. @type {Set<string>} */
const revoked = new Set();

/** What holds tokens is kept by nobody on the way. RFC 6749 §5.1. */
const unkept = { 'cache-control': 'no-store', pragma: 'no-cache' };

/** What a client needs to know about this server. RFC 8414 §2. */
const metadata = {
  issuer,
  authorization_endpoint: `${issuer}/authorize`,
  token_endpoint: `${issuer}/token`,
  jwks_uri: `${issuer}/jwks`,
  introspection_endpoint: `${issuer}/introspect`,
  scopes_supported: [...scopes.keys()],
  response_types_supported: ['code'],
  grant_types_supported: ['authorization_code'],
  code_challenge_methods_supported: ['S256'],
  token_endpoint_auth_methods_supported: ['client_secret_basic', 'none'],
  introspection_endpoint_auth_methods_supported: ['client_secret_basic'],
  authorization_response_iss_parameter_supported: true, // RFC 9207 §3
};

/** A browser comes with a client's wish. RFC 6749 §4.1.1. @type {Handler} */
function authorize(_request, response, url) {
  const wish = given(url.searchParams);
  const client = clients.get(wish.get('client_id') ?? '');
  const redirectUri = wish.get('redirect_uri') ?? '';

  // Until these two are known to belong together, nobody is redirected anywhere. RFC 6749 §4.1.2.1.
  // The address is compared as a whole, character by character. RFC 9700 §4.1.3.
  if (repeats(wish, ['client_id', 'redirect_uri']) || !client?.redirectUris.includes(redirectUri)) {
    console.log('authorize refused: this client has no such redirect_uri');
    return page(response, 400, 'This link is broken', html`<p>Nobody was logged in.</p>`);
  }

  const state = wish.get('state');
  const challenge = wish.get('code_challenge');
  const scope = wish.get('scope') ?? '';
  const fault = faultOf(client, wish);
  if (fault) {
    console.log(`authorize refused: ${fault}`);
    return redirect(response, answerTo({ redirectUri, state }, { error: fault }));
  }

  const id = random();
  logins.set(id, { client, redirectUri, state, challenge, scope });
  console.log(`authorize: ${client.id} asks for ${scope}${challenge ? ', with a code_challenge' : ''}`);
  loginPage(response, 200, id, client, scope);
}

/** The error that RFC 6749 §4.1.2.1 has for this request, if there is one. @param {Client} client @param {URLSearchParams} wish */
function faultOf(client, wish) {
  if (repeats(wish) || !wish.has('response_type')) return 'invalid_request';
  if (wish.get('response_type') !== 'code') return 'unsupported_response_type';
  // RFC 7636 §4.4.1. Without code_challenge_method it would be "plain" (§4.3), which this server does not take.
  const challenge = wish.get('code_challenge');
  if (challenge === null ? client.pkce : wish.get('code_challenge_method') !== 'S256')
    return 'invalid_request';
  if (challenge !== null && !/^[\w-]{43}$/.test(challenge)) return 'invalid_request'; // not a SHA-256
  const asked = (wish.get('scope') ?? '').split(' ');
  if (!asked.every((scope) => client.scopes.includes(scope))) return 'invalid_scope';
  return undefined;
}

/** @param {import('./http.js').Response} response @param {number} status @param {string} id @param {Client} client @param {string} scope */
function loginPage(response, status, id, client, scope) {
  const asked = scope.split(' ').map((each) => html`<li>${scopes.get(each)}</li>`);
  const sorry = status === 200 ? '' : '<p role="alert">That was not the right password.</p>';
  const body = `${html`<p>${client.name} would like to:</p>`}<ul>${asked.join('')}</ul>${sorry}
${html`<form method="post" action="/login">
<input type="hidden" name="login" value="${id}">
<label>Name <input name="name" autocomplete="username" required></label>
<label>Password <input name="password" type="password" autocomplete="current-password" required></label>
<button>Log in and allow</button>
</form>`}`;
  // Nobody may lay this page under their own (RFC 9700 §4.16), and no link tells where one came from (§4.2.4).
  const headers = { 'content-security-policy': "frame-ancestors 'none'", 'referrer-policy': 'no-referrer' };
  const lock = `login=${sha256(id)}; HttpOnly; Secure; SameSite=Lax; Path=/login`;
  page(response, status, 'Log in to Tally', body, { ...headers, 'set-cookie': lock });
}

/** The user has typed name and password. @type {AsyncHandler} */
async function login(request, response) {
  const typed = await form(request);
  const id = typed.get('login') ?? '';
  const begun = logins.get(id);
  // The form goes with the browser it was shown in, so that nobody else's page can send it.
  if (begun === undefined || cookie(request, 'login') !== sha256(id)) {
    return page(response, 400, 'Please begin again', html`<p>This login is over.</p>`);
  }
  const name = typed.get('name') ?? '';
  const user = users.get(name);
  if (user === undefined || !equal(user.password, typed.get('password') ?? '')) {
    console.log('login refused');
    return loginPage(response, 403, id, begun.client, begun.scope);
  }
  logins.delete(id);

  const code = random();
  // RFC 6749 §4.1.2: the code is short-lived, and good for one use.
  const expires = Date.now() + 60_000;
  grants.set(sha256(code), { ...begun, user: name, expires, used: false, tokens: [] });
  console.log(`login: ${name}, code issued for ${begun.client.id}`);
  redirect(response, answerTo(begun, { code }));
}

/**
 * The authorization response: with the client's own `state`, and saying from whom it comes. RFC 9207 §2.
 * @param {Pick<Login, 'redirectUri' | 'state'>} to @param {Record<string, string>} content
 */
function answerTo({ redirectUri, state }, content) {
  const url = new URL(redirectUri);
  for (const [name, value] of Object.entries({ ...content, ...(state !== null && { state }), iss: issuer })) {
    url.searchParams.set(name, value);
  }
  return url;
}

/** A client exchanges a code for tokens. RFC 6749 §4.1.3. @type {AsyncHandler} */
async function token(request, response) {
  const wish = await form(request);
  const fault = malformed(request, wish);
  if (fault) return refuse(response, 'invalid_request', fault);
  const client = authenticate(request, wish);
  if (client === undefined) return refuse(response, 'invalid_client', 'who is calling');
  if (!wish.has('grant_type')) return refuse(response, 'invalid_request', 'no grant_type');
  if (wish.get('grant_type') !== 'authorization_code') {
    return refuse(response, 'unsupported_grant_type', 'only codes are taken');
  }
  const code = wish.get('code');
  if (code === null) return refuse(response, 'invalid_request', 'no code');
  const verifier = wish.get('code_verifier');
  if (verifier !== null && !/^[\w.~-]{43,128}$/.test(verifier)) {
    return refuse(response, 'invalid_request', 'no code_verifier looks like that'); // RFC 7636 §4.1
  }
  const grant = grants.get(sha256(code));
  if (grant === undefined || grant.client !== client) {
    return refuse(response, 'invalid_grant', 'no such code for this client');
  }
  if (grant.used) {
    for (const jti of grant.tokens) revoked.add(jti); // one of the two callers is a thief. RFC 6749 §4.1.2
    return refuse(response, 'invalid_grant', 'the code was used before');
  }
  grant.used = true;
  if (grant.expires < Date.now()) return refuse(response, 'invalid_grant', 'the code has expired');
  if (grant.redirectUri !== wish.get('redirect_uri')) {
    return refuse(response, 'invalid_grant', 'another redirect_uri');
  }
  if (!proves(grant.challenge, verifier)) {
    return refuse(response, 'invalid_grant', 'the code_verifier does not fit');
  }
  console.log(`token issued to ${client.id}, to act for ${grant.user}: ${grant.scope}`);
  const body = {
    access_token: await accessToken(grant),
    token_type: 'Bearer',
    expires_in: 300,
    scope: grant.scope,
    ...(grant.scope.split(' ').includes('openid') && { id_token: await idToken(grant) }),
  };
  json(response, 200, body, unkept);
}

/** RFC 7636 §4.6. A verifier without a challenge is as wrong as the reverse: RFC 9700 §2.1.1. @type {(challenge: string | null, verifier: string | null) => boolean} */
//#region pkce
function proves(challenge, verifier) {
  if (challenge === null || verifier === null) return challenge === verifier;
  return challenge === sha256(verifier);
}
//#endregion

/** RFC 9068 §2. @param {Grant} grant */
function accessToken({ client, user, scope, tokens }) {
  const jti = randomUUID();
  tokens.push(jti);
  return new SignJWT({ client_id: client.id, scope })
    .setProtectedHeader({ alg: 'RS256', typ: 'at+jwt', kid })
    .setIssuer(issuer)
    .setSubject(user)
    .setAudience(audience)
    .setIssuedAt()
    .setExpirationTime('5 minutes')
    .setJti(jti)
    .sign(signing.privateKey);
}

/** Tells the *client* who logged in; it is for no one else. OpenID Connect Core 1.0 §2. @param {Grant} grant */
function idToken({ client, user, scope }) {
  return new SignJWT(scope.split(' ').includes('profile') ? { name: users.get(user)?.name } : {}) // §5.4
    .setProtectedHeader({ alg: 'RS256', typ: 'JWT', kid })
    .setIssuer(issuer)
    .setSubject(user)
    .setAudience(client.id)
    .setIssuedAt()
    .setExpirationTime('5 minutes')
    .sign(signing.privateKey);
}

/** A server that was handed a token asks about it. RFC 7662 §2. @type {AsyncHandler} */
async function introspect(request, response) {
  const wish = await form(request);
  const fault = malformed(request, wish);
  if (fault) return refuse(response, 'invalid_request', fault);
  const caller = authenticate(request, wish);
  if (caller?.secret === undefined) return refuse(response, 'invalid_client', 'who is calling'); // §2.1
  if (!wish.has('token')) return refuse(response, 'invalid_request', 'no token');
  const verified = await jwtVerify(wish.get('token') ?? '', signing.publicKey, {
    algorithms: ['RS256'],
    typ: 'at+jwt', // of an ID token nothing is told
  }).catch(() => undefined);
  const isAlive = verified !== undefined && !revoked.has(verified.payload.jti ?? '');
  // §2.2: nothing else is told of a token that is not active, and nobody but its API may ask.
  const active = isAlive && caller.id === 'tally-api';
  const answer = active ? { active, token_type: 'Bearer', ...verified.payload } : { active };
  json(response, 200, answer, unkept);
}

/** RFC 6749 §5.2. @param {import('./http.js').Response} response @param {string} error @param {string} reason */
function refuse(response, error, reason) {
  console.log(`token refused: ${error}, ${reason}`);
  const isStranger = error === 'invalid_client';
  const headers = { ...unkept, ...(isStranger && { 'www-authenticate': 'Basic realm="clients"' }) };
  json(response, isStranger ? 401 : 400, { error, error_description: reason }, headers);
}

serve(
  { cert: pem('auth.pem'), key: pem('auth.key.pem') },
  {
    'GET /.well-known/oauth-authorization-server': (_request, response) => json(response, 200, metadata),
    'GET /jwks': (_request, response) =>
      json(response, 200, { keys: [{ ...publicJwk, kid, alg: 'RS256', use: 'sig' }] }),
    'GET /authorize': authorize,
    'POST /login': login,
    'POST /token': token,
    'POST /introspect': introspect,
  },
);
