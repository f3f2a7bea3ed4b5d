import { arrowOf, drawArrow } from './arrows.ts';
import { framesOf, libraryExcerpt } from './stack.ts';
import { throwSite } from './throw-site.ts';

export type Origin = 'uncaughtException' | 'unhandledRejection';
type Inspect = (value: unknown, options: object) => string;

let inspect: Inspect | undefined;
let isMainJob = (_error: unknown): boolean => false;

/** What the text needs of the running process: its `util.inspect`, and whether an error ended the main ES module. */
export function setUncaughtContext(context: { inspect: Inspect; endedMain(error: unknown): boolean }): void {
  inspect = context.inspect;
  isMainJob = context.endedMain;
}

/** Excerpts of Node's own files where it throws on the program's behalf, as version 24.21 prints them. */
const thrownByNode = {
  main: 'node:internal/modules/run_main:107\n    triggerUncaughtException(\n    ^\n',
  rejection: 'node:internal/process/promises:392\n      new UnhandledPromiseRejection(reason);\n      ^\n',
  errorEvent: "node:events:505\n    throw er; // Unhandled 'error' event\n    ^\n",
  assertion: 'node:assert:152\n  throw new AssertionError(obj);\n  ^\n',
};

/**
 * What Node prints on standard error for an error nobody caught: the place with its source line and a caret, an empty
 * line, and the error as `util.inspect` shows it. Without the version line that ends it.
 */
export function formatUncaught(error: unknown, origin: Origin): string {
  if (typeof error !== 'object' || error === null) return formatPrimitive(error, origin);
  if (!isError(error))
    return `\n${origin === 'unhandledRejection' ? thrownByNode.main : ''}${describe(error)}\n`;
  const excerpt = excerptOf(error, origin);
  // An arrow that the stack begins with already (a linking error's) is not printed twice.
  const { stack } = error;
  const decorated = arrowOf(error) !== undefined && String(stack).startsWith(arrowOf(error) as string);
  return `${decorated || excerpt === '' ? '' : `${excerpt}\n`}${describe(error)}\n`;
}

function formatPrimitive(value: unknown, origin: Origin): string {
  const place = origin === 'unhandledRejection' ? `\n${thrownByNode.main}` : '';
  const text = typeof value === 'symbol' ? '' : String(value);
  return `${place}${text}\n(Use \`node --trace-uncaught ...\` to show where the exception was thrown)\n`;
}

function excerptOf(error: Error, origin: Origin): string {
  const own = arrowOf(error) ?? libraryExcerpt(error);
  if (own !== undefined) return own;
  const { code } = error as { code?: unknown };
  if (code === 'ERR_UNHANDLED_REJECTION') return thrownByNode.rejection;
  const rejected = origin === 'unhandledRejection';
  const frames = framesOf(error);
  if (enhanceStack(error) && !rejected) return thrownByNode.errorEvent;
  if (code === 'ERR_ASSERTION' && 'generatedMessage' in error) {
    return rejected && isMainJob(error) ? thrownByNode.main : thrownByNode.assertion;
  }
  const [first] = frames;
  if (!first) return '';
  const at = { line: first.getLineNumber(), column: first.getColumnNumber() };
  // Without a `throw` in sight there is nothing to read; nor, perhaps, the parser to read it with.
  const mayTell = !rejected && frames.some(({ file }) => /\bthrow\b/.test(file.source));
  const site = (mayTell && throwSite(frames)) || { frame: first, at };
  return drawArrow(site.frame.file.name, site.frame.file.source, site.at.line, site.at.column);
}

/** An 'error' event nobody listens to: Node's `events` leaves a function on the error that adds where it was emitted. */
function enhanceStack(error: Error): boolean {
  const symbol = Object.getOwnPropertySymbols(error).find(
    ({ description }) => description === 'kEnhanceStackBeforeInspector',
  );
  if (!symbol) return false;
  try {
    error.stack = (error as unknown as Record<symbol, () => string>)[symbol]();
  } catch {
    // An error that cannot be changed is printed as it is.
  }
  return true;
}

function describe(error: object): string {
  try {
    if (inspect) return inspect(error, { colors: false, customInspect: false, depth: 5 });
  } catch {
    // An object that cannot be inspected still has its stack.
  }
  return String((error as Error).stack ?? error);
}

function isError(value: object): value is Error {
  return value instanceof Error || Object.prototype.toString.call(value) === '[object Error]';
}
