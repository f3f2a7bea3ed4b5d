// The authorization server of lessons 8 to 10: what it must grant, what it must refuse, and how, in both engines.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { after, test } from 'node:test';
import type { Lab } from '../../src/lesson/index.ts';
import { closeEngines, engine, engineNames, LIMIT, lessons } from './runs.ts';

after(closeEngines);

const lesson = lessons.find(({ slug }) => slug === 'oauth-in-one-sitting');
assert.ok(lesson);
const { lab, files } = lesson;

const program = readFileSync(path.join(import.meta.dirname, 'programs/authorization-server.js'), 'utf8');
const server = 'https://auth.tally.example:8443';
const api = 'https://api.tally.example:8443';
const app = 'https://app.tally.example:8443/callback';
/** Its own address left out. */
const metadata = {
  issuer: '…',
  authorization_endpoint: '…/authorize',
  token_endpoint: '…/token',
  jwks_uri: '…/jwks',
  introspection_endpoint: '…/introspect',
  scopes_supported: ['openid', 'profile', 'ledger:read'],
  response_types_supported: ['code'],
  grant_types_supported: ['authorization_code'],
  code_challenge_methods_supported: ['S256'],
  token_endpoint_auth_methods_supported: ['client_secret_basic', 'none'],
  introspection_endpoint_auth_methods_supported: ['client_secret_basic'],
  authorization_response_iss_parameter_supported: true,
};
const back = `state=the client’s own iss=${server}`;

/** RFC 6749 §2.3, §3.1, §3.2, §4.1.2.1, §5.1, §5.2; RFC 7636 §4.1, §4.4.1, §4.6; RFC 9207 §2; RFC 9700 §2.1, §2.1.1; RFC 7662 §2; RFC 8414 §2, §3.3; RFC 7517 §4; RFC 9068 §2.2; RFC 9110 §15.5.14; OpenID Connect Core 1.0 §2, §5.4. */
const expected = `
metadata: ${JSON.stringify(metadata)}
jwks: application/json {"kty":"RSA","e":"AQAB","alg":"RS256","use":"sig"} 342 0
in a page: <p>&#60;b title=&#34;x&#34;&#62; it&#39;s &#38; stays</p>
a good request: 200 stays here
an unknown client: 400 stays here
no redirect_uri: 400 stays here
redirect_uri ${app}/: 400 stays here
redirect_uri ${app}?x=1: 400 stays here
redirect_uri https://app.tally.example/callback: 400 stays here
redirect_uri https://APP.tally.example:8443/callback: 400 stays here
redirect_uri https://app.tally.example:8443/%63allback: 400 stays here
redirect_uri https://mallory.example:8443/callback: 400 stays here
redirect_uri twice: 400 stays here
client_id twice: 400 stays here
no response_type: 303 error=invalid_request ${back}
response_type token: 303 error=unsupported_response_type ${back}
no code_challenge: 303 error=invalid_request ${back}
a code_challenge without a value: 303 error=invalid_request ${back}
a code_challenge of no SHA-256: 303 error=invalid_request ${back}
plain: 303 error=invalid_request ${back}
no code_challenge_method: 303 error=invalid_request ${back}
an unknown scope: 303 error=invalid_scope ${back}
no scope: 303 error=invalid_scope ${back}
a parameter twice: 303 error=invalid_request ${back}
no state: 303 error=invalid_scope iss=${server}
a state without a value: 303 error=invalid_scope iss=${server}
the login page: frame-ancestors 'none' no-referrer login=…; HttpOnly; Secure; SameSite=Lax; Path=/login
another password: 403
another name: 403
from another browser: 400
the right password: 303 code state iss ${server}
the form again: 400
the client, another state: wrong_state
the client, another iss: wrong_issuer
the client, no iss: wrong_issuer
the client, an error: access_denied
the client, a parameter twice: repeated
the client, another type of token: wrong_type
the client, metadata of another server: wrong_issuer
no client: 401 invalid_client, asks for Basic realm="clients", no-store no-cache
a wrong secret: 401 invalid_client, asks for Basic realm="clients", no-store no-cache
a secret cut short: 401 invalid_client, asks for Basic realm="clients", no-store no-cache
an empty secret: 401 invalid_client, asks for Basic realm="clients", no-store no-cache
an unknown client: 401 invalid_client, asks for Basic realm="clients", no-store no-cache
by name only: 401 invalid_client, asks for Basic realm="clients", no-store no-cache
a secret and more: 401 invalid_client, asks for Basic realm="clients", no-store no-cache
a name and more: 401 invalid_client, asks for Basic realm="clients", no-store no-cache
another name beside: 401 invalid_client, asks for Basic realm="clients", no-store no-cache
in two ways: 400 invalid_request, no-store no-cache
in the body: 401 invalid_client, asks for Basic realm="clients", no-store no-cache
a secret of a client that has none: 401 invalid_client, asks for Basic realm="clients", no-store no-cache
another scheme: 401 invalid_client, asks for Basic realm="clients", no-store no-cache
another client: 400 invalid_grant, no-store no-cache
another grant: 400 unsupported_grant_type, no-store no-cache
no grant: 400 invalid_request, no-store no-cache
no code: 400 invalid_request, no-store no-cache
a code without a value: 400 invalid_request, no-store no-cache
a form of four million characters: 413 the form is too long
a form too long: 413 the form is too long
as long as a form may be: 400 unsupported_grant_type
a verifier too short: 400 invalid_request, no-store no-cache
a verifier with a space: 400 invalid_request, no-store no-cache
a parameter twice: 400 invalid_request, no-store no-cache
the client: 200 {"token_type":"Bearer","expires_in":300,"scope":"ledger:read"}, no-store no-cache
another redirect_uri: 400 invalid_grant, no-store no-cache
another verifier: 400 invalid_grant, no-store no-cache
the challenge for the verifier: 400 invalid_grant, no-store no-cache
no verifier: 400 invalid_grant, no-store no-cache
a verifier without a challenge: 400 invalid_grant, no-store no-cache
header: {"alg":"RS256","typ":"at+jwt"} true
claims: {"client_id":"tally-app","scope":"ledger:read","iss":"${server}","sub":"ana","aud":"${api}"} 300 string
ID token, openid: JWT {"iss":"${server}","sub":"ana","aud":"mallory-app"} 300
ID token, openid profile: JWT {"name":"Ana","iss":"${server}","sub":"ana","aud":"mallory-app"} 300
introspection, the token: 200 true aud client_id exp iat iss jti scope sub token_type
introspection, a changed token: 200 false
introspection, an ID token: 200 false
introspection, no such token: 200 false
introspection, no token: 400 invalid_request
introspection, in two ways: 400 invalid_request
introspection, nobody asks: 401 invalid_client
introspection, a client asks: 200 false
introspection, a stranger among the clients asks: 200 false
introspection, a wrong secret: 401 invalid_client
introspection, a public client asks: 401 invalid_client
the code again: 400 invalid_grant, no-store no-cache
introspection, the token after that: 200 false
`;

/** The lab with one step, in which the program takes the place of `open-token`. */
const probing: Lab = {
  ...lab,
  steps: lab.steps.filter(({ id }) => id === 'open-token').map((step) => ({ ...step, timeLimit: 60_000 })),
  checks: [],
};

for (const name of engineNames) {
  test(`${name}: the authorization server grants and refuses as its RFCs say`, {
    timeout: LIMIT,
  }, async () => {
    const { steps } = await (await engine(name)).run(probing, { ...files, 'open-token.js': program });
    const shown = steps[0]?.processes.find((each) => each.name === 'open-token');
    assert.deepEqual(shown?.stdout.trim().split('\n'), expected.trim().split('\n'), shown?.stderr);
  });
}

// Nobody waits a minute for this: here every code is late when it is issued.
test('a code that comes too late is refused', { timeout: LIMIT }, async () => {
  const soon = 'Date.now() + 60_000';
  const source = String(files['auth.js']);
  assert.ok(source.includes(soon), `auth.js no longer holds ${soon}`);
  const late = { ...files, 'auth.js': source.replace(soon, 'Date.now() - 1') };
  const { steps } = await (await engine('node')).run(probing, late);
  const shown = steps[0]?.processes.find((each) => each.name === 'auth');
  assert.match(shown?.stdout ?? '', /^token refused: invalid_grant, the code has expired$/m);
});
