import { type CallSite, programFrames, type SourceCallSite } from './call-site.ts';
import { stackHeader } from './node-error.ts';

type Frame = SourceCallSite | CallSite;
type Prepare = (error: unknown, frames: Frame[]) => unknown;

let users: Prepare | undefined;
const wrappers = new WeakMap<Prepare, Prepare>();
let installed = false;

/**
 * Makes `error.stack` read as in Node: the program's own files, lines and columns, and nothing of the engine. V8 asks
 * `Error.prepareStackTrace` for it; a program that sets its own gets the corrected frames. Other browsers have no such
 * hook, there stacks stay as the browser writes them.
 */
export function installStackTraces(): void {
  if (installed || typeof Error.captureStackTrace !== 'function') return;
  installed = true;
  Object.defineProperty(Error, 'prepareStackTrace', {
    configurable: true,
    enumerable: false,
    get: () => (users ? wrap(users) : prepare),
    set: (value: unknown) => {
      if (typeof value !== 'function' || value === prepare) users = undefined;
      else users = [...originals].find(([wrapper]) => wrapper.deref() === value)?.[1] ?? (value as Prepare);
    },
  });
}

const originals = new Map<WeakRef<Prepare>, Prepare>();

function wrap(user: Prepare): Prepare {
  const known = wrappers.get(user);
  if (known) return known;
  const wrapper: Prepare = (error, sites) => user.call(Error, error, programFrames(sites as CallSite[]));
  wrappers.set(user, wrapper);
  originals.set(new WeakRef(wrapper), user);
  return wrapper;
}

const firstFrames = new WeakMap<object, SourceCallSite>();

function prepare(error: unknown, sites: readonly Frame[]): string {
  const frames = programFrames(sites as CallSite[]);
  const first = frames.find((frame): frame is SourceCallSite => 'file' in frame);
  if (first && typeof error === 'object' && error !== null) firstFrames.set(error, first);
  const header = stackHeader(error);
  return frames.length === 0 ? header : `${header}\n    at ${frames.join('\n    at ')}`;
}

/** The program's frame nearest to where the error was made. */
export function originOf(error: unknown): SourceCallSite | undefined {
  if (typeof error !== 'object' || error === null) return undefined;
  void (error as Error).stack; // V8 prepares it on the first look
  return firstFrames.get(error);
}
