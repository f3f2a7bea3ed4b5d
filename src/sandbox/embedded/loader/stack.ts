import type { ErrorPlace } from '../../../node/index.ts';
import {
  type CallSite,
  type PrintedFrame,
  printedFrames,
  programFrames,
  type SourceCallSite,
} from './call-site.ts';
import { fileFrames } from './file-frames.ts';
import { emitFrames, errorFrames } from './library-frames.ts';
import { stackHeader } from './node-error.ts';
import { belowCommonJs, belowModule, rejectionFrames } from './node-frames.ts';
import type { LoadedFile } from './scripts.ts';

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

const framesByError = new WeakMap<object, SourceCallSite[]>();

/** Frames of Node's to show above the program's own: errors of the loader are made by functions of ours. */
const headFrames = new WeakMap<object, readonly string[]>();

export function setHeadFrames(error: object, frames: readonly string[]): void {
  headFrames.set(error, frames);
}

/** Runs the loader's own code so that errors made in it still reach the program's frames behind our many. */
export function withDeepStacks<Value>(run: () => Value): Value {
  const limit = Error.stackTraceLimit;
  if (typeof limit !== 'number' || limit === 0) return run();
  Error.stackTraceLimit = limit + 40;
  try {
    return run();
  } finally {
    Error.stackTraceLimit = limit;
  }
}

function prepare(error: unknown, sites: readonly Frame[]): string {
  const object = typeof error === 'object' && error !== null ? error : undefined;
  const isRejection = (object as { code?: unknown } | undefined)?.code === 'ERR_UNHANDLED_REJECTION';
  const head = (object && headFrames.get(object)) ?? (isRejection ? rejectionFrames : []);
  const printed = printedFrames(sites as CallSite[], nodeFrames, head.length > 0);
  if (object) framesByError.set(object, printed.filter(isSourceFrame));
  const limit = Error.stackTraceLimit;
  const frames = [
    ...head,
    ...(object && head.length === 0 ? withLibraryFrames(object, sites, printed) : printed),
  ]
    .slice(0, typeof limit === 'number' ? Math.max(0, limit) : undefined)
    .filter((frame) => frame !== null);
  const header = stackHeader(error);
  return frames.length === 0 ? header : `${header}\n    at ${frames.join('\n    at ')}`;
}

/** Node's own frames, where they are known, in place of the engine's. An object that is no error holds the place of an event. */
function withLibraryFrames(
  object: object,
  sites: readonly Frame[],
  printed: readonly PrintedFrame[],
): readonly PrintedFrame[] {
  const first = printed.findIndex((frame) => frame !== null);
  if (first === 0 || printed.length === 0) return printed;
  const texts = sites.slice(0, first === -1 ? undefined : first).map(String);
  if (!(object instanceof Error)) return first === -1 ? emitFrames(texts) : printed;
  if (first === -1) return errorFrames(object, texts);
  const found = 'syscall' in object ? fileFrames(texts) : undefined;
  if (!found) return printed;
  if (found.excerpt) excerpts.set(object, found.excerpt);
  return [...found.frames, ...printed.slice(first)];
}

const excerpts = new WeakMap<object, string>();

/** The line of Node's own that an uncaught error is shown with, if that is where it was thrown. */
export function libraryExcerpt(error: Error): string | undefined {
  void error.stack;
  return excerpts.get(error);
}

function isSourceFrame(frame: PrintedFrame): frame is SourceCallSite {
  return typeof frame === 'object' && frame !== null && 'file' in frame;
}

/** The program's frames in which the error was made, innermost first. */
export function framesOf(error: Error): readonly SourceCallSite[] {
  void error.stack; // V8 prepares it on the first look
  return framesByError.get(error) ?? [];
}

/** What Node shows below the top level of a file. */
function nodeFrames(file: LoadedFile): string[] {
  return file.kind === 'module' ? belowModule(file.startedBy) : belowCommonJs(file.startedBy);
}

/** Line and column of the place where an error was made, as the program's text has them. */
export function locateError(error: object): ErrorPlace | undefined {
  const [frame] = framesOf(error as Error);
  if (!frame) return undefined;
  const lineNumber = frame.getLineNumber();
  return {
    sourceLine: frame.file.source.split('\n')[lineNumber - 1] ?? '',
    scriptResourceName: frame.getFileName(),
    lineNumber,
    startColumn: frame.getColumnNumber() - 1,
  };
}
