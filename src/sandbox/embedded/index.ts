/**
 * The embedded engine, page side: Node's own library in workers inside a sealed frame. Nothing is loaded before
 * `preload` or `bootEmbedded` is called; one frame and its spare workers then serve every sandbox of the page.
 */
import type { PartName } from '../../node/pieces/list.ts';
import type { BootOptions } from '../index.ts';
import { fetchPreloaded } from '../preloaded.ts';
import type { CompiledPackage } from './packages/compile.ts';
import { type Kernel, openFrame } from './page/frame.ts';
import { createParts, type Parts } from './page/parts.ts';
import { createSandbox, type EmbeddedSandbox } from './page/sandbox.ts';
import type { EngineScripts } from './page/seal.ts';

export { EngineError } from './page/frame.ts';
export type { EmbeddedProcess } from './page/process.ts';
export type { EmbeddedSandbox } from './page/sandbox.ts';

export interface EmbeddedBootOptions extends BootOptions {
  /** Where `kernel.js` and `worker.js` are served. Default `/engine/`. */
  engineUrl?: string;
  /** What the name `localhost` resolves to, in order. Default `::1`, `127.0.0.1`, as in `/etc/hosts` of a usual Linux. */
  localhost?: string[];
  /** How often the frame is asked whether it lives. Default 2000. */
  heartbeatMs?: number;
}

const DEFAULT_ENGINE_URL = '/engine/';
const DEFAULT_WORKDIR = '/lab';
const DEFAULT_HEARTBEAT_MS = 2000;

const scripts = new Map<string, Promise<EngineScripts>>();
let running: Promise<Kernel> | undefined;

async function fetchWhole(url: string): Promise<Response> {
  const response = await fetchPreloaded(url);
  if (!response.ok) throw new Error(`The sandbox could not be loaded: ${url} answered ${response.status}`);
  return response;
}

const fetchText = async (url: string) => (await fetchWhole(url)).text();

const fetchBytes = async (url: string) => new Uint8Array(await (await fetchWhole(url)).arrayBuffer());

/** Fetches the engine once. */
function loadScripts(engineUrl: string): Promise<EngineScripts> {
  let loading = scripts.get(engineUrl);
  if (!loading) {
    loading = Promise.all([fetchText(`${engineUrl}kernel.js`), fetchText(`${engineUrl}worker.js`)]).then(
      ([kernel, worker]) => ({ kernel, worker }),
    );
    scripts.set(engineUrl, loading);
    // A failure (the network was away for a moment) is not kept.
    loading.catch(() => scripts.delete(engineUrl));
  }
  return loading;
}

function kernel({
  engineUrl = DEFAULT_ENGINE_URL,
  heartbeatMs = DEFAULT_HEARTBEAT_MS,
}: EmbeddedBootOptions): Promise<Kernel> {
  if (!running) {
    const starting = openFrame(loadScripts(engineUrl), heartbeatMs);
    running = starting;
    starting.catch(() => {
      if (running === starting) running = undefined;
    });
  }
  return running;
}

/** A kernel that is alive: a dead frame is built anew. */
async function livingKernel(options: EmbeddedBootOptions): Promise<Kernel> {
  const current = await kernel(options);
  if (current.isAlive) return current;
  running = undefined;
  return kernel(options);
}

/**
 * Loads the engine and starts its spare workers ahead of the first Run: call it when the reader reaches for the button.
 * With `browsers`, what a lab's browser is made of comes as well, so that going offline after that breaks nothing.
 */
export async function preload(options: EmbeddedBootOptions & { browsers?: boolean } = {}): Promise<void> {
  await Promise.all([livingKernel(options), options.browsers && preloadBrowser(options)]);
}

async function preloadBrowser({ engineUrl = DEFAULT_ENGINE_URL }: EmbeddedBootOptions): Promise<void> {
  const { preload } = await import('./browser/index.ts');
  await preload((name) => fetchText(`${engineUrl}${name}.js`));
}

const packages = new Map<string, Promise<CompiledPackage | undefined>>();

/** A package that the build compiled, fetched once; nothing where there is none. */
function fetchPackage(url: string): Promise<CompiledPackage | undefined> {
  let loading = packages.get(url);
  if (!loading) {
    loading = fetch(url).then((response) => {
      if (response.status === 404) return undefined;
      if (!response.ok) throw new Error(`A package could not be loaded: ${url} answered ${response.status}`);
      return response.json();
    });
    packages.set(url, loading);
    loading.catch(() => packages.delete(url));
  }
  return loading;
}

const parts = new Map<string, Parts>();

function partsFrom(engineUrl: string): Parts {
  const known = parts.get(engineUrl);
  if (known) return known;
  const load = (name: PartName) =>
    name.endsWith('.wasm') ? fetchBytes(`${engineUrl}${name}`) : fetchText(`${engineUrl}${name}.js`);
  const made = createParts(load);
  parts.set(engineUrl, made);
  return made;
}

export async function bootEmbedded(options: EmbeddedBootOptions = {}): Promise<EmbeddedSandbox> {
  const { hosts = {}, workdir = DEFAULT_WORKDIR, localhost = ['::1', '127.0.0.1'], syntax = {} } = options;
  const { engineUrl = DEFAULT_ENGINE_URL, needs } = options;
  const parts = partsFrom(engineUrl);
  const packageOf = (name: string) => fetchPackage(`${engineUrl}packages/${name.replace('/', '+')}.json`);
  // Should one of them fail, whoever needs it asks again.
  for (const name of needs?.packages ?? []) packageOf(name).catch(() => {});
  for (const name of needs?.pieces ?? []) parts.fetch(name).catch(() => {});
  const current = await livingKernel(options);
  for (const name of needs?.pieces ?? []) parts.give(current, name).catch(() => {});
  const { world } = await current.call('boot', { hosts, workdir, localhost, syntax });
  return createSandbox(
    current,
    world,
    workdir,
    Object.keys(hosts),
    (name) => fetchText(`${engineUrl}${name}.js`),
    (name) => parts.give(current, name),
    packageOf,
  );
}
