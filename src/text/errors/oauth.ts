import type { ErrorKind } from './entry.ts';

/** OAuth's own codes, as the servers of lesson 8 answer them. */
export const oauth: ErrorKind = {
  id: 'oauth',
  title: 'OAuth’s answers',
  about:
    'Codes that a server answers, not errors that a program throws: the authorization server in JSON, the API in the header `WWW-Authenticate`. Standards fix the codes; the words beside them are each server’s own.',
  entries: [
    {
      code: 'invalid_request',
      by: 'auth',
      message: '400 {"error":"invalid_request","error_description":"no code"}',
      means: 'Something is missing, comes twice, or cannot be read. Nobody’s right was looked at yet.',
      causes: [
        'A parameter is missing: `code`, `code_challenge`.',
        'The body is JSON. The token endpoint takes a form, `application/x-www-form-urlencoded`.',
        'A parameter comes twice.',
      ],
      fix: 'Compare what you send, name by name, with the section of the RFC. `error_description`, where there is one, says which.',
      rfc: [
        { n: 6749, s: '5.2' },
        { n: 6749, s: '4.1.2.1' },
      ],
    },
    {
      code: 'invalid_client',
      by: 'auth',
      message: '401 {"error":"invalid_client","error_description":"who is calling"}',
      means: 'The client did not prove who it is. This is about the program, not about the user.',
      causes: [
        'A wrong secret, or one from another environment.',
        'The secret stands in the body and the server takes HTTP Basic, or the reverse.',
        'In Basic, name and secret are form-encoded first: a `+` or `%` in a secret breaks it otherwise.',
      ],
      fix: 'See which ways of authentication the server’s metadata name (`token_endpoint_auth_methods_supported`), and use one of them as registered.',
      not: 'Making the client a public one, so that no secret is asked for.',
      rfc: [
        { n: 6749, s: '5.2' },
        { n: 6749, s: '2.3.1' },
      ],
    },
    {
      code: 'invalid_grant',
      by: 'auth',
      message: '400 {"error":"invalid_grant","error_description":"no such code for this client"}',
      means:
        'The code (or the refresh token) is not good: unknown, used, expired, another client’s, or shown without what belongs to it.',
      causes: [
        'The code was redeemed already: by a reload of the callback’s page, or by a thief.',
        '`redirect_uri` is not, letter by letter, the one of the authorization request.',
        'The `code_verifier` does not fit the `code_challenge`: it was kept for another tab, or somebody else’s code was put into your session.',
      ],
      fix: 'Begin again with a new authorization request; a code is good once and for a minute or so. If it happens to many, look for a callback that runs twice.',
      not: 'Turning PKCE off. That check is what stops an intercepted code.',
      rfc: [
        { n: 6749, s: '5.2' },
        { n: 7636, s: '4.6' },
      ],
      seen: [
        { lesson: 'oauth-in-one-sitting', step: 'code-twice' },
        { lesson: 'oauth-in-one-sitting', step: 'code-stolen-pkce' },
      ],
    },
    {
      code: 'invalid_token',
      by: 'api',
      message: '401 Bearer error="invalid_token"',
      means:
        'The token is not good: expired, changed, for somebody else, revoked, or bound to another certificate. Why exactly is not told, and should not be. A request with no token at all is answered 401 without an `error`.',
      causes: [
        'It expired. That is by far the most frequent.',
        'Wrong issuer or audience: a token of the test system at the real API.',
        'A bound token on a connection without its certificate, or with another one.',
      ],
      fix: 'The client fetches a new token once and tries again; if that one is refused, too, it stops. The reason is in the API’s log.',
      not: 'Telling the caller which check failed: it helps those who forge more than those who err.',
      rfc: [
        { n: 6750, s: '3.1' },
        { n: 8705, s: '3' },
      ],
      seen: [
        { lesson: 'oauth-in-one-sitting', step: 'quiz' },
        { lesson: 'certificate-bound-tokens', step: 'side-by-side' },
      ],
    },
    {
      code: 'insufficient_scope',
      by: 'api',
      message: '403 Bearer error="insufficient_scope", scope="ledger:read"',
      means: 'The token is good, and does not allow this. `scope` may say what would.',
      causes: [
        'The user granted less, or the client asked for less.',
        'A new endpoint wants a scope that old tokens do not have.',
      ],
      fix: 'Ask the user for the missing scope with a new authorization request, when it is needed. A refreshed token of the same grant has the same scopes.',
      not: 'Asking for every scope at the beginning.',
      rfc: [{ n: 6750, s: '3.1' }],
      seen: [{ lesson: 'oauth-in-one-sitting', step: 'quiz' }],
    },
  ],
};
