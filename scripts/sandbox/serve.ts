import { existsSync, readFileSync } from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { pagePolicy } from '../../src/sandbox/embedded/policy.ts';

const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');

/** Of the engine's files, by their ending. */
const ENGINE_TYPES: Record<string, string> = {
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.wasm': 'application/wasm',
};

/** What the page is to run. */
export interface Job {
  entry: string;
  args: string[];
  cwd: string;
  env: Record<string, string>;
  /** What `localhost` resolves to on this machine, so that a run here can be compared with real Node's. */
  localhost: string[];
}

export interface HarnessEvents {
  started(): void;
  output(fd: 1 | 2, bytes: Buffer): void;
  exit(code: number): void;
  failed(message: string): void;
}

/** Serves the page for one run, on this machine only. Resolves with the page's address. */
export async function serveHarness(
  job: Job,
  files: () => Buffer,
  input: Readable,
  events: HarnessEvents,
): Promise<string> {
  const policy = pagePolicy();
  const script = bundlePage();
  const page =
    '<!doctype html><html><head><meta charset="utf-8"><title>Sandbox</title>' +
    `<meta http-equiv="Content-Security-Policy" content="${policy}"></head>` +
    '<body><script type="module" src="/page.js"></script></body></html>';

  const server = http.createServer(async (request, response) => {
    const body = Buffer.concat(await request.toArray());
    const reply = (type: string, content: string | Buffer) =>
      response.writeHead(200, { 'content-type': type, 'content-security-policy': policy }).end(content);
    const asked = /^\/engine\/((?:packages\/)?[\w.+-]+)$/.exec(request.url ?? '')?.[1];
    if (asked !== undefined && request.method === 'GET') {
      const file = path.join(ROOT, '.build/engine', asked);
      if (!existsSync(file)) return response.writeHead(404).end();
      return reply(ENGINE_TYPES[path.extname(file)], readFileSync(file));
    }
    switch (`${request.method} ${request.url}`) {
      case 'GET /':
        return reply('text/html; charset=utf-8', page);
      case 'GET /page.js':
        return reply('text/javascript; charset=utf-8', await script);
      case 'GET /job':
        return reply('application/json', JSON.stringify(job));
      case 'GET /files':
        return reply('application/octet-stream', files());
      case 'GET /input':
        response.writeHead(200, { 'content-type': 'application/octet-stream' });
        response.flushHeaders();
        return input.pipe(response);
      case 'POST /output/1':
      case 'POST /output/2':
        events.output(request.url === '/output/1' ? 1 : 2, body);
        return reply('text/plain', '');
      case 'POST /started':
        events.started();
        return reply('text/plain', '');
      case 'POST /exit':
        reply('text/plain', '');
        return events.exit(Number(body));
      case 'POST /failed':
        reply('text/plain', '');
        return events.failed(body.toString());
      default:
        return response.writeHead(404).end();
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

async function bundlePage(): Promise<Buffer> {
  const { outputFiles } = await build({
    entryPoints: [path.join(ROOT, 'scripts/sandbox/page.ts')],
    bundle: true,
    format: 'esm',
    target: 'es2024',
    write: false,
    logLevel: 'error',
  });
  return Buffer.from(outputFiles[0].contents);
}
