import { type BrowserScene, defineLab } from '../../src/lesson/lab.ts';

const tally = ['auth', 'api', 'app'];

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

/** And then her notes. */
const anaReadsHerNotes: BrowserScene = {
  browser: 'ana',
  does: [{ open: 'https://app.tally.example:8443/' }, { press: 'Your notes' }],
};

const entries = ['Bakery Rosa, bread for March: -84.20', 'Rent: -950.00', 'Invoice 17, paid: 2238.70'];

export default defineLab({
  kind: 'attack',

  hosts: [
    { name: 'auth.tally.example', address: '10.9.0.10', role: 'auth' },
    { name: 'app.tally.example', address: '10.9.0.20', role: 'client' },
    { name: 'api.tally.example', address: '10.9.0.30', role: 'server' },
    { name: 'ana.example', address: '10.9.0.40', role: 'victim' },
    { name: 'mallory.example', address: '10.9.0.66', role: 'attacker' },
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
      description: 'The authorization server of lesson 8.',
    },
    {
      name: 'api',
      host: 'api.tally.example',
      script: 'api',
      role: 'server',
      description: 'Ana’s ledger. Checks everything about a token that lesson 8 asks for.',
    },
    {
      name: 'app',
      host: 'app.tally.example',
      script: 'app',
      role: 'client',
      description: 'The web app that acts for Ana. It has four faults.',
    },
    {
      name: 'mallory',
      host: 'mallory.example',
      script: 'mallory',
      role: 'attacker',
      description: 'Mallory’s server. Takes whatever token is brought to it.',
    },
    {
      name: 'empty-handed',
      host: 'mallory.example',
      script: 'empty-handed',
      role: 'attacker',
      description: 'Mallory asks for the ledger with no token.',
    },
    {
      name: 'leave-note',
      host: 'mallory.example',
      script: 'leave-note',
      role: 'attacker',
      description: 'Mallory leaves Ana a note with a script in it.',
    },
    {
      name: 'replay',
      host: 'mallory.example',
      script: 'replay',
      role: 'attacker',
      description: 'Mallory waits for a token and uses it.',
    },
    {
      name: 'inject',
      host: 'mallory.example',
      script: 'inject',
      role: 'attacker',
      description: 'Mallory searches the help for SQL.',
    },
    {
      name: 'read-log',
      host: 'mallory.example',
      script: 'read-log',
      role: 'attacker',
      description: 'Mallory asks the app for its debug log.',
    },
    {
      name: 'attacker',
      host: 'mallory.example',
      script: 'attacker',
      role: 'attacker',
      description: 'You.',
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

  steps: [
    {
      id: 'honest-day',
      title: 'Let Ana read her ledger',
      servers: tally,
      run: [anaReadsHerLedger],
      open: 'app.js',
      expect: [
        {
          process: 'ana',
          says: [
            'page: 200 https://auth.tally.example:8443/',
            'page: 200 https://app.tally.example:8443/ledger',
          ],
          words: 'Ana types her password at the authorization server, and nowhere else.',
        },
        { process: 'ana', says: 'Balance: 1204.50', words: 'She sees her ledger.' },
        {
          process: 'ana',
          never: 'eyJhbGciOi',
          words: 'No token comes to her browser: each would begin with eyJhbGciOi, for {"alg": in base64url.',
        },
        {
          process: 'api',
          says: '200: /ledger of ana, through tally-app, from 10.9.0.20',
          words: 'The API was called by the app, with the token that Ana’s login gave it.',
        },
      ],
    },
    {
      id: 'empty-handed',
      title: 'Ask with no token',
      servers: tally,
      run: ['empty-handed'],
      open: 'mallory/tools.js',
      expect: [
        { process: 'empty-handed', says: 'GET /ledger: 401', words: 'The API sends Mallory away.' },
        {
          process: 'api',
          says: '401: no token, from 10.9.0.66',
          words: 'Its log says who came and why not.',
        },
      ],
    },
    {
      id: 'by-script',
      title: 'Leave Ana a note with a script in it',
      servers: [...tally, 'mallory'],
      run: ['leave-note', anaReadsHerLedger, anaReadsHerNotes, 'replay'],
      open: 'notes.js',
      expect: [
        { process: 'ana', says: 'The flour comes on Monday.', words: 'Ana sees a note about flour.' },
        {
          process: 'ana',
          says: [
            'request: GET https://app.tally.example:8443/session/token 200',
            'request: POST https://mallory.example:8443/loot 200',
          ],
          words: 'Her browser runs the note’s script: it asks the app for the token and takes it to Mallory.',
        },
        {
          process: 'mallory',
          says: 'loot: a token of ana’s, issued to tally-app',
          words: 'The token is with Mallory.',
        },
        {
          process: 'replay',
          says: ['GET /ledger: 200', ...entries],
          words: 'She uses it from her own machine and reads Ana’s ledger.',
        },
      ],
    },
    {
      id: 'by-injection',
      title: 'Search the help for SQL',
      servers: tally,
      run: [anaReadsHerLedger, 'inject'],
      open: 'database.js',
      expect: [
        {
          process: 'inject',
          says: 'GET /search: 200, with a token in it',
          words: 'The list of help pages holds a row of another table.',
        },
        {
          process: 'inject',
          says: ['GET /ledger: 200', ...entries],
          words: 'Mallory reads Ana’s ledger, and Ana had no part in it.',
        },
      ],
    },
    {
      id: 'by-log',
      title: 'Ask for the debug log',
      servers: tally,
      run: [anaReadsHerLedger, 'read-log'],
      open: 'log.js',
      expect: [
        {
          process: 'read-log',
          says: 'GET /static/debug.log: 200, with a token in it',
          words: 'The log holds the header of the app’s last request.',
        },
        { process: 'read-log', says: ['GET /ledger: 200', ...entries], words: 'Mallory reads Ana’s ledger.' },
        {
          process: 'api',
          says: [
            '200: /ledger of ana, through tally-app, from 10.9.0.20',
            '200: /ledger of ana, through tally-app, from 10.9.0.66',
          ],
          words: 'In the API’s log the two readings differ in nothing but the address.',
        },
        { process: 'api', never: '401', words: 'Nothing was refused, so no alarm rings.' },
      ],
    },
    {
      id: 'your-attack',
      title: 'Run your attacker',
      servers: tally,
      run: [anaReadsHerLedger, { start: 'attacker' }, anaReadsHerNotes],
      open: 'attacker.js',
      expect: [
        { process: 'api', says: 'from 10.9.0.20', words: 'Ana reads her ledger.' },
        { process: 'api', never: 'from 10.9.0.66', words: 'The API hears nothing from your machine.' },
        { process: 'attacker', exit: 0, words: 'Your program ends without an error.' },
      ],
      solved: [
        {
          process: 'api',
          says: '200: /ledger of ana, through tally-app, from 10.9.0.66',
          words: 'The API serves you Ana’s ledger.',
        },
        { process: 'attacker', says: '2238.70', words: 'Your program prints what is in it.' },
      ],
    },
  ],

  exercise: {
    servers: tally,
    before: [anaReadsHerLedger, { start: 'attacker' }, anaReadsHerNotes],
    host: 'ana.example',
    attack: 'your-attack',
    honest: 'honest-day',
  },

  checks: [
    {
      name: 'ledger-read',
      title: 'Ana’s ledger has been read from Mallory’s machine',
      file: 'checks/attacker.test.js',
      test: "Ana's ledger has been read from Mallory's machine",
      hints: [
        'The API wants a token and nothing else. Where in this lab does one lie about? You have seen three places.',
        'The search and the log need nobody’s help: one request to the app, and the token is in the answer. `mallory/inject.js` and `mallory/read-log.js` do it.',
        'Take the token out of the answer with a regular expression, give it to `readLedger` of `./mallory/tools.js`, or send it yourself in the header `authorization`.',
      ],
      explanation:
        'The API has not given Ana’s ledger to 10.9.0.66. Run the step "Run your attacker" and read what your program prints and what the API logs.',
      failsAtFirst: "Only the app has read Ana's ledger",
    },
    {
      name: 'without-password',
      title: 'The token was the one of Ana’s own session',
      file: 'checks/attacker.test.js',
      test: "the token was the one of Ana's own session",
      hints: [
        'Nobody has to log in: Ana has done so already, and the app keeps what came of it.',
        'The app’s table `sessions` has a column `access_token`. Only Ana is logged in while your program runs: use the token that you find there.',
      ],
      explanation:
        'Each token has a number of its own, `jti`. The one you used is not the one the app got when Ana logged in.',
      failsAtFirst: 'No token of Ana’s was used from Mallory’s machine',
    },
    {
      name: 'ana-unharmed',
      title: 'Ana reads her ledger as before',
      file: 'checks/attacker.test.js',
      test: 'Ana reads her ledger as before',
      hints: [
        'A theft that is noticed ends early. What does your program change?',
        'Reading is enough: `UNION SELECT` adds rows to an answer and leaves the table alone.',
      ],
      explanation: 'The app could not show Ana her ledger after your program ran.',
    },
  ],

  open: ['attacker.js', 'app.js', 'database.js'],
  editable: ['attacker.js'],
  files: { create: true },
});
