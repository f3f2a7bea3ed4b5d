/**
 * The one WebContainer of a page. The client package allows one instance; the sandboxes of a lab's worlds share it, each
 * in a folder of its own. It is started with the first sandbox and torn down with the last, and when the reader leaves.
 */
import type { WebContainer } from '@webcontainer/api';
import type { BootStep } from '../index.ts';
import { fetchProbe, lacksTls, type ProbeReport, readReport } from '../probe/index.ts';
import { ContainerFailure, type FailureCode } from './failure.ts';
import { checkPage, type Limits, watchBoot } from './watch.ts';

export interface Container {
  readonly api: WebContainer;
  /** Absolute path of its working folder. */
  readonly root: string;
  /** Arguments of `node` by which `inside/`, and what its Node.js lacks, are loaded before a program. */
  readonly preloads: readonly string[];
  /** What its own Node.js can do, without those. */
  readonly probe: ProbeReport;
  /** Our own `tls`, `crypto` and `https` are in place of that Node's. */
  readonly standsIn: boolean;
  /** Calls back once, when it has died. Returns the function that stops listening. */
  onDeath(listener: (failure: ContainerFailure) => void): () => void;
  /** What has been asked of it, or its death, whichever comes first: one that is dead never answers. */
  answers<Value>(asked: Promise<Value>): Promise<Value>;
  /** Whoever acquired it needs it no more: the last one tears it down. */
  release(): void;
}

export interface StartOptions {
  limits: Limits;
  /** How often it is asked whether it lives. */
  heartbeatMs: number;
  engineUrl: string;
  progress: (step: BootStep) => void;
}

/** So many heartbeats it has for an answer: one that only has much to do must not be taken for dead. */
const PATIENCE = 3;

const DEFAULT_HOST = 'https://stackblitz.com';
const WORKDIR_NAME = 'handfast';

let starting: Promise<Container & { use(): void }> | undefined;
/** Once the host has not answered, no other boot of this page will ever settle: only a new page helps. */
let isSpent = false;

/** The page's container, started when there is none. */
export async function acquire(options: StartOptions): Promise<Container> {
  if (isSpent) throw new ContainerFailure('needs-reload');
  starting ??= start(options);
  const mine = starting;
  try {
    const container = await mine;
    container.use();
    return container;
  } catch (problem) {
    if (starting === mine) starting = undefined;
    throw problem;
  }
}

async function start({ limits, heartbeatMs, engineUrl, progress }: StartOptions) {
  progress('page');
  checkPage();
  progress('client');
  const { WebContainer } = await import('@webcontainer/api').catch(() => {
    throw new ContainerFailure('no-client');
  });
  const host = (globalThis as { WEBCONTAINER_API_IFRAME_URL?: string }).WEBCONTAINER_API_IFRAME_URL;
  const watch = watchBoot(new URL(host ?? DEFAULT_HOST, location.href).href, limits);
  try {
    progress('host');
    const booting = WebContainer.boot({ coep: 'require-corp', workdirName: WORKDIR_NAME }).catch(refused);
    const api = await Promise.race([booting, watch.failed]);
    progress('probe');
    const settled = await Promise.race([settle(api, engineUrl), watch.failed]).catch((problem) => {
      api.teardown();
      throw problem instanceof ContainerFailure ? problem : new ContainerFailure('unfit', wordsOf(problem));
    });
    progress('ready');
    return alive(api, settled, heartbeatMs, watch.removeFrame);
  } catch (problem) {
    if (problem instanceof ContainerFailure && HANGS.has(problem.code)) {
      isSpent = true;
      watch.removeFrame();
    }
    throw problem;
  } finally {
    watch.release();
  }
}

/** After these the client's own `boot` may never settle, and no other can begin. What it rejects with has settled. */
const HANGS: ReadonlySet<FailureCode> = new Set(['offline', 'blocked', 'policy', 'too-slow']);

const wordsOf = (problem: unknown) => (problem instanceof Error ? problem.message : String(problem));

/** What the client package's `boot` rejects with. */
function refused(problem: unknown): never {
  const words = wordsOf(problem);
  throw new ContainerFailure(/single WebContainer/.test(words) ? 'second-boot' : 'refused', words);
}

type Settled = Pick<Container, 'preloads' | 'probe' | 'standsIn'>;

const OWN_FOLDER = '.handfast';

/** Puts in what runs before every program, and asks its Node.js what it can do. */
async function settle(api: WebContainer, engineUrl: string): Promise<Settled> {
  const [place, program] = await Promise.all([
    fetchText(`${engineUrl}container-place.js`),
    fetchProbe(engineUrl),
  ]);
  await api.fs.mkdir(OWN_FOLDER, { recursive: true });
  await api.fs.writeFile(`${OWN_FOLDER}/place.mjs`, place);
  await api.fs.writeFile(`${OWN_FOLDER}/probe.mjs`, program);
  let isAnnounced = false;
  const unsubscribe = api.on('server-ready', () => {
    isAnnounced = true;
  });
  const asking = await api.spawn('node', [`${OWN_FOLDER}/probe.mjs`]);
  let said = '';
  const reader = asking.output.getReader();
  for (let next = await reader.read(); !next.done; next = await reader.read()) said += next.value;
  unsubscribe();
  const probe = readReport(said);
  // Of use to whoever reads the engine check: labs do without, since it does not say which process listens.
  probe.answers['server-ready'] = isAnnounced || 'no server of the probe was announced';
  const preloads = [`--import=${api.workdir}/${OWN_FOLDER}/place.mjs`];
  if (!lacksTls(probe)) return { preloads, probe, standsIn: false };
  await api.fs.writeFile(`${OWN_FOLDER}/tls.mjs`, await fetchText(`${engineUrl}container-tls.js`));
  // After the network: it connects and listens as the program would.
  return { preloads: [...preloads, `--import=${api.workdir}/${OWN_FOLDER}/tls.mjs`], probe, standsIn: true };
}

async function fetchText(url: string): Promise<string> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url} answered ${response.status}`);
  return response.text();
}

function alive(api: WebContainer, settled: Settled, heartbeatMs: number, removeFrame: () => void) {
  const listeners = new Set<(failure: ContainerFailure) => void>();
  const { promise: death, reject: dies } = Promise.withResolvers<never>();
  death.catch(() => {}); // whoever has asked something hears of it
  let unanswered: ReturnType<typeof setTimeout> | undefined;
  let users = 0;
  let isOver = false;

  function end(failure = new ContainerFailure('died')): void {
    isOver = true;
    dies(failure);
    starting = undefined;
    clearInterval(beating);
    clearTimeout(unanswered);
    removeEventListener('pagehide', leave);
    unsubscribe();
  }

  function tell(failure: ContainerFailure): void {
    for (const listener of [...listeners]) listener(failure);
    listeners.clear();
  }

  function died(detail: string): void {
    if (isOver) return;
    const failure = new ContainerFailure('died', detail);
    end(failure);
    isSpent = true;
    // What is left of it would go on taking its share of the machine.
    removeFrame();
    tell(failure);
  }

  /** The page may come back from the browser's cache; its programs do not. */
  function leave(): void {
    teardown();
    tell(new ContainerFailure('died'));
  }

  function teardown(): void {
    if (isOver) return;
    end();
    api.teardown();
  }

  async function beat(): Promise<void> {
    if (unanswered !== undefined) return;
    unanswered = setTimeout(() => died(''), PATIENCE * heartbeatMs);
    // An answer of any kind is a sign of life.
    await api.fs.readdir('.').catch(() => {});
    clearTimeout(unanswered);
    unanswered = undefined;
  }

  const beating = setInterval(beat, heartbeatMs);
  const unsubscribe = api.on('error', ({ message }) => died(message));
  addEventListener('pagehide', leave);

  return {
    api,
    root: api.workdir,
    ...settled,
    onDeath(listener: (failure: ContainerFailure) => void) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    answers: <Value>(asked: Promise<Value>) => Promise.race([asked, death]),
    use() {
      users += 1;
    },
    release() {
      users -= 1;
      if (users === 0) teardown();
    },
  };
}
