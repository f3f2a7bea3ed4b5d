// Agents of https: which connections are kept, how many there may be, and whose certificate each request shows.
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import https from 'node:https';

const pki = JSON.parse(readFileSync(new URL('../../node/tls/fixtures/pki.json', import.meta.url)));
const ca = pki['root-ec.crt'];
const ana = { cert: pki['client-ec.chain'], key: pki['client-ec.key'] };
const show = (...values) => console.log(...values);

let connections = 0;
const server = https.createServer(
  {
    key: pki['server-ec.key'],
    cert: pki['server-ec.chain'],
    ca,
    requestCert: true,
    rejectUnauthorized: false,
  },
  (request, response) => {
    if (request.url === '/slow') return;
    // Counted here: a handshake that its client gives up may or may not have been over.
    request.socket.number ??= ++connections;
    const { authorized, authorizationError, number } = request.socket;
    const { subject, fingerprint256 } = request.socket.getPeerCertificate();
    response.end(
      JSON.stringify([
        request.url,
        number,
        authorized,
        String(authorizationError),
        subject?.CN,
        fingerprint256?.length,
      ]),
    );
  },
);
// No idle connection ends by itself, however busy the machine is.
server.keepAliveTimeout = 60_000;
await once(server.listen(0), 'listening');
const { port } = server.address();

function ask(path, options = {}) {
  return new Promise((resolve) => {
    const request = https.request({ host: 'localhost', port, path, ca, ...options }, async (response) => {
      const text = (await response.toArray()).join('');
      const { reusedSocket } = request;
      // The socket is free again one turn after the reply has been read.
      setImmediate(() => resolve([response.statusCode, text, reusedSocket, response.socket?.authorized]));
    });
    request.on('timeout', () => request.destroy(new Error('too slow')));
    request.on('error', ({ code, message, reason }) => resolve(['error', code, message, reason]));
    request.end();
  });
}
const count = (sockets) => Object.values(sockets).map((list) => list.length);
const state = (agent) => ({
  free: count(agent.freeSockets),
  busy: count(agent.sockets),
  waiting: count(agent.requests),
  total: agent.totalSocketCount,
});

const agent = new https.Agent({ keepAlive: true, maxSockets: 2, ...ana });
show(agent.keepAlive, agent.maxSockets, agent.maxFreeSockets, agent.scheduling, agent.maxTotalSockets);
for (const path of ['/1', '/2', '/3']) show(await ask(path, { agent }));
show(state(agent));
const asked = ['/a', '/b', '/c', '/d', '/e'].map((path) => ask(path, { agent }));
await new Promise((resolve) => setImmediate(resolve));
show(state(agent).waiting);
const replies = await Promise.all(asked);
show(replies.map(([status, text]) => [status, JSON.parse(text)[0]]));
show(state(agent).total, connections);
show('another certificate', await ask('/x', { agent: new https.Agent(), cert: undefined, key: undefined }));
show(
  'its own, by request',
  await ask('/y', { agent: new https.Agent({ keepAlive: true, timeout: 20_000 }), ...ana }),
);
show('no agent', await ask('/z', { agent: false, ...ana }));
show(
  'checked',
  await ask('/', {
    agent: false,
    checkServerIdentity: (host, { subject }) => new Error(`${host} is ${subject.CN}`),
  }),
);
show(
  'let through',
  await ask('/', {
    agent: false,
    host: '127.0.0.1',
    servername: 'elsewhere.example',
    checkServerIdentity: () => undefined,
  }),
);
show('not verified', await ask('/', { agent: false, ca: undefined, rejectUnauthorized: false }));
show('timeout', await ask('/slow', { agent: false, timeout: 100 }));
https.globalAgent.options.ca = ca;
show(
  'global',
  https.globalAgent.keepAlive,
  https.globalAgent.options.timeout,
  await ask('/g', { ca: undefined }),
);
show('global', await ask('/h', { ca: undefined }), count(https.globalAgent.freeSockets));
delete https.globalAgent.options.ca;

const [name] = Object.keys(agent.freeSockets);
show(
  name
    .replace(/-----[^:]*/g, 'PEM')
    .replace(String(port), 'PORT')
    .split(':').length,
);
const idle = agent.freeSockets[name];
const ends = Promise.all(idle.map((socket) => once(socket, 'close')));
server.closeIdleConnections();
await ends;
show('idle connections closed', count(agent.freeSockets), agent.totalSocketCount);
show(await ask('/after', { agent }));
agent.destroy();
https.globalAgent.destroy();
server.closeAllConnections();
server.close(() => show('closed'));
process.on('exit', (code) => show('exit', code));
