// Sessions: what client and server are told of them, what is resumed and what is not.
// `node sessions.cjs TLSv1.3` or `TLSv1.2`.
const https = require('node:https');
const { tls, pki, server, client, ca, listen, done } = require('./scenario.cjs');

const version = process.argv[2];
const both = { minVersion: version, maxVersion: version, ecdhCurve: 'X25519:P-256' };
const KEYS = Buffer.from(Array.from({ length: 48 }, (_, index) => index));

function startServer(options, say, listeners = {}) {
  const listener = tls.createServer(
    { ...server, ...both, sessionIdContext: 'test', ...options },
    (socket) => {
      const { subject } = socket.getPeerCertificate();
      say(
        `S secure reused=${socket.isSessionReused()} authorized=${socket.authorized} ${socket.authorizationError} peer=${subject?.CN} name=${socket.servername} alpn=${socket.alpnProtocol} sigalgs=${socket.getSharedSigalgs().length > 0}`,
      );
      say(`S x509 ${socket.getPeerX509Certificate()?.subject.replaceAll('\n', ',')}`);
      say(`S session ${describe(socket.getSession())} ticket ${describe(socket.getTLSTicket())}`);
      socket.on('error', (error) => say(`S error ${error.code}`));
      socket.end('hi');
    },
  );
  listener.on('tlsClientError', (error) => say(`S tlsClientError ${error.code}`));
  for (const [event, handler] of Object.entries(listeners)) listener.on(event, handler);
  return listener;
}

const describe = (value) =>
  Buffer.isBuffer(value) ? (value.length > 0 ? 'some bytes' : 'no bytes') : String(value);

/** One connection; gives the sessions that came and what the client said. */
function connect(port, options, say) {
  return new Promise((resolve) => {
    const sessions = [];
    const socket = tls.connect({ port, host: '127.0.0.1', servername: 'localhost', ca, ...both, ...options });
    socket.on('session', (session) => {
      sessions.push(session);
      say(`C session ${describe(session)} secured=${!socket.secureConnecting}`);
    });
    socket.on('secureConnect', () => {
      const key = socket.getEphemeralKeyInfo();
      say(
        `C secure ${socket.getProtocol()} reused=${socket.isSessionReused()} authorized=${socket.authorized} ${JSON.stringify(key)} ${socket.getCipher().name} peer=${socket.getPeerCertificate().subject?.CN} chain=${socket.getPeerCertificate(true).issuerCertificate?.subject.CN} alpn=${socket.alpnProtocol}`,
      );
      say(`C x509 ${socket.getPeerX509Certificate()?.subject.replaceAll('\n', ',')}`);
      say(`C has session ${describe(socket.getSession())} ticket ${describe(socket.getTLSTicket())}`);
      if (options.whenSecure) options.whenSecure(socket);
    });
    socket.on('data', (data) => say(`C data ${data}`));
    socket.on('error', (error) => say(`C error ${error.code}`));
    socket.on('close', () => {
      say('C close');
      resolve(sessions);
    });
    socket.on('end', () => socket.end());
  });
}

async function story(name, { server: serverOptions = {}, listeners, first = {}, second = {}, between } = {}) {
  const said = { S: [], C: [] };
  const say = (line) => said[line[0]].push(line);
  const listener = startServer(serverOptions, say, listeners?.(say));
  const port = await listen(listener);
  const told = (title) => {
    for (const side of ['C', 'S']) {
      for (const line of said[side]) console.log(`[${name}, ${title}] ${line}`);
      said[side].length = 0;
    }
  };
  const sessions = await connect(port, first, say);
  told('first');
  await between?.(listener, sessions);
  const session = sessions.at(-1);
  await connect(port, { session, ...second }, say);
  told('second');
  await new Promise((resolve) => listener.close(resolve));
}

/** An agent of https keeps sessions for whoever it has met. */
async function agents() {
  const listener = https.createServer({ ...server, ...both }, (request, response) =>
    response.end(String(request.socket.isSessionReused())),
  );
  const port = await listen(listener);
  const ask = (title, options) =>
    new Promise((resolve) => {
      const where = { port, host: '127.0.0.1', servername: 'localhost', ca, ...both, ...options };
      const request = https.get(where, (response) => {
        let text = '';
        response.on('data', (data) => {
          text += data;
        });
        response.on('end', () => {
          console.log(`[agents, ${title}] C ${request.socket.isSessionReused()} S ${text}`);
          resolve();
        });
      });
    });
  const agent = new https.Agent({ maxCachedSessions: 5 });
  await ask('first', { agent });
  await ask('second', { agent });
  await ask('another name', { agent, servername: 'x.example.test' });
  await ask('that name again', { agent, servername: 'x.example.test' });
  await ask('another authority', { agent, ca: [ca, pki['root-rsa.crt']] });
  const forgetful = new https.Agent({ maxCachedSessions: 0 });
  await ask('forgetful, first', { agent: forgetful });
  await ask('forgetful, second', { agent: forgetful });
  listener.close();
}

async function main() {
  await agents();
  // Time itself is the matter here.
  await story('the session is too old', {
    server: { sessionTimeout: 1 },
    between: () => new Promise((resolve) => setTimeout(resolve, 2200)),
  });
  await story('resumed');
  await story('resumed with client certificates', {
    server: { requestCert: true, ca },
    first: client,
    second: client,
  });
  await story('resumed without the client certificate that came first', {
    server: { requestCert: true, ca },
    first: client,
  });
  await story('resumed where a client certificate is welcome', {
    server: { requestCert: true, rejectUnauthorized: false, ca },
    second: client,
  });
  await story('the keys changed in between', {
    between: (listener) => listener.setTicketKeys(KEYS),
  });
  await story('the keys given, then the same again', {
    server: { ticketKeys: KEYS },
    between: (listener) => {
      console.log(`[keys] ${listener.getTicketKeys().equals(KEYS)} ${listener.getTicketKeys().length}`);
      listener.setTicketKeys(KEYS);
    },
  });
  await story('another name', { second: { servername: 'x.example.test' } });
  await story('another protocol', {
    server: { ALPNProtocols: ['a', 'b'] },
    first: { ALPNProtocols: ['a'] },
    second: { ALPNProtocols: ['b'] },
  });
  await story('the server forbids tickets', {
    server: { secureOptions: require('node:crypto').constants.SSL_OP_NO_TICKET },
  });
  await story('nonsense for a session', { second: { session: Buffer.from('nonsense') } });
  await story('another context at the server', {
    between: (listener) =>
      listener.setSecureContext({
        ...server,
        ...both,
        sessionIdContext: 'another',
        ticketKeys: listener.getTicketKeys(),
      }),
  });
  await story('the server tells of its sessions', {
    listeners: (say) => ({
      newSession: (id, session, callback) => {
        say(`S newSession ${id.length} ${describe(session)}`);
        callback();
      },
      resumeSession: (id, callback) => {
        say(`S resumeSession ${id.length}`);
        callback(null, null);
      },
    }),
  });
  const kept = new Map();
  await story('the server keeps its sessions', {
    server: { secureOptions: require('node:crypto').constants.SSL_OP_NO_TICKET },
    listeners: (say) => ({
      newSession: (id, session, callback) => {
        say(`S newSession ${id.length} ${describe(session)}`);
        kept.set(id.toString('hex'), session);
        // In TLS 1.3 real Node loses what is written meanwhile.
        if (version === 'TLSv1.2') setTimeout(callback, 2);
        else callback();
      },
      resumeSession: (id, callback) => {
        const session = kept.get(id.toString('hex'));
        say(`S resumeSession ${id.length} ${describe(session)}`);
        setTimeout(callback, 2, null, session ?? null);
      },
    }),
  });
  await story('the server fails to look', {
    server: { secureOptions: require('node:crypto').constants.SSL_OP_NO_TICKET },
    listeners: (say) => ({
      newSession: (_id, _session, callback) => callback(),
      resumeSession: (_id, callback) => {
        say('S resumeSession');
        callback(new Error('no store'));
      },
    }),
  });
  await story('by getSession()', {
    first: {
      whenSecure: (socket) => {
        first = socket.getSession();
      },
    },
    between: (_listener, sessions) => {
      if (version === 'TLSv1.2') sessions.push(first);
    },
  });
  await story('a server that was not believed', {
    first: {
      ca: pki['foreign-root.crt'],
      rejectUnauthorized: false,
      whenSecure: (socket) => {
        first = socket.getSession();
      },
    },
    second: { ca: pki['foreign-root.crt'] },
  });
  await story('the trust changed at the client', { second: { ca: pki['foreign-root.crt'] } });
  await story('the trust changed at the client, who does not mind', {
    second: { ca: pki['foreign-root.crt'], rejectUnauthorized: false },
  });
  await story('the trust changed at the server', {
    server: { requestCert: true, ca },
    first: client,
    second: client,
    between: (listener) =>
      listener.setSecureContext({
        ...server,
        ...both,
        ca: pki['foreign-root.crt'],
        sessionIdContext: 'test',
        ticketKeys: listener.getTicketKeys(),
      }),
  });
}
let first;
main().then(done);
