import { timerFrames } from './node-frames.ts';
import { type LoadedFile, loadedFile } from './scripts.ts';

/** V8's CallSite, https://v8.dev/docs/stack-trace-api. */
export interface CallSite
  extends Omit<NodeJS.CallSite, 'getEnclosingLineNumber' | 'getEnclosingColumnNumber' | 'getScriptHash'> {
  getEnclosingLineNumber?(): number;
  getEnclosingColumnNumber?(): number;
  getScriptHash?(): string;
}

/**
 * A frame of the program with the name, line and column of its source: what user code gets in `Error.prepareStackTrace`,
 * and what stacks are printed from.
 */
export class SourceCallSite {
  readonly #site: CallSite;
  readonly #file: LoadedFile;
  readonly #line: number;
  readonly #column: number;

  constructor(site: CallSite, file: LoadedFile) {
    this.#site = site;
    this.#file = file;
    const position = { line: site.getLineNumber() ?? 1, column: site.getColumnNumber() ?? 1 };
    const { line, column } = file.positions.toSource(position);
    this.#line = line;
    this.#column = column;
  }

  get file(): LoadedFile {
    return this.#file;
  }

  getThis() {
    return this.#site.getThis();
  }
  getTypeName() {
    return this.#site.getTypeName();
  }
  getFunction() {
    return this.#site.getFunction();
  }
  getFunctionName() {
    return this.#site.getFunctionName();
  }
  getMethodName() {
    return this.#site.getMethodName();
  }
  getFileName() {
    return this.#file.name;
  }
  getLineNumber() {
    return this.#line;
  }
  getColumnNumber() {
    return this.#column;
  }
  getEvalOrigin() {
    return this.#site.getEvalOrigin();
  }
  isToplevel() {
    return this.#site.isToplevel();
  }
  isEval() {
    return this.#site.isEval();
  }
  isNative() {
    return this.#site.isNative();
  }
  isConstructor() {
    return this.#site.isConstructor();
  }
  isAsync() {
    return this.#site.isAsync();
  }
  isPromiseAll() {
    return this.#site.isPromiseAll();
  }
  getPromiseIndex() {
    return this.#site.getPromiseIndex();
  }
  getScriptNameOrSourceURL() {
    return this.#file.name;
  }
  getScriptHash() {
    return this.#site.getScriptHash?.() ?? '';
  }
  getEnclosingLineNumber() {
    return this.#site.getEnclosingLineNumber?.() ?? this.#line;
  }
  getEnclosingColumnNumber() {
    return this.#site.getEnclosingColumnNumber?.() ?? this.#column;
  }
  getPosition() {
    return this.#site.getPosition();
  }

  /** V8's own words for the frame, with the place corrected. */
  toString(): string {
    const place = `${this.#file.name}:${this.#line}:${this.#column}`;
    // A module namespace is a proxy here; V8 names the type of its own "Module".
    const text = String(this.#site).replace(/^Proxy\./, 'Module.');
    const open = text.lastIndexOf(' (');
    if (open !== -1 && text.endsWith(')')) return `${text.slice(0, open)} (${place})`;
    return text.startsWith('async ') ? `async ${place}` : place;
  }
}

/** A frame as a stack prints it. Null stands for one of the engine: Node would print its own, and count it. */
export type PrintedFrame = SourceCallSite | CallSite | string | null;

/**
 * The frames a program would see in Node without those of Node's own library: the engine's are left out, and so are the
 * built-in functions they called.
 */
export function programFrames(sites: readonly CallSite[]): (SourceCallSite | CallSite)[] {
  return printedFrames(sites, () => [], false).filter(
    (frame) => frame !== null && typeof frame !== 'string',
  ) as (SourceCallSite | CallSite)[];
}

/**
 * The frames for a printed stack. `below` says what stands in for the loader's frames under the top level of a file;
 * with `hasHead` the innermost frames are the loader's too, and something else stands in for them.
 */
export function printedFrames(
  sites: readonly CallSite[],
  below: (file: LoadedFile) => readonly string[],
  hasHead: boolean,
): PrintedFrame[] {
  const frames: PrintedFrame[] = [];
  let builtins: CallSite[] = [];
  let replaced = hasHead;
  for (const [index, site] of sites.entries()) {
    const script = scriptOf(site);
    if (!script) {
      builtins.push(site);
      continue;
    }
    const file = loadedFile(script, site.getLineNumber());
    if (file) {
      // A built-in function belongs to whoever called it: the next frame down.
      frames.push(...builtins, new SourceCallSite(site, file));
      const standIn = isTopLevel(site, file, sites[index + 1])
        ? below(file)
        : isTimerCallback(site, sites[index + 1])
          ? timerFrames[site.getTypeName() as string]
          : [];
      frames.push(...standIn);
      replaced = standIn.length > 0;
    } else if (!replaced) {
      frames.push(...builtins.map(() => null), null);
    }
    builtins = [];
  }
  return frames;
}

function scriptOf(site: CallSite): string | null | undefined {
  return site.getScriptNameOrSourceURL?.() ?? site.getFileName();
}

function isTimerCallback(site: CallSite, caller: CallSite | undefined): boolean {
  const script = caller && scriptOf(caller);
  return (
    !!script &&
    !loadedFile(script, caller.getLineNumber()) &&
    Object.hasOwn(timerFrames, site.getTypeName() ?? '')
  );
}

/** The function a file was compiled to has no name; the engine calls it, through `next()` where it is a generator. */
function isTopLevel(site: CallSite, file: LoadedFile, caller: CallSite | undefined): boolean {
  if (!caller || site.getFunctionName() || site.isAsync() || site.isConstructor()) return false;
  const script = scriptOf(caller);
  if (file.kind === 'module') return !script && String(caller).endsWith('next (<anonymous>)');
  return site.getTypeName() === 'Object' && !!script && !loadedFile(script, caller.getLineNumber());
}
