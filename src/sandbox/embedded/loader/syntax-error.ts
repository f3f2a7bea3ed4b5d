import { drawArrow, setArrow } from './arrows.ts';
import { tokenWidth } from './script-syntax.ts';
import { setHeadFrames } from './stack.ts';

export interface SyntaxErrorPlace {
  line: number;
  column: number;
  /** How many characters the engine marks, where it says. */
  width?: number;
}

export interface SyntaxErrorEnvironment {
  evaluate(script: string, name: string): unknown;
  locate?(error: unknown): SyntaxErrorPlace | undefined;
}

/**
 * Makes the error for text that does not parse. Our parser has words of its own, so the engine is asked for its: the text
 * is compiled inside a function that nobody calls. `error` is what was caught, the parser's or already the engine's.
 */
export function makeSyntaxError(
  error: unknown,
  file: { kind: 'module' | 'commonjs'; source: string; name: string; frames: readonly string[] },
  environment: SyntaxErrorEnvironment,
): unknown {
  if (!(error instanceof SyntaxError)) return error;
  const found = askEngine(file, environment) ?? fromParser(error);
  const made = new SyntaxError(found.message);
  setHeadFrames(made, file.frames);
  const { place } = found;
  if (!place) return made;
  const width = place.width ?? widthAt(file.source, place.line, place.column);
  const arrow = drawArrow(file.name, file.source, place.line, place.column, width);
  setArrow(made, file.kind === 'commonjs' ? `${arrow}\n` : arrow);
  // Node shows the place in the stack of a CommonJS file's error, and of a module's only when nobody catches it.
  if (file.kind === 'commonjs') made.stack = `${arrow}\n${made.stack}`;
  return made;
}

function askEngine(
  file: { kind: 'module' | 'commonjs'; source: string },
  environment: SyntaxErrorEnvironment,
): { message: string; place: SyntaxErrorPlace | undefined } | null {
  const prefix =
    file.kind === 'module'
      ? '(async function(){"use strict";'
      : '(function(exports,require,module,__filename,__dirname){';
  const source = file.source.replace(/^#!/, '//');
  const text = file.kind === 'module' ? blankModuleSyntax(source) : source;
  try {
    environment.evaluate(`${prefix}${text}\n})`, 'syntax-error');
    return null;
  } catch (error) {
    if (!(error instanceof SyntaxError)) return null;
    const place = environment.locate?.(error);
    if (place && place.line === 1) place.column -= prefix.length;
    // Browsers put the name of the function that ran the script before the engine's words.
    const message = error.message.replace(/^Failed to execute 'importScripts' on '\w+': /, '');
    return corrected(message, place, file);
  }
}

/** What the function around the text changes: where the text ends, and what `await` is. */
function corrected(
  message: string,
  place: SyntaxErrorPlace | undefined,
  { kind, source }: { kind: 'module' | 'commonjs'; source: string },
): { message: string; place: SyntaxErrorPlace | undefined } {
  const lines = source.split('\n');
  if (place && place.line > lines.length) {
    return {
      message: 'Unexpected end of input',
      place: { line: lines.length, column: (lines.at(-1) as string).length + 1, width: 0 },
    };
  }
  if (
    kind === 'module' &&
    message === 'await is only valid in async functions and the top level bodies of modules'
  ) {
    return { message: 'Unexpected reserved word', place };
  }
  return { message, place };
}

/** Acorn's message and place, for what only a module can get wrong. */
function fromParser(error: SyntaxError): { message: string; place: SyntaxErrorPlace | undefined } {
  const { loc } = error as SyntaxError & { loc?: { line: number; column: number } };
  let message = error.message.replace(/ \(\d+:\d+\)$/, '');
  message = message.replace(/^Duplicate export '(.*)'$/, "Duplicate export of '$1'");
  message = message.replace(/^Export '(.*)' is not defined$/, "Export '$1' is not defined in module");
  return { message, place: loc && { line: loc.line, column: loc.column + 1 } };
}

/** Takes `import` and `export` out of a module's text, roughly, so that a function can hold the rest. Nothing moves. */
function blankModuleSyntax(source: string): string {
  const spaces = (text: string) => text.replace(/[^\n]/g, ' ');
  return source
    .replace(
      /^([ \t]*)(import\b(?!\s*[.(])[^'"\n;]*(?:\{[^}]*\}[^'"\n;]*)?(?:'[^'\n]*'|"[^"\n]*"))/gm,
      (_, indent, rest) => indent + spaces(rest),
    )
    .replace(/^([ \t]*)(export\s+(?:\*|\{[^}]*\})[^\n;]*)/gm, (_, indent, rest) => indent + spaces(rest))
    .replace(/^([ \t]*)export\s+default\s+(?!(?:async\s+)?function\b|class\b)/gm, (text) =>
      text.replace(/export\s+default/, (words) => 'void'.padEnd(words.length)),
    )
    .replace(
      /^([ \t]*)export\s+default\s+((?:async\s+)?function\b\s*\*?\s*\(|class\s*(?:extends\b|\{))/gm,
      (text) => text.replace(/export\s+default/, (words) => 'void'.padEnd(words.length)),
    )
    .replace(/^([ \t]*)(export\s+(?:default\s+)?)/gm, (_, indent, rest) => indent + spaces(rest))
    .replace(/\bimport\.meta\b/g, 'import_meta');
}

/** What the engine underlines: the token at a place. */
function widthAt(source: string, line: number, column: number): number {
  return tokenWidth(source.split(/\r\n|[\n\r\u2028\u2029]/)[line - 1]?.slice(column - 1) ?? '');
}

/**
 * Tells where a syntax error lies in a browser's worker: the error itself does not say, but the event that reports it does.
 * The listener must be the realm's first, before the runtime's own, so it is set when this file is loaded.
 */
export const locateInBrowser = createLocator();

function createLocator(): ((error: unknown) => SyntaxErrorPlace | undefined) | undefined {
  const { reportError, addEventListener } = globalThis as Partial<typeof globalThis>;
  if (typeof reportError !== 'function' || typeof addEventListener !== 'function') return undefined;
  let asking = false;
  let place: SyntaxErrorPlace | undefined;
  addEventListener.call(globalThis, 'error', (event) => {
    if (!asking) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const { lineno, colno } = event as ErrorEvent;
    if (lineno > 0) place = { line: lineno, column: Math.max(1, colno) };
  });
  return (error) => {
    asking = true;
    place = undefined;
    try {
      reportError.call(globalThis, error);
    } finally {
      asking = false;
    }
    return place;
  };
}
