import { existsSync, readFileSync } from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { serve } from '../../../scripts/support/static-server.mjs';
import { createStandInHost, type StandInHost } from './host.ts';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../../..');
const inRoot = (file: string) => path.join(root, file);

/**
 * How the stand-in's page behaves: `silent` loads and says no `init`, as a page that says "blocked" does; `dies-early` answers
 * nothing from the first folder of a lab on.
 */
export type Mode = 'answers' | 'silent' | 'refuses' | 'never-builds' | 'dies-early';

export interface StandIn {
  /** `http://localhost:…`: the site, and the host at `/headless`. */
  url: string;
  host: StandInHost;
  mode: Mode;
  /** Without them the page is not isolated. */
  sendsHeaders: boolean;
  /** Whether the stand-in's origin takes the place of StackBlitz's in the policies of the site's pages. */
  isAllowed: boolean;
  /** Sent with every page of the harness. */
  policy: string | undefined;
  close(): Promise<void>;
}

async function bundle(file: string): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [inRoot(file)],
    bundle: true,
    format: 'iife',
    target: 'es2022',
    write: false,
  });
  return outputFiles[0].text;
}

/**
 * Serves `site` (or only the harness, a page with the adapter in it) and, on the same origin, the stand-in. In the site's pages the stand-in's
 * origin takes the place of StackBlitz's in the policy.
 */
export async function openStandIn(site?: string): Promise<StandIn> {
  const [page, harness] = await Promise.all([
    bundle('tests/webcontainer/stand-in/page.ts'),
    bundle('tests/webcontainer/stand-in/harness.ts'),
  ]);
  const plain = site === undefined ? undefined : await serve(site);
  /** The site's own answer, headers and all. */
  async function fromSite(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    if (!plain) return void response.writeHead(404).end();
    const answer = await fetch(plain.url + request.url, { redirect: 'manual' });
    const headers = Object.fromEntries(answer.headers);
    for (const name of ['content-length', 'content-encoding', 'transfer-encoding', 'connection'])
      delete headers[name];
    const isPage = headers['content-type']?.startsWith('text/html');
    const body = Buffer.from(await answer.arrayBuffer());
    if (!standIn.sendsHeaders) for (const name of Object.keys(isolated)) delete headers[name];
    response.writeHead(answer.status, headers);
    response.end(
      isPage && standIn.isAllowed ? body.toString().replaceAll('https://stackblitz.com', standIn.url) : body,
    );
  }
  const isolated = {
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-embedder-policy': 'require-corp',
  };

  const server = http.createServer((request, response) => {
    const { pathname } = new URL(request.url as string, 'http://localhost');
    const headers = standIn.sendsHeaders ? isolated : {};
    const html = (body: string, more = {}) =>
      response.writeHead(200, { 'content-type': 'text/html', ...headers, ...more }).end(body);
    if (pathname.startsWith('/engine/') && !plain) {
      const file = inRoot(`.build${pathname}`);
      if (!existsSync(file)) return void response.writeHead(404).end();
      response.writeHead(200, { 'content-type': 'text/javascript' }).end(readFileSync(file));
    } else if (pathname === '/headless') {
      const script = `<script>${page}</script>`;
      html(`<!doctype html><html data-mode="${standIn.mode}"><body>${script}`);
    } else if (pathname === '/harness.js') {
      response.writeHead(200, { 'content-type': 'text/javascript' }).end(harness);
    } else if (pathname === '/harness') {
      const policy = standIn.policy === undefined ? {} : { 'content-security-policy': standIn.policy };
      html('<!doctype html><title>Harness</title><body><script src="/harness.js"></script>', policy);
    } else if (!standIn.host.handle(request, response)) fromSite(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
  const standIn: StandIn = {
    url: `http://localhost:${(server.address() as AddressInfo).port}`,
    host: createStandInHost(),
    mode: 'answers',
    sendsHeaders: true,
    isAllowed: true,
    policy: undefined,
    async close() {
      await standIn.host.close();
      await plain?.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return standIn;
}
