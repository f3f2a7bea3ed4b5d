import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { build } from 'esbuild';
import { pagePolicy } from '../../../src/sandbox/embedded/policy.ts';

const ROOT = path.resolve(import.meta.dirname, '../../..');

/** The page's half of the sandbox as one script that puts its exports on `window.sandbox`. */
async function bundle(entry: string): Promise<Uint8Array> {
  const { outputFiles } = await build({
    entryPoints: [path.join(ROOT, entry)],
    bundle: true,
    format: 'iife',
    globalName: 'sandbox',
    target: 'es2024',
    write: false,
    logLevel: 'error',
  });
  return outputFiles[0].contents;
}

/** Serves an empty page under the real policy (`/`), one without any (`/control`), and the engine. */
export async function servePages(entry: string) {
  const script = await bundle(entry);
  const page = (policy: string) =>
    '<!doctype html><html><head><meta charset="utf-8"><title>test</title>' +
    `${policy && `<meta http-equiv="Content-Security-Policy" content="${policy}">`}</head>` +
    '<body><script src="/sandbox.js"></script></body></html>';
  const asked: string[] = [];
  const { promise: reported, resolve: report } = Promise.withResolvers<string>();
  const server = http.createServer(async (request, response) => {
    asked.push(request.url ?? '');
    const reply = (type: string, content: string | Uint8Array) =>
      response.writeHead(200, { 'content-type': `${type}; charset=utf-8` }).end(content);
    if (request.method === 'POST') report(Buffer.concat(await request.toArray()).toString());
    if (/^\/engine\/(?:packages\/)?[\w.+-]+$/.test(request.url ?? ''))
      return reply('text/javascript', readFileSync(path.join(ROOT, '.build', request.url ?? '')));
    switch (request.url) {
      case '/':
        return reply('text/html', page(pagePolicy()));
      case '/control':
        return reply('text/html', page(''));
      case '/sandbox.js':
        return reply('text/javascript', script);
      default:
        return response.writeHead(404).end();
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    /** Paths asked for, in order. */
    asked,
    /** What the page posts, once it does. */
    reported,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}
