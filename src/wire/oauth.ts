/** OAuth in HTTP, named for what it is: which message of which specification a request or response is, and what tokens it carries. */
import { type Binding, bindingsOf, certificatesOf } from './binding.ts';
import { type HttpMessage, headerOf } from './http.ts';
import { type Jwt, readJwt } from './jwt.ts';
import type { HttpWireMessage, WireConnection } from './model.ts';

/** What a message is in OAuth. */
export interface Meaning {
  /** As the specification calls it: `token request`. */
  readonly name: string;
  readonly words: string;
  readonly section: string;
}

/** A token on the wire. */
export interface CarriedToken {
  /** Where it stands: `Authorization: Bearer`, `access_token`. */
  readonly where: string;
  readonly text: string;
  /** Opened, where it is a JWT. */
  readonly jwt: Jwt | undefined;
  /** What it is bound to, beside what came with it; only for a token that is being used. */
  readonly bindings: readonly Binding[];
}

const WELL_KNOWN = '/.well-known/oauth-authorization-server';
const TOKEN_FIELDS = [
  'access_token',
  'refresh_token',
  'id_token',
  'token',
  'client_assertion',
  'subject_token',
];

type Fields = Readonly<Record<string, unknown>>;

/** What this message is in OAuth; nothing where it is nothing of OAuth's. */
export function meaningOf({ http, request }: HttpWireMessage): Meaning | undefined {
  return http.kind === 'request' ? meaningOfRequest(http) : meaningOfResponse(http, request?.http);
}

function meaningOfRequest(http: HttpMessage): Meaning | undefined {
  const query = queryOf(http.target);
  if (query.response_type && query.client_id)
    return meaning('authorization request', 'A client sends its user here to be asked.', 'RFC 6749 §4.1.1');
  if (http.target?.startsWith(WELL_KNOWN))
    return meaning('metadata request', 'What can this authorization server do, and where?', 'RFC 8414 §3.1');
  const form = fieldsOf(http);
  if (typeof form.grant_type === 'string') return meaningOfGrant(form.grant_type);
  if (typeof form.token === 'string' && http.method === 'POST')
    return meaning('introspection request', 'Is this token good, and whose is it?', 'RFC 7662 §2.1');
  const scheme = /^(bearer|dpop) /i.exec(headerOf(http, 'authorization') ?? '')?.[1].toLowerCase();
  if (scheme === 'bearer')
    return meaning('request with a bearer token', 'Whoever holds the token is served.', 'RFC 6750 §2.1');
  if (scheme === 'dpop')
    return meaning('request with a DPoP-bound token', 'The token, and a proof of its key.', 'RFC 9449 §7.1');
  if (query.code && query.state) return AUTHORIZATION_RESPONSE;
  return undefined;
}

const AUTHORIZATION_RESPONSE = meaning(
  'authorization response',
  'The browser brings the client a code.',
  'RFC 6749 §4.1.2',
);

function meaningOfGrant(grant: string): Meaning {
  const sections: Record<string, [words: string, section: string]> = {
    authorization_code: ['The client exchanges a code for a token.', 'RFC 6749 §4.1.3'],
    refresh_token: ['The client asks for a fresh token.', 'RFC 6749 §6'],
    client_credentials: ['The client asks for a token of its own.', 'RFC 6749 §4.4.2'],
    'urn:ietf:params:oauth:grant-type:token-exchange': ['One token for another.', 'RFC 8693 §2.1'],
  };
  const [words, section] = sections[grant] ?? ['The client asks for a token.', 'RFC 6749 §4.5'];
  return meaning('token request', words, section);
}

function meaningOfResponse(http: HttpMessage, request: HttpMessage | undefined): Meaning | undefined {
  const location = headerOf(http, 'location');
  if (location !== undefined) {
    const query = queryOf(location);
    if (query.code && query.state) return AUTHORIZATION_RESPONSE;
    if (query.error && query.state)
      return meaning('authorization error response', 'The user or the server said no.', 'RFC 6749 §4.1.2.1');
    if (query.response_type && query.client_id)
      return meaning(
        'redirect to the authorization server',
        'The client sends its user away to be asked.',
        'RFC 6749 §4.1',
      );
  }
  const challenge = headerOf(http, 'www-authenticate');
  if (challenge !== undefined && /^(bearer|dpop)\b/i.test(challenge))
    return /^dpop/i.test(challenge)
      ? meaning('refusal of a token', 'The token or its proof was not accepted.', 'RFC 9449 §7.1')
      : meaning('refusal of a token', 'The token was not accepted, or there was none.', 'RFC 6750 §3');
  const fields = fieldsOf(http);
  if (typeof fields.access_token === 'string')
    return meaning('token response', 'The token, for whoever reads this.', 'RFC 6749 §5.1');
  if (request && meaningOfRequest(request)?.name === 'token request' && typeof fields.error === 'string')
    return meaning('token error response', 'No token.', 'RFC 6749 §5.2');
  if (typeof fields.active === 'boolean')
    return meaning('introspection response', 'What the server knows of the token.', 'RFC 7662 §2.2');
  if (typeof fields.issuer === 'string' && typeof fields.token_endpoint === 'string')
    return meaning('authorization server metadata', 'Its endpoints and abilities.', 'RFC 8414 §3.2');
  if (Array.isArray(fields.keys))
    return meaning('JWK Set', 'The keys that verify its tokens.', 'RFC 7517 §5');
  return undefined;
}

function meaning(name: string, words: string, section: string): Meaning {
  return { name, words, section };
}

/** The tokens that this message carries. */
export function tokensOf({ http }: HttpWireMessage, connection: WireConnection): CarriedToken[] {
  const tokens: CarriedToken[] = [];
  const add = (where: string, text: unknown, isUsed = false) => {
    if (typeof text !== 'string' || text === '') return;
    const jwt = readJwt(text);
    const bindings = jwt && isUsed ? bindingsOf(jwt.claims, shownWith(http, connection)) : [];
    tokens.push({ where, text, jwt, bindings });
  };
  const [, scheme, credentials] = /^(bearer|dpop) (\S+)$/i.exec(headerOf(http, 'authorization') ?? '') ?? [];
  if (scheme) add(`Authorization: ${scheme}`, credentials, true);
  add('DPoP', headerOf(http, 'dpop'));
  const fields = { ...queryOf(http.target), ...fieldsOf(http) };
  for (const name of TOKEN_FIELDS) add(name, fields[name]);
  return tokens;
}

/** What is handed over by name, decoded: in the query, in where it sends the reader on to, in a form or a JSON object. */
export function parametersOf({ http }: HttpWireMessage): Fields {
  return { ...queryOf(http.target), ...queryOf(headerOf(http, 'location')), ...fieldsOf(http) };
}

function shownWith(http: HttpMessage, connection: WireConnection) {
  const [certificate] = certificatesOf(connection, 'client');
  const proofKey = readJwt(headerOf(http, 'dpop') ?? '')?.header.jwk;
  return {
    ...(certificate && { certificate }),
    ...(typeof proofKey === 'object' && proofKey !== null && { proofKey: proofKey as Fields }),
  };
}

/** The parameters of a URL's query; a relative one will do. */
function queryOf(target: string | undefined): Record<string, string> {
  const [, query] = /\?([^#]*)/.exec(target ?? '') ?? [];
  return Object.fromEntries(new URLSearchParams(query ?? ''));
}

/** The fields of a form or of a JSON object in the body. */
function fieldsOf(http: HttpMessage): Fields {
  const type = headerOf(http, 'content-type') ?? '';
  const text = () => new TextDecoder().decode(http.body);
  if (/^application\/x-www-form-urlencoded\b/i.test(type))
    return Object.fromEntries(new URLSearchParams(text()));
  if (!/^application\/([\w.+-]+\+)?json\b/i.test(type)) return {};
  try {
    const value: unknown = JSON.parse(text());
    return typeof value === 'object' && value !== null ? (value as Fields) : {};
  } catch {
    return {}; // says JSON and is none
  }
}
