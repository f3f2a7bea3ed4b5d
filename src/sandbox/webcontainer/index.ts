/**
 * The engine `webcontainer`: StackBlitz's WebContainers behind the same interface, by its own client package. Chosen by the
 * reader, never by itself: it asks another host for its runtime. `container.ts` starts it, `inside/` runs before every
 * program in it.
 */
import { engineWords } from '../../text/index.ts';
import { type Capabilities, can, cannot } from '../capabilities.ts';
import { resolvePath } from '../embedded/files/tree.ts';
import { readCommand } from '../embedded/kernel/command.ts';
import type { BootOptions, Endpoint, FileTree, Sandbox, SandboxEvents } from '../index.ts';
import { acquire, type Container } from './container.ts';
import { asMounted, filesIn } from './files.ts';
import type { Placement } from './hosts.ts';
import { type PackageFiles, packagesOf } from './packages.ts';
import { type Running, runInTurn } from './process.ts';
import { type Report, separate } from './reports.ts';
import { LIMITS, type Limits } from './watch.ts';

export { ContainerFailure, type FailureCode } from './failure.ts';

export interface WebContainerBootOptions extends BootOptions {
  limits?: Partial<Limits>;
  /** Where the site serves what goes into a container. Default `/engine/`. */
  engineUrl?: string;
  /** How often the container is asked whether it lives, in milliseconds. Default 5000. */
  heartbeatMs?: number;
}

const { reasons } = engineWords;

const capabilities: Capabilities = {
  wireTap: cannot(reasons.containerTap),
  worlds: cannot(reasons.oneContainer),
  onPath: cannot(reasons.notOnPath),
  deterministic: cannot(reasons.random),
  npmInstall: can,
  separateStderr: cannot(reasons.merged),
  offline: cannot(reasons.online),
  browsers: cannot(reasons.containerBrowsers),
  ownAddresses: cannot(reasons.oneAddress),
};

const DEFAULT_WORKDIR = '/lab';
const DEFAULT_ENGINE_URL = '/engine/';
const DEFAULT_HEARTBEAT_MS = 5000;
const KILLED = 137;

let sandboxes = 0;
let pids = 0;

type Listeners = Map<string, Set<(detail: never) => void>>;

export async function bootWebContainer(options: WebContainerBootOptions = {}): Promise<Sandbox> {
  const { workdir = DEFAULT_WORKDIR, engineUrl = DEFAULT_ENGINE_URL, progress = () => {} } = options;
  const container = await acquire({
    limits: { ...LIMITS, ...options.limits },
    heartbeatMs: options.heartbeatMs ?? DEFAULT_HEARTBEAT_MS,
    engineUrl,
    progress,
  });
  sandboxes += 1;
  const folder = `world-${sandboxes}`;
  await container.answers(container.api.fs.mkdir(folder)).catch((problem) => {
    container.release();
    throw problem;
  });
  return createSandbox(container, folder, workdir, hostsOf(options.hosts), packagesFrom(engineUrl));
}

/** `localhost` is each host itself, and where a process runs that is given none. */
function hostsOf(given: Record<string, string> = {}): Record<string, string> {
  return { localhost: '127.0.0.1', ...given };
}

const packagesFrom =
  (engineUrl: string): PackageFiles =>
  async (name) => {
    const response = await fetch(`${engineUrl}packages/${name.replace('/', '+')}.json`);
    if (response.status === 404) return undefined;
    return (await response.json()).files;
  };

function createSandbox(
  container: Container,
  folder: string,
  workdir: string,
  hosts: Record<string, string>,
  packages: PackageFiles,
): Sandbox {
  const { api, answers } = container;
  const listeners: Listeners = new Map();
  const running = new Map<number, Running>();
  const open = new Map<number, Endpoint[]>();
  /** By folder, the `package.json` whose packages are in it. */
  const brought = new Map<string, FileTree[string]>();
  let connections = 0;
  let ending: Promise<void> | undefined;

  function emit<Name extends keyof SandboxEvents>(name: Name, detail: SandboxEvents[Name]): void {
    for (const listener of [...(listeners.get(name) ?? [])]) {
      try {
        listener(detail as never);
      } catch (error) {
        // One listener's mistake must not keep the others from hearing.
        reportError(error);
      }
    }
  }

  const at = (host: string, port: number): Endpoint => ({ host, address: hosts[host], port });

  function receive(pid: number, host: string, seen: Report): void {
    if (seen.type === 'connection') {
      connections += 1;
      const [from, to] = [at(host, seen.fromPort), at(seen.to, seen.port)];
      emit('connection', { id: connections, from, to, status: seen.status, time: Date.now() });
    } else if (seen.type === 'listen') listen(pid, { ...at(host, seen.port), behind: seen.real });
    else unlisten(pid, host, seen.port);
  }

  function listen(pid: number, endpoint: Endpoint): void {
    open.set(pid, [...(open.get(pid) ?? []), endpoint]);
    emit('listen', { pid, at: endpoint });
  }

  function unlisten(pid: number, host: string, port: number): void {
    const all = open.get(pid) ?? [];
    const found = all.find((each) => each.host === host && each.port === port);
    if (!found) return;
    open.set(
      pid,
      all.filter((each) => each !== found),
    );
    emit('unlisten', { pid, at: found });
  }

  const stopHearing = container.onDeath((failure) => {
    for (const process of running.values()) process.die(KILLED);
    emit('error', { message: failure.message });
  });

  /** A path of the lab, as the container's own functions take it: from its working folder. */
  function real(path: string): string {
    const whole = resolvePath(workdir, path);
    if (whole !== workdir && !whole.startsWith(`${workdir}/`))
      throw new Error(`${path} lies outside the lab’s folder ${workdir}.`);
    return folder + whole.slice(workdir.length);
  }

  async function end(): Promise<void> {
    stopHearing();
    const ends = [...running.values()].map(({ exit }) => exit);
    for (const process of running.values()) process.kill('SIGKILL');
    await Promise.all(ends);
    await answers(api.fs.rm(folder, { recursive: true, force: true })).catch(() => {});
    container.release();
  }

  async function put(place: string, tree: FileTree): Promise<void> {
    await answers(api.fs.mkdir(place, { recursive: true }));
    await answers(api.mount(asMounted(tree), { mountPoint: place }));
  }

  async function npmInstall(place: string): Promise<void> {
    const words = ['install', '--no-audit', '--no-fund'];
    const child = await answers(api.spawn('npm', words, { cwd: place }));
    const said: string[] = [];
    const reading = child.output.pipeTo(new WritableStream({ write: (text) => void said.push(text) }));
    const [code] = await answers(Promise.all([child.exit, reading]));
    if (code !== 0)
      throw new Error(`npm install ended with exit code ${code}:\n${said.join('').slice(-2000)}`);
  }

  return {
    engine: 'webcontainer',
    workdir,
    capabilities,
    probe: container.probe,
    standsIn: container.standsIn,
    fs: filesIn(container, real),
    async mount(tree, { mountPoint = '.' } = {}) {
      const place = real(mountPoint);
      await put(place, tree);
      const manifest = tree['package.json'];
      if (manifest === undefined || manifest === brought.get(place)) return;
      const { modules, missing } = await packagesOf(tree, packages);
      if (Object.keys(modules).length > 0) await put(`${place}/node_modules`, modules);
      if (missing.length > 0) await npmInstall(place);
      brought.set(place, manifest);
    },
    async spawn(command, args = [], { cwd = '.', env = {}, host = 'localhost' } = {}) {
      if (!Object.hasOwn(hosts, host)) {
        throw new Error(`No host "${host}": the lab has ${Object.keys(hosts).join(', ')}.`);
      }
      const place = real(cwd);
      const manifest = await answers(api.fs.readFile(`${place}/package.json`)).catch(() => undefined);
      const { steps } = readCommand(
        { read: () => manifest },
        `${container.root}/${place}`,
        command,
        args,
        env,
      );
      const mark = crypto.randomUUID();
      const { preloads } = container;
      const placement: Placement = { host, hosts, preloads, mark };
      const starts = steps.map((step) => () => {
        const words = [...preloads, ...step.execArgv, ...step.args];
        const own = { ...step.env, HANDFAST_PLACE: JSON.stringify(placement) };
        return answers(api.spawn('node', words, { cwd: place, env: own }));
      });
      const first = await starts[0]();
      pids += 1;
      const pid = pids;
      emit('spawn', { pid, command, args, host });
      const filter = separate(mark, (seen) => receive(pid, host, seen));
      const process = runInTurn(pid, starts, first, filter);
      running.set(pid, process);
      process.exit.then((code) => {
        running.delete(pid);
        // What a process had open when it was killed, it could not report.
        for (const each of open.get(pid) ?? []) unlisten(pid, each.host, each.port);
        open.delete(pid);
        emit('exit', { pid, code });
      });
      return process;
    },
    async browse() {
      throw new Error(reasons.containerBrowsers);
    },
    on(event, listener) {
      const all = listeners.get(event) ?? new Set();
      listeners.set(event, all.add(listener as (detail: never) => void));
      return () => void all.delete(listener as (detail: never) => void);
    },
    teardown() {
      ending ??= end();
      return ending;
    },
  };
}
