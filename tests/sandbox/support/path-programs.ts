// The two ends of a connection with somebody on its path, and what is done there: played in the engine, and on real sockets.
import type { PathRule } from '../../../src/sandbox/on-path.ts';

export const SERVER = `import { readFileSync } from 'node:fs';
import tls from 'node:tls';

const code = ({ code, message }) => code ?? message;
const options = {
  key: readFileSync('server.key'), cert: readFileSync('server.pem'), ca: readFileSync('ca.pem'),
  requestCert: true, maxVersion: process.env.MAX ?? 'TLSv1.3',
};
const server = tls.createServer(options, (socket) => {
  console.log('secureConnection', socket.getProtocol(), socket.authorized);
  socket.on('data', (data) => { console.log('received', data.toString()); socket.write('pong ' + data); });
  socket.on('error', (error) => console.log('error', code(error)));
  socket.on('end', () => console.log('end'));
  socket.on('close', () => { console.log('closed'); server.close(); });
});
server.on('tlsClientError', (error) => { console.log('tlsClientError', code(error)); server.close(); });
server.listen(Number(process.env.PORT ?? 8443), process.env.HOST, () => {
  console.log('listening');
  process.send?.(server.address().port);
});
`;

export const CLIENT = `import { readFileSync } from 'node:fs';
import tls from 'node:tls';

const socket = tls.connect({
  port: Number(process.env.PORT ?? 8443), host: process.env.HOST ?? 'server.example.test', servername: 'server.example.test',
  ca: readFileSync('ca.pem'), key: readFileSync('client.key'), cert: readFileSync('client.pem'),
  maxVersion: process.env.MAX ?? 'TLSv1.3',
}, () => { console.log('secureConnect', socket.getProtocol(), socket.authorized); socket.write('ping'); });
socket.on('connect', () => {
  socket.setTimeout(Number(process.env.PATIENCE), () => { console.log('no answer'); socket.destroy(); });
});
// There are errors by which Node closes neither end.
socket.on('error', () => { if (!socket.destroyed) socket.setTimeout(Number(process.env.AFTER_ERROR)); });
socket.on('data', (data) => { console.log('received', data.toString()); socket.end(); });
socket.on('error', ({ code, message }) => console.log('error', code ?? message));
socket.on('end', () => console.log('end'));
socket.on('close', () => console.log('closed'));
`;

export interface Case {
  title: string;
  rule: PathRule;
  /** The highest version of TLS that the two speak. Default 1.3. */
  max?: 'TLSv1.2';
  /** Milliseconds after which the client gives up. Long, unless that is the case: a busy machine is slow. */
  patience?: number;
  /** The same once it has met an error: short where neither end closes. */
  afterError?: number;
  /** Among what the two print: so that a case in which nothing was done is noticed. */
  client: string;
  server: string;
  /** What the engine's server says otherwise than real Node's, and why. */
  differs?: { real: string; engine: string; reason: string };
}

/** RFC 8446 §6 leaves open under which keys an alert is sent while they change. */
const differs = {
  real: 'tlsClientError ERR_SSL_SSL/TLS_ALERT_BAD_RECORD_MAC',
  engine: 'tlsClientError ERR_SSL_DECRYPTION_FAILED_OR_BAD_RECORD_MAC',
  reason:
    'OpenSSL’s client takes its sending keys with its own flight, so this alert of its is in the clear. Ours sends it under ' +
    'the handshake keys, and those the two ends no longer share: each has derived them from other hellos.',
};

const toServer = { from: 'client.example.test' } as const;
const toClient = { from: 'server.example.test' } as const;
const change = (offset: number) => ({ do: 'change', offset }) as const;
const sealed = { name: 'encrypted record' } as const;

export const CASES: readonly Case[] = [
  {
    title: 'it passes',
    rule: { act: { do: 'pass' } },
    client: 'received pong ping',
    server: 'secureConnection TLSv1.3 true',
  },
  {
    title: 'the ClientHello is delayed',
    rule: { ...toServer, name: 'ClientHello', act: { do: 'delay', milliseconds: 200 } },
    client: 'received pong ping',
    server: 'secureConnection TLSv1.3 true',
  },
  {
    title: 'a byte of the random is changed',
    rule: { ...toServer, name: 'ClientHello', act: change(20) },
    client: 'error',
    server: 'tlsClientError',
    differs,
  },
  {
    title: 'a byte of the server’s random is changed',
    rule: { ...toClient, name: 'ServerHello', act: change(20) },
    client: 'error',
    server: 'tlsClientError',
    differs,
  },
  {
    title: 'a byte of the version in the record’s header is changed',
    rule: { ...toServer, name: 'ClientHello', act: change(1) },
    client: 'error',
    server: 'tlsClientError',
  },
  {
    title: 'a byte of the server’s sealed flight is changed',
    rule: { ...toClient, ...sealed, nth: 1, act: change(20) },
    client: 'error',
    server: 'tlsClientError',
  },
  {
    title: 'a byte of the client’s sealed Certificate is changed',
    rule: { ...toServer, ...sealed, nth: 1, act: change(20) },
    client: 'error',
    server: 'tlsClientError',
  },
  {
    title: 'the client’s first sealed record comes twice',
    rule: { ...toServer, ...sealed, nth: 1, act: { do: 'replay' } },
    client: 'error',
    server: 'tlsClientError',
  },
  {
    title: 'the client’s first sealed record is dropped',
    rule: { ...toServer, ...sealed, nth: 1, act: { do: 'drop' } },
    client: 'error',
    server: 'tlsClientError',
  },
  {
    title: 'the ClientHello is dropped',
    rule: { ...toServer, name: 'ClientHello', act: { do: 'drop' } },
    patience: 1000,
    client: 'no answer',
    server: 'tlsClientError',
  },
  {
    title: 'the ClientHello comes twice',
    rule: { ...toServer, name: 'ClientHello', act: { do: 'replay' } },
    client: 'error',
    server: 'tlsClientError',
  },
  {
    title: 'TLS 1.2: the last byte of the server’s Certificate message, in clear, is changed',
    max: 'TLSv1.2',
    rule: { ...toClient, name: 'Certificate', act: change(100_000) },
    client: 'error',
    server: 'tlsClientError',
  },
  {
    title: 'TLS 1.2: the application’s first record is changed',
    max: 'TLSv1.2',
    rule: { ...toServer, ...sealed, nth: 2, act: change(20) },
    afterError: 1000,
    client: 'error',
    server: 'error',
  },
  {
    title: 'TLS 1.2: the application’s first record comes twice',
    max: 'TLSv1.2',
    rule: { ...toServer, ...sealed, nth: 2, act: { do: 'replay' } },
    client: 'received pong ping',
    server: 'error',
  },
];
