// The little that a server needs besides node:https: routes, pages, forms, cookies. And one way to call another server.
import { createHash, randomBytes } from 'node:crypto';
import { createServer, request as open } from 'node:https';
import { pem } from './pem.js';

/**
 * @typedef {import('node:http').IncomingMessage} Request
 * @typedef {import('node:http').ServerResponse} Response
 * @typedef {(request: Request, response: Response, url: URL) => void} Handler
 * @typedef {(request: Request, response: Response, url: URL) => Promise<void>} AsyncHandler
 * @typedef {{ status: number, headers: import('node:http').IncomingHttpHeaders, text: string }} Answer
 */

/**
 * Answers `routes`, for example `{ 'GET /ledger': showLedger }`, over TLS.
 * @param {import('node:https').ServerOptions & { port?: number }} options
 * @param {Record<string, Handler>} routes
 */
export function serve({ port = 8443, ...tls }, routes) {
  const server = createServer(tls, async (request, response) => {
    const from = addressOf(request);
    try {
      const url = URL.parse(request.url ?? '', `https://${request.headers.host}`);
      if (url === null) throw new Refusal(400, 'no such address'); // RFC 9112 §3.2
      const handler = routes[`${request.method} ${url.pathname}`];
      if (handler === undefined) return text(response, 404, 'There is no such page here.');
      await handler(request, response, url);
    } catch (error) {
      if (!(error instanceof Refusal)) {
        console.error(error);
        if (!response.headersSent) text(response, 500, 'Something went wrong.');
        return;
      }
      const { status, message, challenge } = error;
      console.log(`${status}: ${message}, from ${from}`);
      // Who is given a challenge is told no more: the reason is for the log.
      text(response, status, challenge ? '' : message, challenge ? { 'www-authenticate': challenge } : {});
    }
  });
  server.listen(port, () => console.log(`listening on ${port}`));
  return server;
}

/** What a handler throws in place of an answer. RFC 9110 §15.5. */
export class Refusal extends Error {
  /** @param {number} status @param {string} reason @param {string} [challenge] for `WWW-Authenticate` */
  constructor(status, reason, challenge) {
    super(reason);
    this.status = status;
    this.challenge = challenge;
  }
}

/** @param {Response} response @param {number} status @param {string} content @param {Record<string, string>} [headers] */
export function text(response, status, content, headers) {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8', ...headers }).end(content);
}

/** @param {Response} response @param {number} status @param {unknown} value @param {Record<string, string>} [headers] */
export function json(response, status, value, headers) {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(value));
}

/**
 * 303: whatever the request was, the browser comes with GET, and leaves its form (a password!) behind. RFC 9700 §4.12.
 * @param {Response} response @param {string | URL} location @param {Record<string, string>} [headers]
 */
export function redirect(response, location, headers) {
  response.writeHead(303, { location: String(location), ...headers }).end();
}

/** @param {Response} response @param {number} status @param {string} title @param {string} body @param {Record<string, string>} [headers] */
export function page(response, status, title, body, headers) {
  response.writeHead(status, {
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-store',
    ...headers,
  });
  response.end(`<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${escaped(title)}</title>
<style>body { font: 1rem/1.5 system-ui; max-width: 30rem; margin: 2rem auto; padding: 0 1rem } label { display: block; margin: 1rem 0 } input { display: block }</style>
<h1>${escaped(title)}</h1>
${body}
</html>`);
}

/** HTML in which every value is escaped: html`<p>${name}</p>`. @param {TemplateStringsArray} parts @param {unknown[]} values */
export function html(parts, ...values) {
  return parts
    .map((part, index) => (index === 0 ? part : escaped(String(values[index - 1])) + part))
    .join('');
}

/** @param {string} value */
function escaped(value) {
  return value.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** The fields of a form, as `given`. @param {Request} request */
export async function form(request) {
  const most = 100_000;
  let body = '';
  for await (const chunk of request.setEncoding('utf8')) {
    // All is read, and what is too much forgotten: or the answer might be lost (RFC 9112 §9.6).
    if (body.length <= most) body += chunk;
  }
  if (body.length > most) throw new Refusal(413, 'the form is too long');
  return given(new URLSearchParams(body));
}

/** A parameter without a value is as good as none. RFC 6749 §3.1, §3.2. @param {URLSearchParams} parameters */
export function given(parameters) {
  return new URLSearchParams([...parameters].filter(([, value]) => value !== ''));
}

/**
 * No parameter, or none of `names`, may come twice: two readers might each take another. RFC 6749 §3.1, §3.2.
 * @param {URLSearchParams} parameters @param {string[]} [names]
 */
export function repeats(parameters, names) {
  const came = [...parameters.keys()].filter((name) => names?.includes(name) ?? true);
  return new Set(came).size < came.length;
}

/** A cookie that came with the request. @param {Request} request @param {string} name */
export function cookie(request, name) {
  for (const pair of (request.headers.cookie ?? '').split('; ')) {
    if (pair.startsWith(`${name}=`)) return pair.slice(name.length + 1);
  }
  return undefined;
}

/**
 * What follows the scheme in `Authorization`; scheme names know no case (RFC 9110 §11.1). Nothing where it comes twice: two
 * readers might each take another.
 * @param {Request} request @param {'basic' | 'bearer'} scheme
 */
export function credentials(request, scheme) {
  const [given = '', ...more] = request.headersDistinct.authorization ?? [];
  const [, name, value] = /^(\S+) +(.+)$/.exec(given) ?? [];
  return more.length === 0 && name?.toLowerCase() === scheme ? value : undefined;
}

/** 256 bits that nobody guesses. RFC 6749 §10.10. */
export function random() {
  return randomBytes(32).toString('base64url');
}

/** In base64url, as PKCE has it (RFC 7636 §4.2). @param {string | Buffer} value */
export function sha256(value) {
  return createHash('sha256').update(value).digest('base64url');
}

/** The caller's address, written as IPv4. @param {Request} request */
export function addressOf(request) {
  return (request.socket.remoteAddress ?? 'nowhere').replace('::ffff:', '');
}

/**
 * Calls a server that shows a certificate from Tally CA, on a connection of its own.
 * @param {string | URL} address
 * @param {import('node:https').RequestOptions & { body?: URLSearchParams }} [options]
 * @returns {Promise<Answer>}
 */
export function send(address, { body, headers, ...options } = {}) {
  const type = body && { 'content-type': 'application/x-www-form-urlencoded' };
  return new Promise((resolve, reject) => {
    const sent = open(
      address,
      { agent: false, ca: pem('tally-ca.pem'), headers: { ...type, ...headers }, ...options },
      async (answer) => {
        try {
          let content = '';
          for await (const chunk of answer.setEncoding('utf8')) content += chunk;
          resolve({ status: answer.statusCode ?? 0, headers: answer.headers, text: content });
        } catch (error) {
          reject(error);
        }
      },
    );
    sent.on('error', reject);
    sent.end(body?.toString());
  });
}
