// What a client does so that a user can lend it a little power: RFC 6749 §4.1, with PKCE (RFC 7636) and `iss` (RFC 9207).
import { random, repeats, send, sha256 } from './http.js';

/**
 * @typedef {object} Metadata
 * @property {string} issuer
 * @property {string} authorization_endpoint
 * @property {string} token_endpoint
 * @property {string} jwks_uri
 * @property {{ token_endpoint: string }} [mtls_endpoint_aliases]
 * @property {string} introspection_endpoint
 * @property {boolean} [authorization_response_iss_parameter_supported]
 *
 * @typedef {object} ClientSettings
 * @property {string} id
 * @property {string} [secret] a public client has none
 * @property {string} redirectUri
 * @property {{ cert: string, key: string }} [certificate] shown to servers that ask for one
 *
 * @typedef {{ state: string, verifier: string | undefined }} Login what the client must remember until the answer comes
 * @typedef {{ access_token: string, token_type: string, expires_in: number, scope: string, id_token?: string }} Tokens
 */

/** A login that did not succeed. `code` is OAuth's error, or our own word. */
export class LoginError extends Error {
  /** @param {string} code @param {string} message */
  constructor(code, message) {
    super(message);
    this.code = code;
  }
}

/** Asks a server about itself. It must be the one that was meant: RFC 8414 §3.3. @param {string} issuer @returns {Promise<Metadata>} */
export async function discover(issuer) {
  const answer = await send(`${issuer}/.well-known/oauth-authorization-server`);
  const metadata = JSON.parse(answer.text);
  if (metadata.issuer !== issuer) throw new LoginError('wrong_issuer', `${metadata.issuer} is not ${issuer}`);
  return metadata;
}

/**
 * The address to send the user's browser to, and what to remember meanwhile.
 * @param {Metadata} metadata @param {ClientSettings} client @param {string} scope @param {{ pkce?: boolean }} [options]
 * @returns {{ url: URL, login: Login }}
 */
export function startLogin(metadata, client, scope, { pkce = true } = {}) {
  //#region start
  const state = random(); // ties the answer to this browser: RFC 6749 §10.12
  const verifier = pkce ? random() : undefined; // stays here
  const url = new URL(metadata.authorization_endpoint);
  url.search = new URLSearchParams({
    response_type: 'code',
    client_id: client.id,
    redirect_uri: client.redirectUri,
    scope,
    state,
    ...(verifier && { code_challenge: sha256(verifier), code_challenge_method: 'S256' }),
  }).toString();
  //#endregion
  return { url, login: { state, verifier } };
}

/**
 * The browser is back. Checks that the answer is the one awaited, and exchanges its code for tokens.
 * @param {Metadata} metadata @param {ClientSettings} client @param {Login} login @param {URLSearchParams} answer
 * @returns {Promise<Tokens>}
 */
export async function finishLogin(metadata, client, login, answer) {
  if (repeats(answer)) throw new LoginError('repeated', 'This answer says something twice.');
  if (answer.get('state') !== login.state) throw new LoginError('wrong_state', 'This login began elsewhere.');
  // RFC 9207 §2.4: a server that says who it is must be the one that was asked; if it always says so, it must say so.
  const iss = answer.get('iss');
  if (iss === null ? metadata.authorization_response_iss_parameter_supported : iss !== metadata.issuer) {
    throw new LoginError('wrong_issuer', 'Another server has answered.');
  }
  const error = answer.get('error');
  if (error !== null) throw new LoginError(error, 'The authorization server said no.');
  return redeem(metadata, client, answer.get('code') ?? '', login.verifier);
}

/**
 * The token request. RFC 6749 §4.1.3, RFC 7636 §4.5.
 * @param {Metadata} metadata @param {ClientSettings} client @param {string} code @param {string | undefined} verifier
 * @returns {Promise<Tokens>}
 */
export async function redeem(metadata, client, code, verifier) {
  const body = new URLSearchParams({
    grant_type: 'authorization_code',
    code,
    redirect_uri: client.redirectUri,
    ...(verifier && { code_verifier: verifier }),
  });
  if (client.secret === undefined) body.set('client_id', client.id);
  const headers = client.secret === undefined ? {} : basic(client.id, client.secret);
  // With a certificate, a client goes where it will be asked for it. RFC 8705 §5.
  const alias = client.certificate && metadata.mtls_endpoint_aliases?.token_endpoint;
  const endpoint = alias ?? metadata.token_endpoint;
  const answer = await send(endpoint, { method: 'POST', headers, body, ...client.certificate });
  const content = JSON.parse(answer.text);
  if (answer.status !== 200) throw new LoginError(content.error, content.error_description);
  // What is not known how to use is not used. RFC 6749 §7.1; case does not matter: §5.1.
  if (!/^bearer$/i.test(content.token_type))
    throw new LoginError('wrong_type', 'This is another kind of token.');
  return content;
}

/** Id and secret in a header, form-encoded first. RFC 6749 §2.3.1. @param {string} id @param {string} secret */
export function basic(id, secret) {
  const encoded = [id, secret].map((part) => new URLSearchParams({ part }).toString().slice('part='.length));
  return { authorization: `Basic ${Buffer.from(encoded.join(':')).toString('base64')}` };
}
