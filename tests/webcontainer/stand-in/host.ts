/** What stands behind the stand-in's page: folders of this machine, and real Node.js processes in them. */
import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

const ports = fileURLToPath(new URL('./ports.mjs', import.meta.url));

interface Tree {
  d?: Record<string, Tree>;
  f?: { c: string; b?: boolean };
}

interface Instance {
  folder: string;
  /** The loopback address of its programs. */
  address: string;
  processes: Map<number, ChildProcess>;
  /** By process: begins to tell the page what it does. */
  follow: Map<number, () => void>;
  events?: ServerResponse;
  /** What happened before the page listened. */
  early: string[];
  /** What it has been asked and not answered yet. */
  asked: Set<Promise<unknown>>;
  /** Nothing of it is left. */
  over: () => void;
  /** It has fallen silent. */
  muted?: () => void;
}

export interface StandInHost {
  /** Answers `/stand-in/…`; false for any other request. */
  handle(request: IncomingMessage, response: ServerResponse): boolean;
  /** Instances that have not been torn down, and whose page is there. */
  readonly alive: number;
  /** Settles when there is none any more, and nothing of them. */
  gone(): Promise<unknown>;
  /** Its Node.js has no TLS and no RSA. */
  lacksTls: boolean;
  /** It tells the page which ports are open. */
  announces: boolean;
  /** Processes that run. */
  readonly running: number;
  /** Settles when those that run have ended. */
  ended(): Promise<unknown>;
  /** The runtime says that it has broken. */
  breakDown(message: string): void;
  /** The runtime answers nothing any more. Settles when that is so. */
  fallSilent(): Promise<unknown>;
  close(): Promise<void>;
}

export function createStandInHost(): StandInHost {
  const instances = new Map<string, Instance>();
  /** The end of each that was, or is to be. */
  const ends: Promise<unknown>[] = [];

  function tell(instance: Instance, event: object): void {
    const line = `${JSON.stringify(event)}\n`;
    if (instance.events) instance.events.write(line);
    else instance.early.push(line);
  }

  // biome-ignore lint/suspicious/noExplicitAny: what the page sends has the client package's shapes
  type Asked = any;

  const calls: Record<string, (asked: Asked, instance: Instance) => Promise<unknown>> = {
    async build({ workdirName }) {
      const base = await realpath(await mkdtemp(path.join(tmpdir(), 'handfast-stand-in-')));
      const folder = path.join(base, workdirName);
      await mkdir(folder);
      const id = path.basename(base);
      const { promise: end, resolve: over } = Promise.withResolvers<void>();
      ends.push(end);
      const [processes, follow] = [new Map(), new Map()];
      const asked = new Set<Promise<unknown>>();
      instances.set(id, { folder, address: ownAddress(), processes, follow, early: [], asked, over });
      return { id, cwd: folder };
    },
    async load({ mountPoint = '.', tree }, { folder }) {
      await write(path.join(folder, mountPoint), JSON.parse(tree));
    },
    async fs({ call, path: place, data, options }, { folder }) {
      const at = path.resolve(folder, place);
      if (call === 'readFile') return (await readFile(at)).toString('base64');
      if (call === 'readdir') return readdir(at);
      if (call === 'writeFile') return writeFile(at, Buffer.from(data, 'base64'));
      if (call === 'mkdir') return void (await mkdir(at, options));
      return rm(at, options);
    },
    async run({ id, command, args, cwd = '.', env = {} }, instance) {
      const isNode = command === 'node';
      const child = spawn(
        isNode ? process.execPath : command,
        isNode ? [`--import=${ports}`, ...args] : args,
        {
          cwd: path.resolve(instance.folder, cwd),
          env: {
            PATH: process.env.PATH,
            STAND_IN_ADDRESS: instance.address,
            ...(host.lacksTls && { STAND_IN_LACKS: 'tls' }),
            ...env,
          },
          stdio: ['pipe', 'pipe', 'pipe', 'pipe'],
        },
      );
      await new Promise((resolve, reject) => child.once('spawn', resolve).once('error', reject));
      child.stdin?.on('error', () => {}); // it may have ended without reading
      const pid = child.pid as number;
      instance.processes.set(pid, child);
      // What it says before the page has somewhere to put it: it may even have ended by then.
      const held: object[] = [];
      let say = (event: object): void => void held.push(event);
      instance.follow.set(pid, () => {
        say = (event) => tell(instance, event);
        held.forEach(say);
      });
      for (const stream of [child.stdout, child.stderr]) {
        stream?.on('data', (bytes: Buffer) => say({ type: 'output', pid, bytes: bytes.toString('base64') }));
      }
      child.once('close', (code, signal) => {
        instance.processes.delete(pid);
        say({ type: 'exit', pid, code: code ?? (signal === 'SIGKILL' ? 137 : 143) });
      });
      // Torn down while it started.
      if (!instances.has(id)) child.kill('SIGKILL');
      let rest = '';
      child.stdio[3]?.on('data', (bytes: Buffer) => {
        const lines = (rest + bytes).split('\n');
        rest = lines.pop() as string;
        if (!host.announces) return;
        for (const line of lines) tell(instance, { type: 'port', ...JSON.parse(line) });
      });
      return { pid };
    },
    async follow({ pid }, instance) {
      instance.follow.get(pid)?.();
    },
    async write({ pid, data }, { processes }) {
      processes.get(pid)?.stdin?.write(data);
    },
    async kill({ pid }, { processes }) {
      processes.get(pid)?.kill('SIGKILL');
    },
    async teardown({ id }) {
      await tearDown(id);
    },
    async muted(_asked, instance) {
      instance.muted?.();
    },
  };

  async function tearDown(id: string): Promise<void> {
    const instance = instances.get(id);
    if (!instance) return;
    instances.delete(id);
    // A file that is written while its folder is removed would keep the folder.
    await Promise.allSettled(instance.asked);
    const ended = [...instance.processes.values()].map(
      (child) => new Promise((resolve) => child.once('close', resolve)),
    );
    for (const child of instance.processes.values()) child.kill('SIGKILL');
    await Promise.all(ended);
    instance.events?.end();
    await rm(path.dirname(instance.folder), { recursive: true, force: true });
    instance.over();
  }

  async function answer(name: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const asked = JSON.parse(await text(request));
    const instance = instances.get(asked.id) as Instance;
    let body: object;
    const answered = (async () => calls[name](asked, instance))();
    // All but its end, which waits for the others.
    if (name !== 'teardown') instance?.asked.add(answered);
    try {
      body = { value: (await answered) ?? null };
    } catch (problem) {
      body = { error: String((problem as Error).message) };
    }
    instance?.asked.delete(answered);
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  }

  const all = () => [...instances.values()];
  const host: StandInHost = {
    lacksTls: false,
    announces: true,
    handle(request, response) {
      const url = new URL(request.url as string, 'http://localhost');
      if (!url.pathname.startsWith('/stand-in/')) return false;
      const name = url.pathname.slice('/stand-in/'.length);
      if (name !== 'events') {
        answer(name, request, response);
        return true;
      }
      const id = url.searchParams.get('id') as string;
      const instance = instances.get(id);
      // The page that had it is gone, and it with it.
      response.once('close', () => tearDown(id));
      response.writeHead(200, { 'content-type': 'text/plain; charset=utf-8' });
      response.flushHeaders();
      if (instance) {
        instance.events = response;
        for (const line of instance.early.splice(0)) response.write(line);
      }
      return true;
    },
    get alive() {
      return instances.size;
    },
    gone: () => Promise.all(ends),
    get running() {
      return all().reduce((sum, { processes }) => sum + processes.size, 0);
    },
    ended() {
      const running = all().flatMap(({ processes }) => [...processes.values()]);
      return Promise.all(running.map((child) => new Promise((resolve) => child.once('close', resolve))));
    },
    breakDown(message) {
      for (const instance of all()) tell(instance, { type: 'error', message });
    },
    fallSilent() {
      return Promise.all(
        all().map((instance) => {
          const { promise, resolve } = Promise.withResolvers<void>();
          instance.muted = resolve;
          tell(instance, { type: 'mute' });
          return promise;
        }),
      );
    },
    async close() {
      await Promise.all([...instances.keys()].map(tearDown));
      await host.gone();
    },
  };
  return host;
}

/** One of 127.0.0.0/8 that nothing else uses. */
export const ownAddress = () => `127.${[...randomBytes(3)].map((byte) => 1 + (byte % 254)).join('.')}`;

/** The client package's own form of a tree. */
async function write(place: string, { d = {} }: Tree): Promise<void> {
  await mkdir(place, { recursive: true });
  for (const [name, entry] of Object.entries(d)) {
    const at = path.join(place, name);
    if (entry.f) await writeFile(at, Buffer.from(entry.f.c, entry.f.b ? 'latin1' : 'utf8'));
    else await write(at, entry);
  }
}
