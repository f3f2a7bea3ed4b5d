/**
 * `node network.cjs TRUSTED.pem`: the browser's network, an ordinary process on the browser's host, so that the lab's
 * network, the capture and the key log see what any browser would send. Requests come in by lines, replies go out so.
 */
import { readFileSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import type { Duplex } from 'node:stream';
import tls from 'node:tls';
import { netError } from './net-errors.ts';
import type { HeaderList, WireReply, WireRequest } from './protocol.ts';

const trusted = readFileSync(process.argv[2], 'utf8');

/** Why a connection was not made, with the chain that did not convince. */
interface Refusal extends Error {
  code?: string;
  certificates?: string[];
}

/** The chain as the server showed it, leaf first. */
function chainOf(socket: tls.TLSSocket): string[] {
  const chain: string[] = [];
  let certificate: tls.DetailedPeerCertificate | undefined = socket.getPeerCertificate(true);
  while (certificate?.raw) {
    const text = certificate.raw.toString('base64');
    if (chain.includes(text)) break;
    chain.push(text);
    certificate = certificate.issuerCertificate;
  }
  return chain;
}

/**
 * Judges a certificate before the first byte of a request goes out, and keeps what it saw of a chain that it refuses:
 * with `rejectUnauthorized` Node would have thrown the chain away.
 */
class JudgingAgent extends https.Agent {
  override createConnection(
    options: http.ClientRequestArgs,
    done: (error: Error | null, stream: Duplex) => void,
  ): undefined {
    const socket = tls.connect({
      ...(options as tls.ConnectionOptions),
      path: undefined,
      ca: trusted,
      rejectUnauthorized: false,
      ALPNProtocols: ['http/1.1'],
    });
    const fail = (error: Error) => done(error, socket);
    socket.once('error', fail);
    socket.once('secureConnect', () => {
      socket.off('error', fail);
      if (socket.authorized) return done(null, socket);
      const refusal: Refusal = new Error('The certificate does not convince');
      refusal.code = String(socket.authorizationError);
      refusal.certificates = chainOf(socket);
      // Whatever happens on it while it goes away concerns nobody any more.
      socket.on('error', () => {});
      socket.destroy();
      done(refusal, socket);
    });
    return undefined;
  }
}

const agents = {
  'https:': new JudgingAgent({ keepAlive: true }),
  'http:': new http.Agent({ keepAlive: true }),
};

function say(reply: WireReply): void {
  process.stdout.write(`${JSON.stringify(reply)}\n`);
}

function headersOf(response: http.IncomingMessage): HeaderList {
  const list: HeaderList = [];
  for (let at = 0; at < response.rawHeaders.length; at += 2) {
    list.push([response.rawHeaders[at], response.rawHeaders[at + 1]]);
  }
  return list;
}

function send(asked: WireRequest): void {
  const { id, method, url, headers, body } = asked;
  const { protocol } = new URL(url);
  const speak = protocol === 'https:' ? https.request : http.request;
  const request = speak(url, {
    method,
    agent: agents[protocol as keyof typeof agents],
    headers: Object.fromEntries(headers),
  });
  let certificates: string[] = [];
  let answered = false;
  const answer = (reply: WireReply) => {
    if (!answered) say(reply);
    answered = true;
  };
  request.on('response', (response) => {
    if (response.socket instanceof tls.TLSSocket) certificates = chainOf(response.socket);
    const parts: Buffer[] = [];
    response.on('data', (part: Buffer) => parts.push(part));
    response.on('error', () => {});
    response.on('close', () => {
      if (!response.complete) {
        answer({ id, certificates, error: 'ERR_INCOMPLETE_CHUNKED_ENCODING', code: 'ECONNRESET' });
        return;
      }
      answer({
        id,
        certificates,
        status: response.statusCode ?? 0,
        statusText: response.statusMessage ?? '',
        headers: headersOf(response),
        body: Buffer.concat(parts).toString('base64'),
      });
    });
  });
  request.on('error', (error: Refusal) => {
    // The server gave up a connection that was kept alive just as it was used again: RFC 9110 §9.2.2 lets us ask anew.
    if (request.reusedSocket && error.code === 'ECONNRESET' && !answered && certificates.length === 0) {
      answered = true;
      return send(asked);
    }
    answer({
      id,
      certificates: error.certificates ?? certificates,
      error: netError(error.code),
      code: error.code ?? error.message,
    });
  });
  request.end(body === undefined ? undefined : Buffer.from(body, 'base64'));
}

let rest = '';
process.stdin.setEncoding('utf8');
process.stdin.on('data', (text: string) => {
  const lines = (rest + text).split('\n');
  rest = lines.pop() ?? '';
  for (const line of lines) send(JSON.parse(line));
});
