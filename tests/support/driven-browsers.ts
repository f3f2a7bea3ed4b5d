/**
 * Firefox and WebKitGTK (which stands in for Safari), each driven by the protocol it speaks itself: WebDriver BiDi
 * (W3C, https://www.w3.org/TR/webdriver-bidi/) and WebDriver (https://www.w3.org/TR/webdriver2/). Where one is not
 * installed, its tests are skipped.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

export interface DrivenBrowser {
  open(url: string): Promise<void>;
  /** Calls a function in the page that is open; argument and result pass as JSON. Rejects with what it throws. */
  evaluate<Argument, Result>(
    act: (argument: Argument) => Result,
    argument: Argument,
  ): Promise<Awaited<Result>>;
  close(): Promise<void>;
}

export interface BrowserKind {
  name: string;
  /** Why it cannot be tried here; `false` where it can. */
  skip: string | false;
  launch(): Promise<DrivenBrowser>;
}

/** Milliseconds that anything asked of a page may take: a limit for what hangs. */
const PATIENCE = 180_000;

function whereIs(command: string): string | undefined {
  const folders = (process.env.PATH ?? '').split(path.delimiter);
  return folders.map((folder) => path.join(folder, command)).find(existsSync);
}

/** Milliseconds in which a browser starts, if it can. */
const START_LIMIT = 120_000;

/** The call of a function as an expression whose value is JSON: the result, or what was thrown. */
const callOf = (act: unknown, argument: unknown) =>
  `(async () => (${act})(${JSON.stringify(argument) ?? 'undefined'}))().then(
    (value) => JSON.stringify({ value }),
    (error) => JSON.stringify({ thrown: String(error) + '\\n' + error?.stack }))`;

function resultOf<Result>(text: string): Result {
  const { value, thrown } = JSON.parse(text);
  if (thrown !== undefined) throw new Error(thrown);
  return value;
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const over = once(child, 'exit');
  // The whole group: a driver's browser is not told of its driver's end.
  process.kill(-(child.pid as number), 'SIGKILL');
  await over;
}

async function launchFirefox(command: string): Promise<DrivenBrowser> {
  const profile = await mkdtemp(path.join(os.tmpdir(), 'handfast-firefox-'));
  const child = spawn(
    command,
    ['--headless', '--no-remote', '--profile', profile, '--remote-debugging-port=0'],
    {
      stdio: ['ignore', 'ignore', 'pipe'],
      detached: true,
    },
  );
  const address = await new Promise<string>((resolve, reject) => {
    let said = '';
    const hangs = setTimeout(
      () => reject(new Error(`it does not say where it listens:\n${said}`)),
      START_LIMIT,
    );
    child.stderr?.setEncoding('utf8').on('data', (text) => {
      said += text;
      const found = /WebDriver BiDi listening on (ws:\S+)/.exec(said);
      if (!found) return;
      clearTimeout(hangs);
      resolve(found[1]);
    });
    child.on('exit', (code) => reject(new Error(`it ended with ${code}:\n${said}`)));
  }).catch(async (error) => {
    await stop(child);
    throw error;
  });
  const socket = new WebSocket(`${address}/session`);
  await new Promise((resolve, reject) => {
    socket.onopen = resolve;
    socket.onerror = reject;
  });
  const waiting = new Map<number, PromiseWithResolvers<unknown>>();
  socket.onmessage = ({ data }) => {
    const { type, id, result, error, message } = JSON.parse(data);
    if (type === 'error') waiting.get(id)?.reject(new Error(`${error}: ${message}`));
    else waiting.get(id)?.resolve(result);
  };
  let last = 0;
  // biome-ignore lint/suspicious/noExplicitAny: the protocol's answers have as many shapes as it has commands
  const ask = (method: string, params: object): Promise<any> => {
    const answer = Promise.withResolvers<unknown>();
    waiting.set(++last, answer);
    socket.send(JSON.stringify({ id: last, method, params }));
    return answer.promise;
  };
  await ask('session.new', { capabilities: {} });
  const { contexts } = await ask('browsingContext.getTree', {});
  const [{ context }] = contexts;
  return {
    open: (url) => ask('browsingContext.navigate', { context, url, wait: 'complete' }),
    async evaluate(act, argument) {
      const { result, exceptionDetails } = await ask('script.evaluate', {
        expression: callOf(act, argument),
        target: { context },
        awaitPromise: true,
      });
      if (exceptionDetails) throw new Error(exceptionDetails.text);
      return resultOf<never>(result.value);
    },
    async close() {
      socket.close();
      await stop(child);
      await rm(profile, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/** A port that was free a moment ago: the driver takes none that the system chooses. */
async function freePort(): Promise<number> {
  const server = net.createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as net.AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** The driver, once it answers; `undefined` where somebody else has taken its port meanwhile. */
async function startDriver(): Promise<{ child: ChildProcess; url: string } | undefined> {
  const port = await freePort();
  const child = spawn('xvfb-run', ['-a', 'WebKitWebDriver', `--port=${port}`, '--host=127.0.0.1'], {
    stdio: 'ignore',
    detached: true,
  });
  const url = `http://127.0.0.1:${port}`;
  const end = Date.now() + START_LIMIT;
  while (child.exitCode === null && Date.now() < end) {
    const status = await fetch(`${url}/status`)
      .then((response) => response.json())
      .catch(() => undefined);
    if (status?.value?.ready !== undefined) return { child, url };
    await pause(100); // it says nothing when it begins to listen
  }
  await stop(child);
  return undefined;
}

async function launchWebKit(browser: string): Promise<DrivenBrowser> {
  let driver = await startDriver();
  for (let again = 0; !driver && again < 3; again++) driver = await startDriver();
  if (!driver) throw new Error('WebKitWebDriver does not start (it needs xvfb-run and a free port)');
  const { child, url } = driver;
  const ask = async (path: string, body: object, signal?: AbortSignal) => {
    const response = await fetch(url + path, { method: 'POST', body: JSON.stringify(body), signal });
    const { value } = await response.json();
    if (!response.ok) throw new Error(`${value.error}: ${value.message}`);
    return value;
  };
  const options = { binary: browser, args: ['--automation'] };
  const capabilities = { alwaysMatch: { 'webkitgtk:browserOptions': options } };
  const starting = ask('/session', { capabilities }, AbortSignal.timeout(START_LIMIT));
  const { sessionId } = await starting.catch(async (error) => {
    await stop(child);
    throw error;
  });
  const session = `/session/${sessionId}`;
  await ask(`${session}/timeouts`, { script: PATIENCE, pageLoad: PATIENCE });
  return {
    open: (page) => ask(`${session}/url`, { url: page }),
    async evaluate(act, argument) {
      const script = `${callOf(act, argument)}.then(arguments[0]);`;
      return resultOf<never>(await ask(`${session}/execute/async`, { script, args: [] }));
    },
    close: () => stop(child),
  };
}

const firefox = whereIs('firefox-esr') ?? whereIs('firefox');
/** The smallest browser of WebKitGTK, where Debian and its kin put it. */
const miniBrowser = ['x86_64', 'aarch64']
  .flatMap((machine) =>
    ['4.1', '6.0'].map((version) => `/usr/lib/${machine}-linux-gnu/webkit2gtk-${version}`),
  )
  .map((folder) => path.join(folder, 'MiniBrowser'))
  .find(existsSync);
const hasWebKit = miniBrowser && whereIs('WebKitWebDriver') && whereIs('xvfb-run');

export const drivenBrowsers: readonly BrowserKind[] = [
  {
    name: 'Firefox',
    skip: !firefox && 'Firefox is not here (Debian: apt-get install firefox-esr)',
    launch: () => launchFirefox(firefox as string),
  },
  {
    name: 'WebKitGTK',
    skip: !hasWebKit && 'WebKitGTK is not here (Debian: apt-get install webkit2gtk-driver xvfb xauth)',
    launch: () => launchWebKit(miniBrowser as string),
  },
];
