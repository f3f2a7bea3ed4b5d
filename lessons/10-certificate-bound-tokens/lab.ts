import { type BrowserScene, defineLab, type Expectation } from '../../src/lesson/lab.ts';

const tally = ['auth', 'api', 'app'];
const bound = ['bound'];

/** Ana logs in and reads her ledger. */
const anaReadsHerLedger: BrowserScene = {
  browser: 'ana',
  does: [
    { open: 'https://app.tally.example:8443/' },
    { press: 'Log in' },
    { fill: { Name: 'ana', Password: 'correct horse' }, press: 'Log in and allow' },
    { press: 'Your ledger' },
  ],
};

const served = ['GET /ledger: 200', 'Rent: -950.00'];
const refused = 'GET /ledger: 401 Bearer error="invalid_token"';

/** Nothing of Ana's ledger is printed by this program of Mallory's. */
const nothingFor = (process: string, words: string): Expectation => ({ process, never: 'Rent:', words });

export default defineLab({
  kind: 'defend',

  hosts: [
    { name: 'auth.tally.example', address: '10.10.0.10', role: 'auth' },
    { name: 'app.tally.example', address: '10.10.0.20', role: 'client' },
    { name: 'api.tally.example', address: '10.10.0.30', role: 'server' },
    { name: 'ana.example', address: '10.10.0.40', role: 'victim' },
    { name: 'mallory.example', address: '10.10.0.66', role: 'attacker' },
  ],

  processes: [
    {
      name: 'pki',
      host: 'auth.tally.example',
      script: 'pki',
      role: 'auth',
      description: 'Tally CA. Makes the keys and certificates of this lab.',
    },
    {
      name: 'auth',
      host: 'auth.tally.example',
      script: 'auth',
      role: 'auth',
      description: 'The authorization server. Clients with a certificate come to port 8444.',
    },
    {
      name: 'api',
      host: 'api.tally.example',
      script: 'api',
      role: 'server',
      description: 'Ana’s ledger. Asks every caller for a certificate, and lets all of them shake hands.',
    },
    {
      name: 'strict-api',
      host: 'api.tally.example',
      script: 'strict-api',
      role: 'server',
      description: 'A variant: the same API, which hangs up on callers without a certificate from Tally CA.',
    },
    {
      name: 'app',
      host: 'app.tally.example',
      script: 'app',
      role: 'client',
      description:
        'The web app that acts for Ana, with a certificate of its own. Its faults are those of lesson 9.',
    },
    {
      name: 'replay',
      host: 'mallory.example',
      script: 'replay',
      role: 'attacker',
      description:
        'Mallory replays the stolen token: with no certificate, then with her own, which Tally CA has issued.',
    },
    {
      name: 'ground-certificate',
      host: 'mallory.example',
      script: 'ground-certificate',
      role: 'attacker',
      description: 'Mallory makes certificates until the thumbprint of one begins like the app’s.',
    },
    {
      name: 'phone-token',
      host: 'ana.example',
      script: 'phone-token',
      role: 'attacker',
      description: 'An app of Mallory’s on Ana’s phone, with a token that was never bound.',
    },
    {
      name: 'wrong-key',
      host: 'mallory.example',
      script: 'wrong-key',
      role: 'attacker',
      description: 'Mallory shows the app’s certificate and has another key.',
    },
    {
      name: 'forged-key',
      host: 'mallory.example',
      script: 'forged-key',
      role: 'attacker',
      description: 'Mallory shows the app’s certificate and has a key made to look like the app’s.',
    },
    {
      name: 'changed-token',
      host: 'mallory.example',
      script: 'changed-token',
      role: 'attacker',
      description: 'Mallory takes the cnf out of the token, then puts her own in.',
    },
    {
      name: 'stolen-cookie',
      host: 'mallory.example',
      script: 'stolen-cookie',
      role: 'attacker',
      description: 'Mallory leaves the token alone and uses Ana’s cookie.',
    },
  ],

  browsers: [
    {
      name: 'ana',
      host: 'ana.example',
      role: 'victim',
      trusts: 'certificates/tally-ca.pem',
      description: 'Ana, at her browser.',
    },
  ],

  prepare: ['pki'],

  worlds: [
    {
      name: 'unbound',
      title: 'Unbound',
      files: 'lab',
      words: 'The token is a bearer token, as in lesson 9.',
    },
    {
      name: 'bound',
      title: 'Bound',
      files: 'solution',
      words: 'The authorization server writes cnf into the token, and the API compares it.',
    },
  ],

  steps: [
    {
      id: 'side-by-side',
      title: 'Steal and replay in both worlds',
      worlds: ['unbound', 'bound'],
      comesTo: [
        { world: 'unbound', words: 'Mallory reads the ledger.', ribbon: 'cut' },
        { world: 'bound', words: 'Refused: 401.', ribbon: 'tied' },
      ],
      servers: tally,
      run: [anaReadsHerLedger, 'replay'],
      open: 'mallory/replay.js',
      timeLimit: 60_000,
      expect: [
        {
          world: 'unbound',
          process: 'ana',
          says: 'Balance: 1204.50',
          words: 'Ana reads her ledger through the app.',
        },
        { world: 'bound', process: 'ana', says: 'Balance: 1204.50', words: 'So she does here.' },
        {
          world: 'unbound',
          process: 'replay',
          says: ['in the token: no cnf', 'with no certificate', ...served],
          words: 'Mallory replays the token with no certificate, and reads the ledger.',
        },
        {
          world: 'bound',
          process: 'replay',
          says: ['in the token: cnf {"x5t#S256":', 'with no certificate', refused],
          words: 'The token names a certificate; Mallory shows none: 401, invalid_token.',
        },
        {
          world: 'bound',
          process: 'api',
          says: '401: no certificate came with the token',
          words: 'The API’s log says why.',
        },
        {
          world: 'unbound',
          process: 'replay',
          says: ['with her own certificate', ...served],
          words: 'With her own certificate she reads it just as well.',
        },
        {
          world: 'bound',
          process: 'replay',
          says: ['with her own certificate', refused],
          words: 'Her own certificate is valid, and it is the wrong one: 401, invalid_token.',
        },
        {
          world: 'bound',
          process: 'api',
          says: ', not to ',
          words: 'The log shows both thumbprints.',
        },
        { world: 'bound', process: 'replay', never: 'Rent:', words: 'Nothing of the ledger is read.' },
      ],
    },
    {
      id: 'copied-certificate',
      title: 'Show the app’s certificate, without its key',
      worlds: bound,
      servers: tally,
      run: [anaReadsHerLedger, 'wrong-key', 'forged-key'],
      open: 'mallory/forged-key.js',
      expect: [
        { world: 'bound', process: 'ana', says: 'Balance: 1204.50', words: 'Ana reads her ledger.' },
        {
          world: 'bound',
          process: 'wrong-key',
          says: 'no answer: ERR_OSSL_X509_KEY_VALUES_MISMATCH',
          words: 'Mallory’s own Node.js will not use a certificate with a key that does not fit.',
        },
        {
          world: 'bound',
          process: 'forged-key',
          says: 'no answer: ERR_SSL_TLSV1_ALERT_DECRYPT_ERROR',
          words: 'With a forged key it is fooled; the API ends the handshake with the alert decrypt_error.',
        },
        {
          world: 'bound',
          process: 'api',
          never: '10.10.0.66',
          words: 'The API has read no request of Mallory’s.',
        },
      ],
    },
    {
      id: 'changed-token',
      title: 'Change what the token is bound to',
      worlds: bound,
      servers: tally,
      run: [anaReadsHerLedger, 'changed-token'],
      open: 'mallory/changed-token.js',
      expect: [
        { world: 'bound', process: 'ana', says: 'Balance: 1204.50', words: 'Ana reads her ledger.' },
        {
          world: 'bound',
          process: 'changed-token',
          says: ['with no cnf', refused, 'with her own cnf', refused],
          words: 'Both changed tokens are refused: 401, invalid_token.',
        },
        {
          world: 'bound',
          process: 'api',
          says: ['401: signature verification failed', '401: signature verification failed'],
          words: 'Not because of the binding: the signature does not fit any more.',
        },
      ],
    },
    {
      id: 'strict-api',
      title: 'A variant: an API that hangs up on strangers',
      worlds: bound,
      servers: ['auth', 'strict-api', 'app'],
      run: [anaReadsHerLedger, 'replay'],
      open: 'api.js',
      expect: [
        { world: 'bound', process: 'ana', says: 'Balance: 1204.50', words: 'Ana reads her ledger.' },
        {
          world: 'bound',
          process: 'replay',
          says: ['with no certificate', 'no answer: ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED'],
          words: 'Without a certificate there is no answer, not even a 401: the handshake is refused.',
        },
        {
          world: 'bound',
          process: 'replay',
          says: ['with her own certificate', refused],
          words: 'Mallory’s own certificate passes the handshake. Only the binding stops it.',
        },
      ],
    },
    {
      id: 'stolen-cookie',
      title: 'Use the cookie instead',
      worlds: bound,
      servers: tally,
      run: [anaReadsHerLedger, 'stolen-cookie'],
      open: 'mallory/stolen-cookie.js',
      expect: [
        { world: 'bound', process: 'ana', says: 'Balance: 1204.50', words: 'Ana reads her ledger.' },
        {
          world: 'bound',
          process: 'stolen-cookie',
          says: ['the app answers 200', 'Rent: -950.00', 'Balance: 1204.50'],
          words: 'With Ana’s cookie, the app shows Mallory Ana’s ledger.',
        },
        {
          world: 'bound',
          process: 'api',
          says: [
            '200: /ledger of ana, through tally-app, from 10.10.0.20',
            '200: /ledger of ana, through tally-app, from 10.10.0.20',
          ],
          words: 'The API saw the app twice, with the app’s own token, certificate and key.',
        },
      ],
    },
    {
      id: 'your-app',
      title: 'Let Ana read her ledger',
      servers: tally,
      run: [anaReadsHerLedger],
      open: 'auth.js',
      expect: [
        { process: 'ana', says: 'Balance: 1204.50', words: 'Ana reads her ledger through the app.' },
        {
          process: 'api',
          says: '200: /ledger of ana, through tally-app, from 10.10.0.20',
          words: 'The API serves the app.',
        },
      ],
    },
    {
      id: 'your-hijack',
      title: 'Let Mallory try',
      servers: tally,
      run: [anaReadsHerLedger, 'replay', 'ground-certificate', 'phone-token'],
      shows: 'attack',
      open: 'api.js',
      expect: [
        {
          process: 'replay',
          says: ['with no certificate', ...served],
          words: 'With no certificate she reads the ledger.',
        },
        {
          process: 'replay',
          says: ['with her own certificate', ...served],
          words: 'With her own certificate she reads it.',
        },
        { process: 'ground-certificate', says: served, words: 'With one that she has made she reads it.' },
        { process: 'phone-token', says: served, words: 'With the phone’s token she reads it, too.' },
      ],
      solved: [
        { process: 'ana', says: 'Balance: 1204.50', words: 'Ana reads her ledger.' },
        nothingFor('replay', 'With no certificate, and with her own valid one, Mallory reads nothing.'),
        nothingFor(
          'ground-certificate',
          'With one whose thumbprint begins like the app’s she reads nothing.',
        ),
        nothingFor('phone-token', 'With a token that was never bound she reads nothing.'),
      ],
    },
  ],

  exercise: {
    servers: tally,
    host: 'ana.example',
    attack: 'your-hijack',
    honest: 'your-app',
    refusal: [
      {
        process: 'replay',
        says: ['with no certificate', refused, 'with her own certificate', refused],
        words: 'No certificate, and another certificate: 401, invalid_token.',
      },
      { process: 'ground-certificate', says: refused, words: 'A similar one: 401, invalid_token.' },
      { process: 'phone-token', says: refused, words: 'An unbound token: 401, invalid_token.' },
    ],
  },

  checks: [
    {
      name: 'app-works',
      title: 'Ana still reads her ledger through the app',
      file: 'checks/binding.test.js',
      test: 'Ana still reads her ledger through the app',
      hints: [
        'A check that refuses everybody stops Mallory, too. What does the app hold that she does not?',
        'Both sides must hash the same bytes in the same way: `raw` of the leaf certificate, SHA-256, base64url.',
        'Print both values in `api.js`, the one in the token and the one you computed, and see how they differ.',
      ],
      explanation:
        'The app shows the certificate that it showed to the authorization server. If the two thumbprints differ, they were made of different bytes, or written in different ways.',
    },
    {
      name: 'token-bound',
      title: 'The token names the app’s certificate',
      file: 'checks/binding.test.js',
      test: "the token names the app's certificate",
      hints: [
        'On port 8444 the app has shown a certificate and proved that it holds the key. Who remembers that?',
        'In `auth.js`, `accessToken` is given the connection. Ask it with `getPeerCertificate()`; what you need is `raw`.',
        '`const cnf = raw && { "x5t#S256": sha256(raw) }`, then put `...(cnf && { cnf })` beside `scope`.',
      ],
      explanation:
        'RFC 8705 §3.1: the claim `cnf` holds an object with the member `x5t#S256`, the base64url-encoded SHA-256 of the certificate’s DER encoding.',
      failsAtFirst: 'The token names no certificate',
    },
    {
      name: 'no-certificate-refused',
      title: 'Without a certificate, the token is worth nothing',
      file: 'checks/binding.test.js',
      test: 'without a certificate, the token is worth nothing',
      hints: [
        'The API knows the token, and nothing of who has sent it. What else does it have?',
        'In `api.js`, `request.socket.getPeerCertificate()` is the certificate of this connection. It is an empty object when none was shown.',
        'Throw a `Refusal(401, …, \'Bearer error="invalid_token"\')` when `raw` is undefined.',
      ],
      explanation:
        'The API answered a connection that showed no certificate. `requestCert` only asks; somebody must look at the answer.',
      failsAtFirst: 'Mallory showed no certificate, and the API let her in.',
    },
    {
      name: 'own-certificate-refused',
      title: 'With Mallory’s own valid certificate, too',
      file: 'checks/binding.test.js',
      test: "with Mallory's own valid certificate, too",
      hints: [
        'Mallory is a registered client with a certificate from Tally CA. Being known is not enough.',
        'The question is not whether the certificate is good. It is whether it is the one in the token.',
        'Compare `createHash("sha256").update(raw).digest("base64url")` with `cnf["x5t#S256"]`. `raw` is of the leaf, not of its issuer, which the two have in common.',
      ],
      explanation:
        'A certificate that is valid but is not the one in the token was let in. Either nothing is compared, or something that all clients have in common.',
      failsAtFirst:
        "Mallory's certificate is valid, and the API let her in: which certificate did you compare?",
    },
    {
      name: 'similar-refused',
      title: 'And with one whose thumbprint begins like it',
      file: 'checks/binding.test.js',
      test: 'and with one whose thumbprint begins like it',
      hints: [
        'How many certificates must Mallory make until one matches as much as you compare?',
        'Compare the whole thumbprint, with `===`.',
      ],
      explanation:
        'Every character that you compare makes the search up to 64 times as long. There are 43: compare all of them.',
      failsAtFirst: 'Mallory made certificates until the thumbprint began with the right character',
    },
    {
      name: 'unbound-refused',
      title: 'A token that is bound to nothing is refused',
      file: 'checks/binding.test.js',
      test: 'a token that is bound to nothing is refused',
      hints: [
        'Tally’s phone app has no certificate. Its tokens are in order, and whoever finds one can use it.',
        'What does your comparison do when there is no `cnf`?',
        'Refuse when `cnf?.["x5t#S256"]` is undefined, before you compare. And mind that `undefined === undefined`.',
      ],
      explanation:
        'The API let in a token without `cnf`. Then every way to get such a token is a way around the binding.',
      failsAtFirst: 'The phone’s token names no certificate, and the API let it in.',
    },
    {
      name: 'same-refusal',
      title: 'Each of these refusals looks the same: 401, invalid_token',
      file: 'checks/binding.test.js',
      test: 'each of these refusals looks the same: 401, invalid_token',
      hints: [
        'A refusal is an answer with a status and a challenge, as for every other fault of a token.',
        'RFC 8705 §3: status 401 and the error code `invalid_token`. `Refusal` takes both, and before the second the reason, for the log.',
      ],
      explanation:
        'Why a token was refused belongs in your log. The caller learns that it is not accepted here, and no more.',
      failsAtFirst: 'To no certificate the API answers 200',
    },
  ],

  onPath: true,
  open: ['api.js', 'mallory/replay.js'],
  editable: ['auth.js', 'api.js'],
});
