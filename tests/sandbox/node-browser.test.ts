// A lab's browser in the engine `node`: a real Chromium against real Node.js, with the scenes that both engines play.
import assert from 'node:assert/strict';
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import type {
  Browser,
  BrowserPage,
  Sandbox,
  SandboxEvents,
  SandboxProcess,
} from '../../src/sandbox/index.ts';
import { bootNode } from '../../src/sandbox/node/index.ts';
import { makePki } from '../support/pki.ts';
import { browserScenario, playScenario } from './support/browser-scenario.ts';

const skip =
  spawnSync('certutil', ['-H']).error !== undefined &&
  'certutil is not here (Debian: apt-get install libnss3-tools)';
const APP = 'https://app.example.test:8443';

test('the scenes that every engine plays', { skip }, async (t) => {
  const scenario = browserScenario();
  const played = await playScenario(bootNode, scenario);
  for (const [index, { title, prints, complains }] of scenario.scenes.entries()) {
    await t.test(title, () => {
      assert.deepEqual(played.scenes[index], { prints, ...(complains ? { complains } : {}) });
    });
  }
});

describe('a browser beside real processes', { skip }, () => {
  const { hosts, files, browser: ana } = browserScenario();
  const { ec, foreign } = makePki();
  let sandbox: Sandbox;
  let server: SandboxProcess;
  const connections: SandboxEvents['connection'][] = [];

  const listening = () => new Promise<void>((resolve) => sandbox.on('listen', () => resolve()));
  const startApp = async () => {
    const ready = listening();
    server = await sandbox.spawn('node', ['server.mjs', 'ours'], { host: 'app.example.test' });
    await ready;
  };

  /** What it prints for some actions; the browser is closed when it has printed all of it. */
  async function printed(browser: Browser, ...addresses: string[]): Promise<string[]> {
    for (const open of addresses) await browser.perform({ open });
    await browser.close();
    let text = '';
    for await (const part of browser.output) text += part;
    return text.split('\n').slice(0, -1);
  }

  before(async () => {
    sandbox = await bootNode({ hosts });
    sandbox.on('connection', (connection) => connections.push(connection));
    await sandbox.mount({
      ...files,
      'others.pem': foreign.root.pem,
      'both.pem': `Two authorities.\n${foreign.root.pem}\n${ec.root.pem}`,
      'leaf.pem': ec.server.pem,
    });
    await startApp();
  });
  after(() => sandbox.teardown());

  test('shows what it sees: the address, the certificate, the jar, the storage, the source', async () => {
    const browser = await sandbox.browse(ana);
    const seen: BrowserPage[] = [];
    const until = (holds: (page: BrowserPage) => boolean) =>
      new Promise<BrowserPage>((resolve) => {
        const stop = browser.on('page', (page) => {
          if (!holds(page)) return;
          stop();
          resolve(page);
        });
      });
    const first = await until(() => true);
    assert.deepEqual([first.address, first.security, first.loading], ['', 'none', false]);
    browser.on('page', (page) => seen.push(page));

    await browser.perform({ open: `${APP}/login` });
    await browser.perform({
      fill: { User: 'ana', Password: 'correct horse', Stay: 'yes' },
      press: 'Send',
    });
    const page = await until(({ address, loading }) => address === `${APP}/me?from=login` && !loading);
    assert.equal(page.security, 'secure');
    assert.equal(page.title, 'Me');
    assert.deepEqual(
      page.certificates.map((der) => Buffer.from(der).toString('base64')),
      [ec.server, ec.intermediate, ec.root].map(({ certificate }) =>
        Buffer.from(certificate).toString('base64'),
      ),
    );
    const cookie = { domain: 'app.example.test', hostOnly: true, path: '/', secure: true, sameSite: 'Lax' };
    assert.deepEqual(page.cookies, [
      { ...cookie, name: 'sid', value: 't1', httpOnly: true },
      { ...cookie, name: 'stay', value: '1', httpOnly: false },
    ]);
    assert.equal(page.source, '<!doctype html><title>Me</title><p>sid=t1; stay=1<br>10.9.0.40');
    assert.ok(seen.some(({ loading }) => loading));

    await browser.perform({ open: `${APP}/keep` });
    const kept = await until(({ storage }) => 'word' in storage);
    assert.deepEqual(kept.storage, { word: 'kept' });

    await browser.perform({ open: 'https://wrong.example:8443/' });
    const refused = await until(({ security, loading }) => security === 'refused' && !loading);
    assert.deepEqual(
      [refused.address, refused.refusal, refused.source],
      ['https://wrong.example:8443/', 'ERR_CONNECTION_REFUSED', ''],
    );
    await browser.close();

    const another = await sandbox.browse(ana);
    assert.deepEqual(
      await printed(another, `${APP}/me`, `${APP}/keep`),
      [
        `page: 200 ${APP}/me`,
        'title: Me',
        'text: 10.9.0.40',
        `page: 200 ${APP}/keep`,
        'title: Keep',
        'text: null',
      ],
      'nothing is left of the first',
    );
  });

  test('calls from the machine that it runs on', () => {
    assert.ok(connections.length > 0);
    for (const { from, to, status } of connections) {
      assert.deepEqual(
        [from.host, from.address, to.host, to.address, to.port, status],
        ['ana.example', '10.9.0.40', 'app.example.test', '10.9.0.10', 8443, 'open'],
      );
      assert.ok(from.port > 1023);
    }
  });

  test('trusts the authorities it is given, all of them and no others', async () => {
    const [both, others, leaf] = await Promise.all(
      ['both.pem', 'others.pem', 'leaf.pem'].map(async (trusts) =>
        printed(await sandbox.browse({ ...ana, trusts }), `${APP}/me`),
      ),
    );
    assert.equal(both[0], `page: 200 ${APP}/me`);
    assert.deepEqual(others, [`refused: ERR_CERT_AUTHORITY_INVALID ${APP}/me`]);
    assert.deepEqual(leaf, [`refused: ERR_CERT_AUTHORITY_INVALID ${APP}/me`]);
  });

  test('does not start without an authority, or on a machine that is none', async () => {
    await assert.rejects(sandbox.browse({ ...ana, trusts: 'none.pem' }), /"ana".*none\.pem.*ENOENT/);
    await assert.rejects(sandbox.browse({ ...ana, trusts: 'ours.key' }), /"ana".*ours\.key.*no certificate/);
    await assert.rejects(sandbox.browse({ ...ana, host: 'bob.example' }), /No host "bob\.example"/);
  });

  test('finds a server gone when it was killed, and there when it is back', async () => {
    const browser = await sandbox.browse(ana);
    server.kill();
    await server.exit;
    await browser.perform({ open: `${APP}/plain` });
    await startApp();
    assert.deepEqual(await printed(browser, `${APP}/plain`), [
      `refused: ERR_CONNECTION_REFUSED ${APP}/plain`,
      `page: 200 ${APP}/plain`,
      'title: ',
      'text: a < b',
      'text: c',
    ]);
  });
});

describe('a command that is told to end', { skip }, () => {
  const PROGRAM = path.join(import.meta.dirname, 'support', 'browser-command.ts');

  for (const signal of ['SIGINT', 'SIGKILL'] as const) {
    test(`by ${signal} leaves no browser behind`, async () => {
      const folder = mkdtempSync(path.join(os.tmpdir(), 'handfast-signal-'));
      const child = spawn(process.execPath, [PROGRAM], {
        env: { ...process.env, TMPDIR: folder },
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      try {
        await once(child.stdout, 'data');
        const browsers = descendants(child).filter(isRunning);
        assert.ok(browsers.length > 2, 'Chromium runs');
        child.kill(signal);
        await once(child, 'exit');
        await untilGone(browsers);
        // Nobody is left to clear up after a SIGKILL.
        if (signal !== 'SIGKILL') {
          const left = readdirSync(folder).filter((name) => /browser|playwright|chromium/i.test(name));
          assert.deepEqual(left, []);
        }
      } finally {
        child.kill('SIGKILL');
        rmSync(folder, { recursive: true, force: true });
      }
    });
  }

  /** Processes under this one, by their numbers. */
  function descendants({ pid }: Pick<ChildProcess, 'pid'>): number[] {
    const table = spawnSync('ps', ['-e', '-o', 'pid=,ppid='], { encoding: 'utf8' });
    const parents = table.stdout
      .trim()
      .split('\n')
      .map((line) => line.trim().split(/\s+/).map(Number));
    const below = (parent: number): number[] =>
      parents.filter(([, of]) => of === parent).flatMap(([child]) => [child, ...below(child)]);
    return below(pid as number);
  }

  /** Whether it still does anything: a process that has ended and that nobody has asked about does not. */
  function isRunning(pid: number): boolean {
    const { stdout } = spawnSync('ps', ['-o', 'stat=,comm=', '-p', String(pid)], { encoding: 'utf8' });
    return stdout.trim() !== '' && !stdout.trim().startsWith('Z');
  }

  /** An ended process cannot tell us that it has ended, so we look until it has. */
  async function untilGone(pids: number[]): Promise<void> {
    const end = Date.now() + 60_000;
    let left = pids;
    while (left.length > 0 && Date.now() < end) left = left.filter(isRunning);
    assert.deepEqual(left, []);
  }
});
