/**
 * The engine `node`: real Node.js and OpenSSL on this machine. It is the referee for the others, and what the
 * downloaded lab runs on. Each process is a child process in a temporary copy of the lab; `network.mjs` gives each
 * host a loopback address. Not a security boundary: run only the project's own labs in it.
 */
import { mkdtemp, readFile, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { engineWords } from '../../text/index.ts';
import { type Capabilities, can, cannot } from '../capabilities.ts';
import type { BootOptions, Browser, Endpoint, Sandbox, SandboxEvents, SandboxProcess } from '../index.ts';
import type { Chromiums } from './browser/chromium.ts';
import { createRelay, type Relay } from './browser/relay.ts';
import { nodeArguments } from './command.ts';
import { realFileSystem, writeTree } from './files.ts';
import { claimLoopbackBlock } from './loopback.ts';
import { type NetworkReport, type Place, startProcess } from './process.ts';

const { reasons } = engineWords;

const capabilities: Capabilities = {
  wireTap: cannot(reasons.nodeTap),
  worlds: can,
  onPath: cannot(reasons.notOnPath),
  deterministic: cannot(reasons.random),
  npmInstall: cannot(reasons.nodePackages),
  separateStderr: can,
  offline: can,
  browsers: can,
  ownAddresses: can,
};

type Listener = (detail: never) => void;

export async function bootNode(options: BootOptions = {}): Promise<Sandbox> {
  const workdir = options.workdir ?? '/lab';
  const folder = await realpath(await mkdtemp(path.join(tmpdir(), 'handfast-')));
  const loopback = await claimLoopbackBlock();
  const hosts = placeHosts({ localhost: '127.0.0.1', ...options.hosts }, loopback.next);
  const nameOf = new Map(Object.entries(hosts).map(([name, { address }]) => [address, name]));
  const listeners = new Map<string, Set<Listener>>();
  const running = new Set<SandboxProcess>();
  /** The ports that each process has open. */
  const open = new Map<number, Endpoint[]>();
  const browsers = new Set<Browser>();
  let chromiums: Chromiums | undefined;
  /** The way into the lab from each host that has a browser. */
  const relays = new Map<string, Relay>();
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
      const to = endpoint(seen.to, seen.port);
      emit('connection', { id: connections, from, to, status: seen.status, time: Date.now() });
    } else if (seen.type === 'listen') {
      listen(pid, endpoint(seen.address, seen.port));
    } else {
      unlisten(pid, endpoint(seen.address, seen.port));
    }
  }

  function listen(pid: number, at: Endpoint): void {
    open.set(pid, [...(open.get(pid) ?? []), at]);
    for (const relay of relays.values()) relay.open(at);
    emit('listen', { pid, at });
  }

  function unlisten(pid: number, at: Endpoint): void {
    const rest = (open.get(pid) ?? []).filter(({ host, port }) => host !== at.host || port !== at.port);
    open.set(pid, rest);
    for (const relay of relays.values()) relay.shut(at);
    emit('unlisten', { pid, at });
  }

  function relayFor(host: string): Relay {
    let relay = relays.get(host);
    if (relay) return relay;
    const all = Object.entries(hosts).map(([name, place]) => ({ name, ...place, front: loopback.next() }));
    relay = createRelay(host, all, (port, to) => {
      connections += 1;
      const from = { host, address: hosts[host].address, port };
      emit('connection', { id: connections, from, to, status: 'open', time: Date.now() });
    });
    relays.set(host, relay);
    for (const at of [...open.values()].flat()) relay.open(at);
    return relay;
  }

  function checkHost(host: string): void {
    if (!(host in hosts)) {
      throw new Error(`No host "${host}": the lab has ${Object.keys(hosts).join(', ')}.`);
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
    capabilities,
    fs: realFileSystem(real),
    async mount(tree, { mountPoint = '.' } = {}) {
      await writeTree(real(mountPoint), tree);
    },
    async spawn(command, args = [], { cwd = workdir, env = {}, host = 'localhost' } = {}) {
      checkHost(host);
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
        // What a process had open when it was killed, it could not report.
        for (const at of open.get(pid) ?? []) unlisten(pid, at);
        open.delete(pid);
        emit('exit', { pid, code });
      });
      return child;
    },
    async browse(options) {
      checkHost(options.host);
      const authorities = await readFile(real(options.trusts), 'utf8').catch((problem) => {
        throw new Error(
          `The browser "${options.name}" cannot start: ${options.trusts}, which it trusts, cannot be read (${problem.code}).`,
        );
      });
      // Loaded here, because only labs with a browser need Playwright.
      const [{ openBrowser }, { Chromiums }] = await Promise.all([
        import('./browser/index.ts'),
        import('./browser/chromium.ts'),
      ]);
      chromiums ??= new Chromiums();
      const browser = await openBrowser(options, authorities, { relay: relayFor(options.host), chromiums });
      browsers.add(browser);
      return browser;
    },
    on(event, listener) {
      const all = listeners.get(event) ?? new Set();
      listeners.set(event, all.add(listener as Listener));
      return () => void all.delete(listener as Listener);
    },
    async teardown() {
      await Promise.all([...browsers].map((browser) => browser.close()));
      await chromiums?.close();
      for (const relay of relays.values()) relay.close();
      const ends = [...running].map((each) => each.exit);
      for (const each of running) each.kill('SIGKILL');
      await Promise.all(ends);
      loopback.release();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function placeHosts(hosts: Record<string, string>, nextLoopback: () => string): Place['hosts'] {
  return Object.fromEntries(
    Object.entries(hosts).map(([name, address]) => [name, { address, loopback: nextLoopback() }]),
  );
}
