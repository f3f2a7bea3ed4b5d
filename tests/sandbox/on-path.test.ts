// Somebody on the path: what the two ends say to each act of his is what real Node.js says, with a relay between real sockets.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { after, before, describe, test } from 'node:test';
import type { PathFact, PathRule } from '../../src/sandbox/on-path.ts';
import { makePki } from '../support/pki.ts';
import { openEnginePage } from './support/engine-page.ts';
import { CASES, CLIENT, SERVER } from './support/path-programs.ts';
import { relay } from './support/path-relay.ts';

/** `src/sandbox/embedded/index.ts`, bundled for the page. */
declare const sandbox: typeof import('../../src/sandbox/embedded/index.ts');

interface Played {
  client: string[];
  server: string[];
  facts: Pick<PathFact, 'state' | 'name' | 'sender'>[];
}

const { ec } = makePki();
const files: Record<string, string> = {
  'server.mjs': SERVER,
  'client.mjs': CLIENT,
  'ca.pem': ec.root.pem,
  'server.key': ec.server.keyPem,
  'server.pem': ec.server.chainPem,
  'client.key': ec.client.keyPem,
  'client.pem': ec.client.chainPem,
};

/** A client that has had its answer hangs up: whether it still reads an alert after it is chance, in both. */
function settledLines(lines: string[]): string[] {
  const answered = lines.findIndex((line) => line.startsWith('received'));
  return lines.filter((line, at) => answered < 0 || at <= answered || !line.startsWith('error '));
}

const seen = ({ state, name, sender }: PathFact) => ({ state, name, sender });

/** What both ends are told: the highest version that they speak, and when the client gives up, in milliseconds. */
type Told = Record<'MAX' | 'PATIENCE' | 'AFTER_ERROR', string>;
const PATIENCE = '60000';

async function onRealNode(folder: string, rules: readonly PathRule[], told: Told): Promise<Played> {
  const start = (file: string, env: Record<string, string>) => {
    const child = spawn(process.execPath, [file], {
      cwd: folder,
      env: { ...told, HOST: '127.0.0.1', ...env },
      stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    });
    const stdout = child.stdout as Readable;
    const text = (async () => Buffer.concat(await stdout.toArray()).toString())();
    return { child, text };
  };
  const server = start('server.mjs', { PORT: '0' });
  const [port] = await once(server.child, 'message');
  const between = await relay(port as number, rules);
  const client = start('client.mjs', { PORT: String(between.port) });
  const said = await Promise.all([client.text, server.text]);
  between.close();
  const [clientLines, serverLines] = said.map((text) => text.split('\n').slice(0, -1));
  return { client: clientLines, server: serverLines, facts: between.facts.map(seen) };
}

describe('somebody on the path', () => {
  let engine: Awaited<ReturnType<typeof openEnginePage>>;
  let folder: string;
  before(async () => {
    engine = await openEnginePage();
    folder = mkdtempSync(path.join(tmpdir(), 'handfast-path-'));
    for (const [name, text] of Object.entries(files)) writeFileSync(path.join(folder, name), text);
  });
  after(async () => {
    await engine.close();
    rmSync(folder, { recursive: true });
  });

  /** `decide`: what is said of each thing that is held, in turn. */
  const inEngine = (rules: readonly PathRule[], env: Told, decide: PathRule['act'][] = []) =>
    engine.page.evaluate(
      async ({ files, rules, env, decide }): Promise<Played> => {
        const hosts = { 'server.example.test': '10.1.0.2', 'client.example.test': '10.1.0.1' };
        const box = await sandbox.bootEmbedded({ hosts });
        await box.mount(files);
        const { path } = box;
        if (!path) throw new Error('The engine puts nobody on the path.');
        const facts: PathFact[] = [];
        path.on((fact) => {
          facts.push(fact);
          const act = fact.state === 'held' && decide.shift();
          if (act && act.do !== 'hold') setTimeout(() => path.decide(fact.id, act), 50);
        });
        path.take(rules);
        const text = async (stream: ReadableStream<string>) => {
          let all = '';
          for await (const chunk of stream) all += chunk;
          return all.split('\n').slice(0, -1);
        };
        const listening = new Promise((resolve) => box.on('listen', resolve));
        const server = await box.spawn('node', ['server.mjs'], { host: 'server.example.test', env });
        await listening;
        const client = await box.spawn('node', ['client.mjs'], { host: 'client.example.test', env });
        const [clientLines, serverLines] = await Promise.all([text(client.stdout), text(server.stdout)]);
        await box.teardown();
        return {
          client: clientLines,
          server: serverLines,
          facts: facts.map(({ state, name, sender }) => ({ state, name, sender })),
        };
      },
      { files, rules: [...rules], env, decide },
    );

  for (const { title, rule, max = 'TLSv1.3', client, server, differs, ...more } of CASES) {
    test(title, async () => {
      const rules = [{ ...rule, once: true }];
      const { patience = PATIENCE, afterError = PATIENCE } = more;
      const env = { MAX: max, PATIENCE: String(patience), AFTER_ERROR: String(afterError) };
      const real = await onRealNode(folder, rules, env);
      const ours = await inEngine(rules, env);
      if (differs) {
        assert.ok(real.server.includes(differs.real), `it differs no more: ${real.server.join('; ')}`);
        real.server = real.server.map((line) => (line === differs.real ? differs.engine : line));
      }
      for (const each of [ours, real]) each.client = settledLines(each.client);
      assert.deepEqual(ours, real);
      assert.ok(
        ours.client.some((line) => line.startsWith(client)),
        `client: ${ours.client.join('; ')}`,
      );
      assert.ok(
        ours.server.some((line) => line.startsWith(server)),
        `server: ${ours.server.join('; ')}`,
      );
    });
  }

  test('what is held waits, and what comes after it, until somebody decides', async () => {
    const hold: PathRule = { from: 'client.example.test', act: { do: 'hold' }, once: true };
    const sealed = { name: 'encrypted record', nth: 1 };
    const env = { MAX: 'TLSv1.3', PATIENCE, AFTER_ERROR: PATIENCE };
    const passed = await inEngine([hold], env, [{ do: 'pass' }]);
    assert.ok(passed.client.includes('received pong ping'), passed.client.join('; '));
    assert.deepEqual(
      passed.facts.map(({ state, name }) => `${name} ${state}`),
      ['ClientHello held', 'ClientHello passed'],
    );
    const ends: [PathRule['act'], state: string][] = [
      [{ do: 'drop' }, 'dropped'],
      [{ do: 'change', offset: 20 }, 'changed'],
      [{ do: 'replay' }, 'replayed'],
    ];
    for (const [act, state] of ends) {
      const played = await inEngine([{ ...hold, ...sealed }], env, [act]);
      assert.deepEqual(
        played.facts.map((fact) => fact.state),
        ['held', state],
      );
      assert.ok(
        played.server.includes('tlsClientError ERR_SSL_DECRYPTION_FAILED_OR_BAD_RECORD_MAC'),
        `${state}: ${played.server.join('; ')}`,
      );
      assert.ok(
        played.client.some((line) => line.includes('BAD_RECORD_MAC')),
        played.client.join('; '),
      );
    }
  });

  test('a large transfer through somebody who only looks is whole, and back-pressure holds', async () => {
    const seen = await engine.page.evaluate(async () => {
      const hosts = { 'server.example.test': '10.1.0.2', 'client.example.test': '10.1.0.1' };
      const box = await sandbox.bootEmbedded({ hosts });
      await box.mount({
        'server.mjs': `import net from 'node:net';
          import { createHash } from 'node:crypto';
          const server = net.createServer({ allowHalfOpen: true }, (socket) => {
            const hash = createHash('sha256');
            let length = 0;
            socket.on('data', (data) => { hash.update(data); length += data.length; });
            socket.on('end', () => { socket.end(length + ' ' + hash.digest('hex')); server.close(); });
          }).listen(8000);`,
        'client.mjs': `import net from 'node:net';
          import { createHash } from 'node:crypto';
          const bytes = Buffer.alloc(3_000_000, 'a path, ');
          const socket = net.connect({ port: 8000, host: 'server.example.test', allowHalfOpen: true });
          const waits = !socket.write(bytes);
          socket.end();
          let answer = '';
          socket.setEncoding('utf8').on('data', (text) => { answer += text; });
          socket.on('end', () => console.log(waits, answer === bytes.length + ' ' + createHash('sha256').update(bytes).digest('hex')));`,
      });
      box.path?.take([{ act: { do: 'pass' } }]);
      const listening = new Promise((resolve) => box.on('listen', resolve));
      const server = await box.spawn('node', ['server.mjs'], { host: 'server.example.test' });
      await listening;
      const client = await box.spawn('node', ['client.mjs'], { host: 'client.example.test' });
      let said = '';
      for await (const text of client.stdout) said += text;
      const codes = [await server.exit, await client.exit];
      await box.teardown();
      return { said, codes };
    });
    assert.deepEqual(seen, { said: 'true true\n', codes: [0, 0] });
  });
});
