// What real Node.js programs say to each other, recorded: each scene is one thing that a reader of a capture meets.
import { once } from 'node:events';
import http from 'node:http';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import tls from 'node:tls';
import type { Seen } from '../../../src/wire/index.ts';
import { identity } from '../../tls/support/identities.ts';
import { record } from './recorded.ts';

const server = identity('P-256', 'api.tally.example');
const client = identity('rsa', 'app.tally.example');

interface Scene {
  server?: https.ServerOptions;
  client?: https.RequestOptions;
  /** In the clear. */
  plain?: boolean;
  /** Requests, one after the other, on one connection. */
  requests: { method?: string; path: string; headers?: Record<string, string>; body?: string }[];
  /** The requests fail, and that is the scene. */
  fails?: boolean;
}

const BODY = 'entries='.padEnd(40_000, 'x');

export const scenes: Record<string, Scene> = {
  'mutual TLS 1.3, three requests on one connection': {
    server: { requestCert: true, ca: client.certificatePem },
    client: { cert: client.certificatePem, key: client.keyPem },
    requests: [
      { path: '/ledger', headers: { authorization: 'Bearer abc' } },
      { method: 'POST', path: '/entries', body: BODY },
      { method: 'HEAD', path: '/ledger' },
    ],
  },
  'TLS 1.3 after a HelloRetryRequest': {
    server: { ecdhCurve: 'P-384' },
    client: { ecdhCurve: 'X25519:P-384' },
    requests: [{ path: '/chunked' }],
  },
  'TLS 1.3 with ChaCha20-Poly1305': {
    client: { ciphers: 'TLS_CHACHA20_POLY1305_SHA256' },
    requests: [{ path: '/ledger' }],
  },
  'TLS 1.2, mutual': {
    server: { requestCert: true, ca: client.certificatePem, maxVersion: 'TLSv1.2' },
    client: { cert: client.certificatePem, key: client.keyPem },
    requests: [{ path: '/ledger' }, { method: 'POST', path: '/entries', body: BODY }],
  },
  'TLS 1.2 with ChaCha20-Poly1305': {
    client: { ciphers: 'ECDHE-ECDSA-CHACHA20-POLY1305', maxVersion: 'TLSv1.2' },
    requests: [{ path: '/chunked' }],
  },
  'a client without the certificate that is required': {
    server: { requestCert: true, rejectUnauthorized: true, ca: client.certificatePem },
    requests: [{ path: '/ledger' }],
    fails: true,
  },
  'a client that does not trust the server': {
    client: { ca: client.certificatePem },
    requests: [{ path: '/ledger' }],
    fails: true,
  },
  'no version in common': {
    server: { minVersion: 'TLSv1.3' },
    client: { maxVersion: 'TLSv1.2' },
    requests: [{ path: '/ledger' }],
    fails: true,
  },
  'TLS 1.3 with much to say': {
    requests: [{ path: '/large' }],
  },
  'no TLS at all': {
    plain: true,
    requests: [{ path: '/ledger' }, { method: 'POST', path: '/entries', body: BODY }, { path: '/chunked' }],
  },
};

/** Plays a scene and gives what a tap saw. */
export async function play(name: string): Promise<Seen[]> {
  const scene = scenes[name];
  const listener: http.RequestListener = (request, response) => {
    request.resume().on('end', () => {
      if (request.url === '/large') return response.end(Buffer.alloc(20_000_000, 'large '));
      if (request.url !== '/chunked') return response.end(`{"method":"${request.method}"}`);
      response.write('first, ');
      response.end('then the rest');
    });
  };
  const origin = scene.plain
    ? http.createServer(listener)
    : https.createServer({ cert: server.certificatePem, key: server.keyPem, ...scene.server }, listener);
  await once(origin.listen(0, '127.0.0.1'), 'listening');
  const recording = await record((origin.address() as AddressInfo).port);
  origin.on('keylog', recording.keylog);
  origin.on('tlsClientError', () => {});
  const options: https.RequestOptions = {
    host: '127.0.0.1',
    port: recording.port,
    servername: 'api.tally.example',
    ca: server.certificatePem,
    ...scene.client,
  };
  const agent = scene.plain
    ? new http.Agent({ keepAlive: true, maxSockets: 1 })
    : new https.Agent({ keepAlive: true, maxSockets: 1 });
  try {
    for (const { method = 'GET', path, headers, body } of scene.requests) {
      const request = (scene.plain ? http : https).request({ ...options, method, path, headers, agent });
      const answered = once(request, 'response');
      request.end(body);
      try {
        const [response] = (await answered) as [http.IncomingMessage];
        await once(response.resume(), 'end');
      } catch (error) {
        if (!scene.fails) throw error;
      }
    }
  } finally {
    agent.destroy();
    origin.close();
    origin.closeAllConnections();
    await recording.settled();
    await recording.close();
  }
  return recording.seen;
}

/** The version of OpenSSL decides what Node offers: named in what a failing test prints. */
export const spokenBy = `Node.js ${process.version}, OpenSSL ${process.versions.openssl}, ${tls.DEFAULT_MAX_VERSION}`;
