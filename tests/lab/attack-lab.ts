import type { Lab } from '../../src/lesson/index.ts';

/**
 * A lab with all that a lesson about a hijack needs: keys made first, a browser, a learner who is Mallory, and the same
 * step in two worlds. Its programs are in `attack-files.ts`.
 */
export const attackLab = {
  kind: 'attack',
  hosts: [
    { name: 'app.tally.example', address: '10.9.0.1', role: 'client' },
    { name: 'mallory.example', address: '10.9.0.66', role: 'attacker' },
    { name: 'ana.example', address: '10.9.0.40', role: 'victim' },
  ],
  processes: [
    { name: 'pki', host: 'app.tally.example', script: 'pki', role: 'auth', description: 'Makes the key.' },
    { name: 'app', host: 'app.tally.example', script: 'app', role: 'client', description: 'Keeps a secret.' },
    {
      name: 'attacker',
      host: 'mallory.example',
      script: 'attacker',
      role: 'attacker',
      description: 'Mallory, as the learner writes her.',
    },
    {
      name: 'replay',
      host: 'mallory.example',
      script: 'replay',
      role: 'attacker',
      description: 'Mallory, with a token that she found.',
    },
  ],
  browsers: [
    {
      name: 'ana',
      host: 'ana.example',
      role: 'victim',
      trusts: 'certificates/tally-ca.pem',
      description: 'Ana’s browser.',
    },
  ],
  prepare: ['pki'],
  worlds: [
    { name: 'open', title: 'Open', files: 'lab', words: 'The app serves whoever has the token.' },
    { name: 'shut', title: 'Shut', files: 'fixes/shut', words: 'The app looks who is calling.' },
  ],
  steps: [
    {
      id: 'log-in',
      title: 'Ana logs in',
      servers: ['app'],
      run: [
        {
          browser: 'ana',
          does: [
            { open: 'https://app.tally.example:8443/login' },
            { fill: { Password: 'correct horse' }, press: 'Log in' },
          ],
        },
      ],
      expect: [{ process: 'ana', says: 'text: Welcome, Ana', words: 'Ana is in.' }],
    },
    {
      id: 'attack',
      title: 'Mallory waits for Ana',
      servers: ['app'],
      run: [
        { start: 'attacker' },
        { browser: 'ana', does: [{ open: 'https://app.tally.example:8443/notes' }] },
      ],
      expect: [
        { process: 'ana', says: 'title: Notes', words: 'Ana reads her notes.' },
        { process: 'attacker', never: 'token', words: 'Mallory gets nothing.' },
      ],
      solved: [{ process: 'attacker', says: 'token', words: 'Mallory has Ana’s token.' }],
    },
    {
      id: 'side-by-side',
      title: 'Replay the token in both worlds',
      servers: ['app'],
      run: ['replay'],
      worlds: ['open', 'shut'],
      expect: [
        { process: 'replay', world: 'open', says: 'status: 200', words: 'Open: Mallory reads the secret.' },
        { process: 'replay', world: 'shut', says: 'status: 401', words: 'Shut: she is refused.' },
      ],
    },
  ],
  exercise: {
    servers: ['app'],
    before: [
      { browser: 'ana', does: [{ open: 'https://app.tally.example:8443/login' }] },
      { start: 'attacker' },
    ],
    host: 'mallory.example',
    attack: 'attack',
    honest: 'log-in',
  },
  checks: [
    {
      name: 'has-token',
      title: 'Mallory has Ana’s token',
      file: 'checks/attacker.test.js',
      test: 'Mallory has the token',
      hints: ['Who has it?', 'Ask Ana.'],
      explanation: 'Nothing was taken.',
      failsAtFirst: 'nothing was taken',
    },
  ],
  open: ['attacker.js'],
  editable: ['attacker.js'],
} satisfies Lab as Lab;
