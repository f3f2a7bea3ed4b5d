// A small static file server for `npm start`, tests and benchmarks: what any static host would do, and no more.
import { createReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import http from 'node:http';
import path from 'node:path';
import { createGzip } from 'node:zlib';

const TYPES = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.txt': 'text/plain; charset=utf-8',
  '.map': 'application/json',
  '.zip': 'application/zip',
  '.wasm': 'application/wasm',
  '.xml': 'application/xml',
};
const COMPRESSIBLE = /^(text|application\/(json|xml)|image\/svg)/;

/** The file that answers a request path, or undefined. Never leaves `directory`. */
async function resolveFile(directory, requestPath) {
  let decoded;
  try {
    decoded = decodeURIComponent(requestPath);
  } catch {
    return undefined;
  }
  if (decoded.includes('\0') || decoded.split('/').some((part) => part.startsWith('.') && part !== '.'))
    return undefined;
  const candidate = path.join(directory, decoded);
  if (candidate !== directory && !candidate.startsWith(directory + path.sep)) return undefined;
  for (const file of decoded.endsWith('/') ? [path.join(candidate, 'index.html')] : [candidate]) {
    const info = await stat(file).catch(() => undefined);
    if (info?.isFile()) return { file, info };
    if (info?.isDirectory()) return { redirect: `${requestPath}/` };
  }
  return undefined;
}

/**
 * The headers that the folder's file `_headers` gives a path, as Netlify and Cloudflare Pages read it: a path in the first
 * column, with `:name` for a part and `*` for the rest, and below it, indented, its headers.
 */
function readHeaders(text) {
  const rules = [];
  for (const line of text.split('\n')) {
    if (/^\s*(#|$)/.test(line)) continue;
    if (/^\S/.test(line)) rules.push({ path: line.trim(), headers: {} });
    else {
      const [, name, value] = /^\s+([^:]+):\s*(.*)$/.exec(line) ?? [];
      if (name) rules.at(-1).headers[name.toLowerCase()] = value.trim();
    }
  }
  const matcher = (path) =>
    new RegExp(
      `^${path
        .replace(/[.+?()[\]{}|^$\\]/g, '\\$&')
        .replace(/:\w+/g, '[^/]+')
        .replace(/\*/g, '.*')}$`,
    );
  const all = rules.map(({ path, headers }) => ({ matches: matcher(path), headers }));
  return (pathname) =>
    Object.assign({}, ...all.filter(({ matches }) => matches.test(pathname)).map(({ headers }) => headers));
}

/** A request listener that serves `directory`. */
export function staticHandler(directory) {
  const base = path.resolve(directory);
  const ruled = readFile(path.join(base, '_headers'), 'utf8').then(readHeaders, () => () => ({}));
  return async (request, response) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.writeHead(405, { allow: 'GET, HEAD' }).end();
      return;
    }
    const { pathname, search } = new URL(request.url, 'http://localhost');
    const found = await resolveFile(base, pathname);
    if (found?.redirect) {
      response.writeHead(301, { location: found.redirect.replace(/^\/+/, '/') + search }).end();
      return;
    }
    const missing = found ? undefined : await resolveFile(base, '/404.html');
    const target = found ?? missing;
    if (!target) {
      response.writeHead(404, { 'content-type': 'text/plain' }).end('Not found\n');
      return;
    }
    const { file, info } = target;
    const type = TYPES[path.extname(file)] ?? 'application/octet-stream';
    const etag = `W/"${info.size.toString(16)}-${Math.floor(info.mtimeMs).toString(16)}"`;
    const headers = {
      'content-type': type,
      etag,
      'x-content-type-options': 'nosniff',
      ...(await ruled)(pathname),
      // Names under /_astro/ carry a hash of their content; everything else is asked for again, cheaply.
      'cache-control': pathname.startsWith('/_astro/') ? 'public, max-age=31536000, immutable' : 'no-cache',
    };
    if (found && request.headers['if-none-match'] === etag) {
      response.writeHead(304, headers).end();
      return;
    }
    const gzip = COMPRESSIBLE.test(type) && /\bgzip\b/.test(request.headers['accept-encoding'] ?? '');
    if (gzip) Object.assign(headers, { 'content-encoding': 'gzip', vary: 'accept-encoding' });
    else headers['content-length'] = info.size;
    response.writeHead(found ? 200 : 404, headers);
    if (request.method === 'HEAD') {
      response.end();
      return;
    }
    const body = createReadStream(file);
    body.on('error', () => response.destroy());
    (gzip ? body.pipe(createGzip()) : body).pipe(response);
  };
}

const listenOn = (handler, port, host) =>
  new Promise((resolve, reject) => {
    const server = http.createServer(handler);
    server.once('error', reject);
    server.listen(port, host, () => resolve(server));
  });

/**
 * Serves a folder on this machine only (both loopback addresses, where there are two).
 * Port 0 takes a free one. Rejects with `EADDRINUSE` when the port is taken.
 * @returns {Promise<{url: string, port: number, close(): Promise<void>}>}
 */
export async function serve(directory, port = 0) {
  const handler = staticHandler(directory);
  const first = await listenOn(handler, port, '127.0.0.1');
  const bound = first.address().port;
  const servers = [first];
  try {
    servers.push(await listenOn(handler, bound, '::1'));
  } catch (error) {
    if (error.code === 'EADDRINUSE') {
      first.close();
      throw error;
    }
    // No IPv6 on this machine: the IPv4 loopback is enough.
  }
  return {
    url: `http://localhost:${bound}`,
    port: bound,
    close: () =>
      Promise.all(
        servers.map(
          (server) =>
            new Promise((resolve) => {
              server.close(resolve);
              server.closeAllConnections();
            }),
        ),
      ).then(() => undefined),
  };
}
