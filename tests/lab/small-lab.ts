import { defineLab } from '../../src/lesson/index.ts';

/** The smallest lab that has everything: a server, an honest caller, an attacker, one check. */
export const smallLab = defineLab({
  kind: 'defend',
  hosts: [
    { name: 'api.tally.example', address: '10.0.0.1', role: 'server' },
    { name: 'app.tally.example', address: '10.0.0.2', role: 'client' },
  ],
  processes: [
    { name: 'server', host: 'api.tally.example', script: 'server', role: 'server', description: 'Answers.' },
    { name: 'client', host: 'app.tally.example', script: 'client', role: 'client', description: 'Asks.' },
    {
      name: 'mallory',
      host: 'app.tally.example',
      script: 'mallory',
      role: 'attacker',
      description: 'Steals.',
    },
  ],
  steps: [
    {
      id: 'ask',
      title: 'Ask',
      servers: ['server'],
      run: ['client'],
      expect: [
        { process: 'client', says: ['hello', 'answer: 42'], words: 'The client gets its answer.' },
        { process: 'server', says: 'served', words: 'The server says that it served.' },
      ],
    },
    {
      id: 'steal',
      title: 'Steal',
      servers: ['server'],
      run: ['mallory'],
      expect: [{ process: 'mallory', says: 'answer: 42', words: 'Mallory gets the answer.' }],
      solved: [
        { process: 'mallory', never: 'answer', words: 'Mallory gets nothing.' },
        { process: 'server', says: 'refused', words: 'The server says that it refused.' },
      ],
    },
  ],
  exercise: { servers: ['server'], host: 'app.tally.example', attack: 'steal', honest: 'ask' },
  checks: [
    {
      name: 'shut-out',
      title: 'Mallory gets nothing',
      file: 'checks/server.test.js',
      test: 'mallory gets nothing',
      hints: ['Who is asking?', 'Refuse Mallory.'],
      explanation: 'Mallory was served.',
      failsAtFirst: 'was served',
    },
    {
      name: 'served',
      title: 'The client gets its answer',
      file: 'checks/server.test.js',
      test: 'the client gets its answer',
      hints: ['Who is asking?', 'Serve the client.'],
      explanation: 'The client was not served.',
    },
  ],
  open: ['server.js'],
  editable: ['server.js'],
});
