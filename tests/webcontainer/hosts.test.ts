// What /engine-check/hosts/ tells hosts to configure, in their own servers: the pages for WebContainers are isolated, and
// no others. A server that is not on this machine is skipped.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { engineCheckWords } from '../../src/text/index.ts';
import { dist } from '../pages/support/site.ts';
import { ownAddress } from './stand-in/host.ts';

interface Place {
  address: string;
  port: number;
  folder: string;
}

interface Server {
  command: string;
  /** Arguments by which it stays in the foreground, with the configuration in `file`. */
  args: (file: string) => string[];
  configuration: (place: Place, code: string) => string;
}

const MODULES = '/usr/lib/apache2/modules';
const SERVERS: Record<string, Server> = {
  nginx: {
    command: '/usr/sbin/nginx',
    args: (file) => ['-c', file, '-e', 'stderr'],
    configuration: ({ address, port, folder }, code) => `
daemon off;
pid ${folder}/pid;
error_log stderr;
events {}
http {
  access_log off;
  ${['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `${name}_temp_path ${folder}/${name};`).join('\n  ')}
  types { text/html html; text/css css; text/javascript js; }
  server {
    listen ${address}:${port};
    root ${dist};
    ${code}
  }
}`,
  },
  Apache: {
    command: '/usr/sbin/apache2',
    args: (file) => ['-X', '-f', file],
    configuration: ({ address, port, folder }, code) => `
${['mpm_event', 'authz_core', 'dir', 'headers', 'mime'].map((name) => `LoadModule ${name}_module ${MODULES}/mod_${name}.so`).join('\n')}
ServerName localhost
ServerRoot ${folder}
PidFile ${folder}/pid
DefaultRuntimeDir ${folder}
ErrorLog ${folder}/log
TypesConfig /dev/null
Listen ${address}:${port}
<VirtualHost ${address}:${port}>
  DocumentRoot ${dist}
  DirectoryIndex index.html
  ${code}
</VirtualHost>`,
  },
  Caddy: {
    command: '/usr/bin/caddy',
    args: (file) => ['run', '--adapter', 'caddyfile', '--config', file],
    configuration: ({ address, port }, code) => `
{
  admin off
  auto_https off
}
http://${address}:${port} {
  bind ${address}
  root * ${dist}
  file_server
  ${code}
}`,
  },
};

/**
 * An address that nothing else uses, and a port that no system gives to whoever asks for any (they begin at 32,768): who
 * finds it free still does a moment later.
 */
async function findPlace(): Promise<{ address: string; port: number }> {
  for (;;) {
    const [address, port] = [ownAddress(), randomInt(20_000, 30_000)];
    const server = createServer().listen(port, address);
    const isFree = await once(server, 'listening').then(
      () => true,
      () => false,
    );
    if (!isFree) continue; // somebody listens on it at every address
    server.close();
    await once(server, 'close');
    return { address, port };
  }
}

/** Calls until somebody listens, or `gone` is over. */
async function listens({ address, port }: Place, gone: { isOver: boolean }): Promise<void> {
  while (!gone.isOver) {
    const socket = connect(port, address);
    const isOpen = await once(socket, 'connect').then(
      () => true,
      () => false,
    );
    socket.destroy();
    if (isOpen) return;
  }
  throw new Error('The server ended before it listened.');
}

for (const [name, { command, args, configuration }] of Object.entries(SERVERS)) {
  const isHere = spawnSync(command, ['-v']).error === undefined;
  test(`${name}, as its notes say`, { skip: !isHere && `${command} is not here` }, async () => {
    const { code } = engineCheckWords.hosts.list.find((host) => host.name === name) ?? {};
    assert.ok(code, name);
    const folder = mkdtempSync(path.join(tmpdir(), 'handfast-hosts-'));
    const place = { ...(await findPlace()), folder };
    const file = path.join(folder, 'configuration');
    writeFileSync(file, configuration(place, code));
    const server = spawn(command, args(file), { stdio: ['ignore', 'ignore', 'pipe'], env: { HOME: folder } });
    const said: string[] = [];
    server.stderr.on('data', (text) => said.push(String(text)));
    const gone = { isOver: false };
    const ended = once(server, 'close').then(() => {
      gone.isOver = true;
    });
    try {
      await listens(place, gone).catch((problem) => assert.fail(`${problem.message} ${said.join('')}`));
      for (const [page, isIsolated] of [
        ['/engine-check/', true],
        ['/lessons/mutual-tls/webcontainer/', true],
        ['/engine-check/hosts/', false],
        ['/lessons/mutual-tls/', false],
        ['/', false],
      ] as const) {
        const answer = await fetch(`http://${place.address}:${place.port}${page}`);
        assert.equal(answer.status, 200, page);
        assert.match(await answer.text(), /<html/i);
        const sent = ['cross-origin-opener-policy', 'cross-origin-embedder-policy'].map((header) =>
          answer.headers.get(header),
        );
        assert.deepEqual(sent, isIsolated ? ['same-origin', 'require-corp'] : [null, null], page);
      }
    } finally {
      server.kill('SIGTERM');
      await ended;
      rmSync(folder, { recursive: true, force: true });
    }
  });
}
