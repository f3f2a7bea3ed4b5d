import { defineLab } from '../../src/lesson/lab.ts';

const anaLogsIn = [
  { press: 'Log in' },
  { fill: { Name: 'ana', Password: 'correct horse' }, press: 'Log in and allow' },
];

const anaTakesTheQuiz = {
  browser: 'ana',
  does: [
    { open: 'https://mallory.example:8443/' },
    { press: 'Log in with Tally' },
    { fill: { Name: 'ana', Password: 'correct horse' }, press: 'Log in and allow' },
  ],
};

export default defineLab({
  kind: 'defend',

  hosts: [
    { name: 'auth.tally.example', address: '10.8.0.10', role: 'auth' },
    { name: 'app.tally.example', address: '10.8.0.20', role: 'client' },
    { name: 'api.tally.example', address: '10.8.0.30', role: 'server' },
    { name: 'ana.example', address: '10.8.0.40', role: 'victim' },
    { name: 'mallory.example', address: '10.8.0.66', role: 'attacker' },
  ],

  processes: [
    {
      name: 'pki',
      host: 'auth.tally.example',
      script: 'pki',
      role: 'auth',
      description: 'Tally’s certificate authority. Makes all keys and certificates afresh.',
    },
    {
      name: 'auth',
      host: 'auth.tally.example',
      script: 'auth',
      role: 'auth',
      description: 'The authorization server. It alone sees Ana’s password, and it signs tokens.',
    },
    {
      name: 'app',
      host: 'app.tally.example',
      script: 'app',
      role: 'client',
      description: 'Tally’s web app, the client. Acts for Ana.',
    },
    {
      name: 'api',
      host: 'api.tally.example',
      script: 'api',
      role: 'server',
      description: 'Tally’s API, the resource server. Has Ana’s ledger, and believes tokens too easily.',
    },
    {
      name: 'open-token',
      host: 'app.tally.example',
      script: 'open-token',
      role: 'client',
      description: 'A developer’s tool: gets a token and opens it.',
    },
    {
      name: 'code-twice',
      host: 'app.tally.example',
      script: 'code-twice',
      role: 'client',
      description: 'The same client, careless: uses one code twice.',
    },
    {
      name: 'phone',
      host: 'ana.example',
      script: 'phone',
      role: 'victim',
      description: 'Ana’s phone with Tally’s app, which uses PKCE.',
    },
    {
      name: 'phone-2014',
      host: 'ana.example',
      script: 'phone-2014',
      role: 'victim',
      description: 'The same with Tally’s app of 2014, before PKCE.',
    },
    {
      name: 'rival-app',
      host: 'ana.example',
      script: 'rival-app',
      role: 'attacker',
      description: 'Mallory’s torch app on the same phone. It claims Tally’s links.',
    },
    {
      name: 'quiz',
      host: 'mallory.example',
      script: 'quiz',
      role: 'attacker',
      description: 'Mallory’s harmless quiz, where one may log in with Tally.',
    },
    {
      name: 'no-signature',
      host: 'mallory.example',
      script: 'no-signature',
      role: 'attacker',
      description: 'Mallory, with a token that says it needs no signature.',
    },
    {
      name: 'public-key',
      host: 'mallory.example',
      script: 'public-key',
      role: 'attacker',
      description: 'Mallory, with a token keyed with what everyone knows.',
    },
  ],

  browsers: [
    {
      name: 'ana',
      host: 'ana.example',
      role: 'victim',
      trusts: 'certificates/tally-ca.pem',
      description: 'Ana, who has her books at Tally.',
    },
  ],

  prepare: ['pki'],

  steps: [
    {
      id: 'ana-logs-in',
      title: 'Let Ana log in and open her ledger',
      servers: ['auth', 'api', 'app'],
      run: [{ browser: 'ana', does: [{ open: 'https://app.tally.example:8443/' }, ...anaLogsIn] }],
      open: 'app.js',
      timeLimit: 40_000,
      expect: [
        {
          process: 'ana',
          says: [
            'page: 200 https://app.tally.example:8443/',
            'page: 200 https://auth.tally.example:8443/authorize?',
            'page: 200 https://app.tally.example:8443/ledger',
            'text: Balance: 1204.50',
          ],
          words: 'Ana logs in at the authorization server, and sees her ledger in the app.',
        },
        {
          process: 'ana',
          never: 'eyJhbGciOi',
          words: 'No token comes by: each would begin with eyJhbGciOi, for {"alg": in base64url.',
        },
        {
          process: 'auth',
          says: [
            'authorize: tally-app asks for ledger:read, with a code_challenge',
            'login: ana, code issued for tally-app',
            'token issued to tally-app, to act for ana: ledger:read',
          ],
          words:
            'The authorization server is asked, knows Ana, gives her browser a code and the app a token.',
        },
        {
          process: 'app',
          says: ['login finished: the token stays here', 'the API answers 200'],
          words: 'The app’s server has the token, and calls the API with it.',
        },
      ],
    },
    {
      id: 'open-token',
      title: 'Open a token',
      servers: ['auth'],
      run: ['open-token'],
      open: 'open-token.js',
      timeLimit: 20_000,
      expect: [
        {
          process: 'open-token',
          says: [
            'header: {"alg":"RS256","typ":"at+jwt"}',
            '"sub":"ana","aud":"https://api.tally.example:8443"',
          ],
          words: 'Everyone can read the header and the claims: no key is needed.',
        },
        {
          process: 'open-token',
          says: 'it lives for 300 seconds',
          words: 'The token ends after five minutes.',
        },
        {
          process: 'open-token',
          says: ['the signature fits', 'with another name in it: ERR_JWS_SIGNATURE_VERIFICATION_FAILED'],
          words: 'The signature fits, and with one name changed it no longer does.',
        },
      ],
    },
    {
      id: 'code-twice',
      title: 'Use one code twice',
      servers: ['auth', 'api'],
      run: ['code-twice'],
      open: 'code-twice.js',
      timeLimit: 20_000,
      expect: [
        {
          process: 'code-twice',
          says: ['first use: a token', 'introspection: active true', 'second use: invalid_grant'],
          words: 'The first use brings a token, the second an error.',
        },
        {
          process: 'code-twice',
          says: ['second use', 'introspection: active false', 'the API, which does not ask: 200'],
          words: 'The token of the first use is taken back. The API does not ask, and still believes it.',
        },
      ],
    },
    {
      id: 'code-stolen',
      title: 'Steal a code, without PKCE',
      servers: ['auth', 'api', 'rival-app'],
      run: ['phone-2014'],
      shows: 'attack',
      open: 'mallory/rival-app.js',
      timeLimit: 20_000,
      expect: [
        {
          process: 'rival-app',
          says: ['a link with a code in it', 'a token for the code: 200', 'Ana’s balance: 1204.50'],
          words: 'Mallory’s app gets the link, trades the code for a token, and reads the balance.',
        },
        {
          process: 'auth',
          says: 'token issued to tally-phone-2014, to act for ana',
          words: 'The authorization server believes that Tally’s app was asking.',
        },
      ],
    },
    {
      id: 'code-stolen-pkce',
      title: 'Steal a code, with PKCE',
      servers: ['auth', 'api', 'rival-app'],
      run: ['phone'],
      open: 'phone.js',
      timeLimit: 20_000,
      expect: [
        {
          process: 'rival-app',
          says: ['a link with a code in it', 'no token for the code: invalid_grant'],
          words: 'Mallory’s app gets the link, and nothing for the code.',
        },
        {
          process: 'auth',
          says: 'token refused: invalid_grant, the code_verifier does not fit',
          words: 'The authorization server misses the code_verifier.',
        },
        { process: 'rival-app', never: 'balance', words: 'She reads nothing.' },
      ],
    },
    {
      id: 'no-signature',
      title: 'Come with a token that nobody has signed',
      servers: ['auth', 'api'],
      run: ['no-signature'],
      shows: 'attack',
      open: 'mallory/no-signature.js',
      timeLimit: 20_000,
      expect: [
        {
          process: 'no-signature',
          says: ['without a signature: 200', 'Ana’s balance: 1204.50'],
          words: 'The token says that it has no signature, and the API opens Ana’s ledger.',
        },
      ],
      solved: [
        { process: 'no-signature', says: 'without a signature: 401', words: 'The API refuses the token.' },
        { process: 'no-signature', never: 'balance', words: 'Mallory reads nothing.' },
      ],
    },
    {
      id: 'public-key',
      title: 'Come with a token keyed with the public key',
      servers: ['auth', 'api'],
      run: ['public-key'],
      shows: 'attack',
      open: 'mallory/public-key.js',
      timeLimit: 20_000,
      expect: [
        {
          process: 'public-key',
          says: ['keyed with the public key: 200', 'Ana’s balance: 1204.50'],
          words: 'The API takes its public key for a shared secret, and opens Ana’s ledger.',
        },
      ],
      solved: [
        {
          process: 'public-key',
          says: 'keyed with the public key: 401',
          words: 'The API refuses the token.',
        },
        { process: 'public-key', never: 'balance', words: 'Mallory reads nothing.' },
      ],
    },
    {
      id: 'quiz',
      title: 'Let Ana take Mallory’s quiz',
      servers: ['auth', 'api', 'quiz'],
      run: [anaTakesTheQuiz],
      shows: 'attack',
      open: 'mallory/quiz.js',
      timeLimit: 40_000,
      expect: [
        {
          process: 'ana',
          says: ['text: know that it is you', 'title: You are an abacus'],
          words: 'Ana allows the quiz to know who she is, and learns that she is an abacus.',
        },
        {
          process: 'quiz',
          says: [
            'somebody has logged in, and granted: openid profile',
            'her access token: 200',
            'Ana’s balance',
          ],
          words: 'The quiz shows the API an access token without ledger:read, and reads Ana’s balance.',
        },
        {
          process: 'quiz',
          says: ['her ID token: 200', 'Ana’s balance: 1204.50'],
          words: 'It shows an ID token, which is no access token at all, and reads it again.',
        },
      ],
      solved: [
        { process: 'ana', says: 'title: You are an abacus', words: 'The quiz goes on as before.' },
        {
          process: 'quiz',
          says: ['her access token: 403 insufficient_scope', 'her ID token: 401 invalid_token'],
          words: 'The access token is not good for the ledger, and the ID token is none.',
        },
        { process: 'quiz', never: 'balance', words: 'Mallory reads nothing.' },
      ],
    },
    {
      id: 'raid',
      title: 'Let Mallory try everything',
      servers: ['auth', 'api', 'quiz'],
      run: ['no-signature', 'public-key', anaTakesTheQuiz],
      shows: 'attack',
      open: 'api.js',
      timeLimit: 40_000,
      expect: [
        { process: 'no-signature', says: '200', words: 'A token without a signature opens the ledger.' },
        { process: 'public-key', says: '200', words: 'So does one keyed with the public key.' },
        {
          process: 'quiz',
          says: ['her access token: 200', 'her ID token: 200'],
          words: 'So do a token for something else, and an ID token.',
        },
      ],
      solved: [
        { process: 'no-signature', says: ': 401', words: 'The token without a signature is refused.' },
        { process: 'public-key', says: ': 401', words: 'So is the one keyed with the public key.' },
        {
          process: 'quiz',
          says: ['her access token: 403', 'her ID token: 401'],
          words: 'The token for something else is answered 403, the ID token 401.',
        },
      ],
    },
  ],

  exercise: {
    servers: ['api'],
    host: 'auth.tally.example',
    attack: 'raid',
    honest: 'ana-logs-in',
    refusal: [
      {
        process: 'quiz',
        says: ['her access token: 403 insufficient_scope', 'her ID token: 401 invalid_token'],
        words: 'Each refusal has the error of RFC 6750.',
      },
      {
        process: 'api',
        says: [
          ': ERR_JOSE_ALG_NOT_ALLOWED',
          ': ERR_JOSE_ALG_NOT_ALLOWED',
          ': openid profile',
          ': ERR_JWT_CLAIM_VALIDATION_FAILED',
        ],
        words: 'The API says what was wrong with each token.',
      },
    ],
  },

  checks: [
    {
      name: 'honest',
      title: 'An access token of Ana’s opens her ledger',
      file: 'checks/api.test.js',
      test: 'an access token of Ana’s opens her ledger',
      hints: [
        'An API that refuses everybody is safe and useless. Which of your checks does a good token fail?',
        'Compare what you expect with the claims in the step “Open a token”, to the last character: issuer and audience have a port. A token may have several scopes, in one string with spaces.',
      ],
      explanation:
        'A good token was turned away, or the API did not start. Its console says which of your checks was too strict.',
    },
    {
      name: 'signature',
      title: 'A token that the authorization server has not signed is refused',
      file: 'checks/api.test.js',
      test: 'a token that the authorization server has not signed is refused',
      hints: [
        'Who decides how this API verifies a token: the API, or whoever wrote the token?',
        'Look what jwt.js does with `alg`. The authorization server signs with RS256 and nothing else.',
        "Use jose: `const { payload } = await jwtVerify(token, ({ kid }) => keyFor(kid), { algorithms: ['RS256'] })`",
      ],
      explanation:
        'The API let the token choose its own algorithm. Name the one that you take, and no other.',
      failsAtFirst:
        'This token says "alg": "none" and has no signature, and the API handed out Ana\'s ledger.',
    },
    {
      name: 'type',
      title: 'A token of another type is refused',
      file: 'checks/api.test.js',
      test: 'a token of another type is refused',
      hints: [
        'The authorization server signs two kinds of token with one key. How do you tell them apart?',
        "An access token says so in its header: `typ` is `at+jwt`. For jose it is the option `typ: 'at+jwt'`.",
      ],
      explanation: 'The signature was in order, and the token was never meant for an API. Look at `typ`.',
      failsAtFirst: 'it is some other kind of token, as an ID token is, and the API handed out',
    },
    {
      name: 'issuer',
      title: 'A token from another issuer is refused',
      file: 'checks/api.test.js',
      test: 'a token from another issuer is refused',
      hints: [
        'Whose word does this API take? It should say so, and compare `iss` with it.',
        'The issuer’s name is an address with its port: `https://auth.tally.example:8443`. For jose it is the option `issuer`.',
      ],
      explanation: 'The token names another issuer, and the API did not look.',
      failsAtFirst: 'This token says "iss": "https://auth.elsewhere.example", and the API handed out',
    },
    {
      name: 'audience',
      title: 'A token for another audience is refused',
      file: 'checks/api.test.js',
      test: 'a token for another audience is refused',
      hints: [
        'The same server issues tokens for other APIs. If they open this one, each of those APIs can read Ana’s ledger.',
        'This API is `https://api.tally.example:8443`. `aud` may be one name or a list with it; jose’s option `audience` knows both.',
      ],
      explanation: 'The token is addressed to somebody else, and the API used it all the same.',
      failsAtFirst: 'This token says "aud": "https://payroll.tally.example:8443", and the API handed out',
    },
    {
      name: 'expiry',
      title: 'A token past its time is refused',
      file: 'checks/api.test.js',
      test: 'a token past its time is refused',
      hints: [
        '`exp` is in seconds, a clock in JavaScript counts milliseconds. And what of a token that has no `exp`?',
        "jose looks at `exp` when there is one. `requiredClaims: ['exp']` insists on it.",
      ],
      explanation: 'A token that has ended, or one that never will, was taken.',
      failsAtFirst: 'This token ended an hour ago, and the API handed out',
    },
    {
      name: 'scope',
      title: 'A token without ledger:read is answered 403 insufficient_scope',
      file: 'checks/api.test.js',
      test: 'a token without ledger:read is answered 403',
      hints: [
        'This token is good. Ana just never allowed what it is used for.',
        '`scope` is one string with spaces in it: split it, then look for `ledger:read` as a whole word.',
        'Answer 403 with `WWW-Authenticate: Bearer error="insufficient_scope"`.',
      ],
      explanation:
        'Ana granted something else than her ledger. Say 403 `insufficient_scope`, not 401: a new token of the same kind would not help.',
      failsAtFirst: 'This token says "scope": "openid profile", and the API handed out',
    },
    {
      name: 'no-token',
      title: 'A request without a token is answered 401, and no error',
      file: 'checks/api.test.js',
      test: 'a request without a token is answered 401, and no error',
      hints: [
        'Nobody has done anything wrong yet: the caller may not have known that a token is needed.',
        'Before all else: if there is no `Authorization: Bearer …`, answer 401 with `WWW-Authenticate: Bearer realm="ledger"`, and no `error`.',
      ],
      explanation:
        'No token was shown, and the API calls it invalid. Look whether there is one before you judge it.',
      failsAtFirst: 'Nobody has shown a token yet, and the API says that it is wrong',
    },
  ],

  open: ['api.js', 'jwt.js', 'oauth-client.js'],
  editable: ['api.js', 'jwt.js', 'oauth-client.js'],
});
