/**
 * The engine `node`: real Node.js and OpenSSL on this machine. It is the referee for the others, and what the
 * downloaded lab runs on. Each process is a child process in a temporary copy of the lab; `network.mjs` gives each
 * host a loopback address. Not a security boundary: run only the project's own labs in it.
 */
import { randomInt } from 'node:crypto';
import { mkdtemp, readFile, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { BootOptions, Endpoint, Sandbox, SandboxEvents, SandboxProcess } from '../index.ts';
import { nodeArguments } from './command.ts';
import { realFileSystem, writeTree } from './files.ts';
import { type NetworkReport, type Place, startProcess } from './process.ts';

type Listener = (detail: never) => void;

export async function bootNode(options: BootOptions = {}): Promise<Sandbox> {
  const workdir = options.workdir ?? '/lab';
  const folder = await realpath(await mkdtemp(path.join(tmpdir(), 'handfast-')));
  const hosts = placeHosts({ localhost: '127.0.0.1', ...options.hosts });
  const nameOf = new Map(Object.entries(hosts).map(([name, { address }]) => [address, name]));
  const listeners = new Map<string, Set<Listener>>();
  const running = new Set<SandboxProcess>();
  let connections = 0;

  function emit<Name extends keyof SandboxEvents>(event: Name, detail: SandboxEvents[Name]): void {
    for (const listener of listeners.get(event) ?? []) listener(detail as never);
  }

  function endpoint(address: string, port: number): Endpoint {
    return { host: nameOf.get(address) ?? address, address, port };
  }

  function report(pid: number, seen: NetworkReport): void {
    if (seen.type === 'connection') {
      connections += 1;
      const from = endpoint(seen.from, seen.fromPort);
      emit('connection', { id: connections, from, to: endpoint(seen.to, seen.port), status: seen.status });
    } else {
      emit(seen.type, { pid, at: endpoint(seen.address, seen.port) });
    }
  }

  /** The real path for a path of the lab. */
  function real(given: string): string {
    const relative = path.posix.relative(workdir, path.posix.resolve(workdir, given));
    if (relative.startsWith('..')) throw new Error(`${given} lies outside the lab's folder ${workdir}.`);
    return path.join(folder, relative);
  }

  return {
    engine: 'node',
    workdir,
    fs: realFileSystem(real),
    async mount(tree, { mountPoint = '.' } = {}) {
      await writeTree(real(mountPoint), tree);
    },
    async spawn(command, args = [], { cwd = workdir, env = {}, host = 'localhost' } = {}) {
      if (!(host in hosts)) {
        throw new Error(`No host "${host}": the lab has ${Object.keys(hosts).join(', ')}.`);
      }
      const packageJson = await readFile(path.join(real(cwd), 'package.json'), 'utf8').catch(() => undefined);
      const words = nodeArguments(command, args, packageJson);
      let pid = 0;
      const early: NetworkReport[] = [];
      const child = await startProcess(words, { cwd: real(cwd), env, place: { host, hosts } }, (seen) => {
        if (pid === 0) early.push(seen);
        else report(pid, seen);
      });
      pid = child.pid;
      running.add(child);
      emit('spawn', { pid, command, args, host });
      for (const seen of early) report(pid, seen);
      child.exit.then((code) => {
        running.delete(child);
        emit('exit', { pid, code });
      });
      return child;
    },
    async browse() {
      throw new Error('This engine has no browser yet.');
    },
    on(event, listener) {
      const all = listeners.get(event) ?? new Set();
      listeners.set(event, all.add(listener as Listener));
      return () => void all.delete(listener as Listener);
    },
    async teardown() {
      const ends = [...running].map((each) => each.exit);
      for (const each of running) each.kill('SIGKILL');
      await Promise.all(ends);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** A block of loopback addresses of this sandbox's own, so that several can run at the same time on the same ports. */
function placeHosts(hosts: Record<string, string>): Place['hosts'] {
  const block = `127.${randomInt(1, 255)}.${randomInt(1, 255)}`;
  return Object.fromEntries(
    Object.entries(hosts).map(([name, address], index) => [
      name,
      { address, loopback: `${block}.${index + 1}` },
    ]),
  );
}
