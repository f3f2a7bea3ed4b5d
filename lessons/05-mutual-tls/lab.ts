import { defineLab } from '../../src/lesson/lab.ts';

export default defineLab({
  kind: 'defend',

  hosts: [
    { name: 'ledger.tally.example', address: '10.5.0.10', role: 'server' },
    { name: 'app.tally.example', address: '10.5.0.20', role: 'client' },
    { name: 'report.tally.example', address: '10.5.0.21', role: 'client' },
    { name: 'mallory.example', address: '10.5.0.66', role: 'attacker' },
  ],

  processes: [
    {
      name: 'server',
      host: 'ledger.tally.example',
      script: 'server',
      role: 'server',
      description: 'The ledger. Serves only callers with a certificate from Tally CA.',
    },
    {
      name: 'lax-server',
      host: 'ledger.tally.example',
      script: 'lax-server',
      role: 'server',
      description: 'The ledger again, on the same port. Asks for a certificate and never looks.',
    },
    {
      name: 'client',
      host: 'app.tally.example',
      script: 'client',
      role: 'client',
      description: 'The app, with the certificate and key that Tally CA gave it.',
    },
    {
      name: 'report',
      host: 'report.tally.example',
      script: 'report',
      role: 'client',
      description: 'Another service of Tally’s, with a certificate of its own.',
    },
    {
      name: 'no-certificate',
      host: 'mallory.example',
      script: 'no-certificate',
      role: 'attacker',
      description: 'Mallory, with no certificate.',
    },
    {
      name: 'foreign-certificate',
      host: 'mallory.example',
      script: 'foreign-certificate',
      role: 'attacker',
      description: 'Mallory, with a certificate from her own authority. It bears the app’s name.',
    },
    {
      name: 'wrong-key',
      host: 'mallory.example',
      script: 'wrong-key',
      role: 'attacker',
      description: 'Mallory, with the app’s certificate and a key of her own.',
    },
    {
      name: 'forged-key',
      host: 'mallory.example',
      script: 'forged-key',
      role: 'attacker',
      description: 'Mallory, with the app’s certificate and a key made to look like the app’s.',
    },
  ],

  steps: [
    {
      id: 'right-certificate',
      title: 'Call with the app’s certificate',
      servers: ['server'],
      run: ['client'],
      open: 'client.js',
      expect: [
        {
          process: 'client',
          says: ['secureConnect', 'protocol: TLSv1.3', 'authorized: true'],
          words: 'The client accepts the server’s certificate, over TLS 1.3.',
        },
        {
          process: 'server',
          says: 'serving: app.tally.example, TLSv1.3, authorized: true',
          words: 'The server knows who is calling, and accepts the client’s certificate.',
        },
        {
          process: 'client',
          says: ['received: Balance: 1204.50', 'end'],
          words: 'The app gets its balance.',
        },
        { process: 'client', exit: 0, words: 'The client ends well.' },
      ],
    },
    {
      id: 'no-certificate',
      title: 'Call without a certificate',
      servers: ['server'],
      run: ['no-certificate'],
      open: 'mallory/no-certificate.js',
      expect: [
        {
          process: 'no-certificate',
          says: ['secureConnect', 'error: ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED'],
          words: 'Mallory sees secureConnect first, and only then the alert certificate_required.',
        },
        {
          process: 'server',
          says: 'tlsClientError: ERR_SSL_PEER_DID_NOT_RETURN_A_CERTIFICATE',
          words: 'The server says what it missed.',
        },
        { process: 'no-certificate', never: 'received:', words: 'Mallory receives nothing.' },
        { process: 'server', never: 'serving:', words: 'The server’s secureConnection handler never runs.' },
      ],
    },
    {
      id: 'foreign-certificate',
      title: 'Call with a certificate from another authority',
      servers: ['server'],
      run: ['foreign-certificate'],
      open: 'mallory/foreign-certificate.js',
      expect: [
        {
          process: 'foreign-certificate',
          says: ['secureConnect', 'end'],
          words: 'Mallory sees secureConnect, then the end of the connection.',
        },
        { process: 'foreign-certificate', never: 'error:', words: 'No alert tells her why.' },
        {
          process: 'server',
          says: ['tlsClientError: ECONNRESET', 'authorizationError: UNABLE_TO_VERIFY_LEAF_SIGNATURE'],
          words: 'The server knows why: no authority that it trusts has signed this certificate.',
        },
        { process: 'foreign-certificate', never: 'received:', words: 'Mallory receives nothing.' },
      ],
    },
    {
      id: 'wrong-key',
      title: 'Use the app’s certificate with another key',
      servers: ['server'],
      run: ['wrong-key'],
      open: 'mallory/wrong-key.js',
      expect: [
        {
          process: 'wrong-key',
          says: 'nothing was sent: ERR_OSSL_X509_KEY_VALUES_MISMATCH',
          words: 'Mallory’s own Node.js refuses the pair before it connects.',
        },
        { process: 'server', never: 'tlsClientError', words: 'The server hears nothing of it.' },
      ],
    },
    {
      id: 'forged-key',
      title: 'Use it with a forged key',
      servers: ['server'],
      run: ['forged-key'],
      open: 'mallory/forged-key.js',
      expect: [
        {
          process: 'forged-key',
          says: ['secureConnect', 'error: ERR_SSL_TLSV1_ALERT_DECRYPT_ERROR'],
          words: 'Mallory’s Node.js is fooled; the server answers with the alert decrypt_error.',
        },
        {
          process: 'server',
          says: 'tlsClientError: ERR_SSL_PROVIDER_SIGNATURE_FAILURE',
          words: 'The server finds that the signature does not fit the certificate.',
        },
        { process: 'forged-key', never: 'received:', words: 'Mallory receives nothing.' },
      ],
    },
    {
      id: 'lax-app',
      title: 'Let the app call the lax server',
      servers: ['lax-server'],
      run: ['client'],
      open: 'lax-server.js',
      expect: [
        { process: 'client', says: 'received: Balance: 1204.50', words: 'The app gets its balance.' },
        { process: 'client', exit: 0, words: 'The client ends well.' },
      ],
    },
    {
      id: 'lax-no-certificate',
      title: 'Call it without a certificate',
      servers: ['lax-server'],
      run: ['no-certificate'],
      shows: 'attack',
      open: 'lax-server.js',
      expect: [
        {
          process: 'no-certificate',
          says: 'received: Balance: 1204.50',
          words: 'Mallory shows nothing and reads the balance.',
        },
        {
          process: 'lax-server',
          says: 'serving: somebody',
          words: 'The server does not even know whom it serves.',
        },
      ],
      solved: [
        { process: 'no-certificate', says: 'secureConnect', words: 'Mallory reaches the server.' },
        { process: 'no-certificate', never: 'received:', words: 'She receives nothing.' },
      ],
    },
    {
      id: 'lax-foreign-certificate',
      title: 'Call it with a certificate from another authority',
      servers: ['lax-server'],
      run: ['foreign-certificate'],
      shows: 'attack',
      open: 'lax-server.js',
      expect: [
        {
          process: 'foreign-certificate',
          says: 'received: Balance: 1204.50',
          words: 'Mallory shows a certificate that she wrote herself, and reads the balance.',
        },
        {
          process: 'lax-server',
          says: 'serving: app.tally.example',
          words: 'The server’s log says that it served the app.',
        },
      ],
      solved: [
        {
          process: 'foreign-certificate',
          says: ['secureConnect', 'end'],
          words: 'Mallory reaches the server.',
        },
        { process: 'foreign-certificate', never: 'received:', words: 'She receives nothing.' },
      ],
    },
    {
      id: 'another-service',
      title: 'Let another service call the strict server',
      servers: ['server'],
      run: ['report'],
      open: 'report.js',
      expect: [
        {
          process: 'server',
          says: 'serving: report.tally.example, TLSv1.3, authorized: true',
          words: 'The server knows that this is the report service, and calls it authorized.',
        },
        {
          process: 'report',
          says: 'received: Balance: 1204.50',
          words: 'The report service reads the app’s balance.',
        },
      ],
    },
  ],

  exercise: {
    servers: ['lax-server'],
    host: 'app.tally.example',
    attack: 'lax-foreign-certificate',
    honest: 'lax-app',
    refusal: [
      {
        process: 'lax-server',
        says: ['tlsClientError: ECONNRESET', 'authorizationError: UNABLE_TO_VERIFY_LEAF_SIGNATURE'],
        words: 'The handshake itself is refused, because no trusted authority has signed the certificate.',
      },
    ],
  },

  checks: [
    {
      name: 'app-served',
      title: 'The app still gets its balance',
      file: 'checks/lax-server.test.js',
      test: 'the app still gets its balance',
      hints: [
        'A server that refuses everybody is safe and useless. Whom does this one still trust?',
        'The option `ca` names the authorities whose word counts. Leave it as it was.',
      ],
      explanation:
        'The honest caller was turned away, or the server did not start. Look at the console of lax-server, and whether `ca` still names Tally CA.',
    },
    {
      name: 'stranger-refused',
      title: 'A caller without a certificate gets nothing',
      file: 'checks/lax-server.test.js',
      test: 'a caller without a certificate gets nothing',
      hints: [
        'The server asks, and an answer comes, even if it is an empty one. Who in this file looks at it?',
        'Compare the options with those in server.js: one of them differs.',
        'Set `rejectUnauthorized: true`. Or, if some callers must be let in without a certificate, keep it false and begin the handler with `if (!socket.authorized) { socket.destroy(); return; }`',
      ],
      explanation:
        'The server answered a caller who showed nothing. `requestCert` only asks: somebody has to insist.',
      failsAtFirst: 'Mallory showed no certificate at all, and was told the balance.',
    },
    {
      name: 'foreign-refused',
      title: 'A certificate from Mallory’s own authority gets nothing',
      file: 'checks/lax-server.test.js',
      test: "a certificate from Mallory's own authority gets nothing",
      hints: [
        'Anyone can make a certificate. What makes one worth something?',
        'The names in a certificate are chosen by whoever wrote it. Ask Node whether an authority in `ca` signed it.',
        'Node has judged the certificate already: `socket.authorized` holds the verdict. Act on it before anything is written; `rejectUnauthorized: true` does that for you.',
      ],
      explanation:
        'The server answered a caller whose certificate no trusted authority has signed. Being present and bearing the right name is not enough.',
      failsAtFirst: 'Mallory wrote her certificate herself, and was told the balance.',
    },
  ],

  onPath: true,
  open: ['client.js', 'server.js', 'lax-server.js'],
  editable: ['client.js', 'server.js', 'lax-server.js'],
  files: { create: true, delete: true },
});
