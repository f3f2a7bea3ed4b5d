import { awaitEdits } from './awaits.ts';
import { importCalls } from './known-syntax.ts';
import type { Edit, ImportUse, ModuleSyntax } from './module-syntax.ts';
import { PositionMap } from './positions.ts';

export interface Compiled {
  /** Classic script text that calls the global `handOver` with the module's function. */
  readonly script: string;
  readonly positions: PositionMap;
}

/**
 * Compiles an ES module to a generator function. Its first `next()` declares the exports (functions are hoisted by then),
 * its second runs the body. With top-level await it is an async generator; that is the only difference.
 *
 * An import becomes a plain `const` where the exporter has finished and never changes the value (`isConstant`): the body
 * then reads as the author wrote it, errors included. Else each use reads through a getter, which keeps the binding live.
 * With `follows` what is awaited is followed, by functions that the importing function has with it.
 */
export function compileModule(
  syntax: ModuleSyntax,
  handOver: string,
  isConstant: (local: string) => boolean,
  follows: boolean,
): Compiled {
  const { names } = syntax;
  const exports = [...new Set(syntax.localExports.values())].map((local) => `${local}:()=>${local}`);
  const constants = [...syntax.imports.keys()].filter(isConstant);
  const parameters = [names.define, names.meta, names.importCall, names.imports, names.scope].join(',');
  const nameDefault = syntax.defaultNeedsName ? `${names.define}.named(()=>${names.defaultExport});` : '';
  const prefix =
    `${handOver}(${syntax.hasTopLevelAwait ? 'async ' : ''}function*(${parameters}){"use strict";` +
    `${names.define}({${exports.join(',')}});yield;` +
    (constants.length > 0 ? `const{${constants.join(',')}}=${names.imports}();` : '');
  const edits = [...syntax.edits];
  if (follows) edits.push(...awaitEdits(syntax.source, 'module', names.importCall));
  for (const use of syntax.importUses) {
    const edit = rewriteUse(use, names.scope, constants.includes(use.name));
    if (edit) edits.push(edit);
  }
  return assemble(syntax.source, prefix, edits, `\n${nameDefault}})`);
}

function rewriteUse(use: ImportUse, scope: string, constant: boolean): Edit | null {
  const { start, end, name, callAt } = use;
  const target = `${scope}.${name}`;
  switch (use.kind) {
    // Assigning to an import must throw what V8 throws: the property's setter does that.
    case 'write':
      return { start, end, text: target };
    case 'shorthand-write':
      return { start, end, text: `${name}:${target}` };
    case 'read':
      return constant ? null : { start, end, text: target };
    case 'call':
      // `(0, …)` keeps `this` undefined in the callee.
      return constant ? null : { start, end, text: `(0,${target})`, callAt };
    case 'shorthand':
      return constant ? null : { start, end, text: `${name}:${target}` };
  }
}

/** The function Node wraps a CommonJS file in, inside one of ours that brings `import()`. */
export function compileCommonJs(source: string, handOver: string, follows: boolean): Compiled {
  let importCall = '$mport';
  while (source.includes(importCall)) importCall = `$${importCall}`;
  const edits: Edit[] = source.startsWith('#!') ? [{ start: 0, end: 2, text: '//' }] : [];
  edits.push(...importCalls(source, importCall));
  if (follows) edits.push(...awaitEdits(source, 'commonjs', importCall));
  const prefix = `${handOver}(${importCall}=>function(exports,require,module,__filename,__dirname){`;
  return assemble(source, prefix, edits, '\n})');
}

/** Applies the edits and notes every column that moved. */
function assemble(source: string, prefix: string, edits: Edit[], suffix: string): Compiled {
  const positions = new PositionMap();
  const output: string[] = [prefix];
  let line = 1;
  let column = prefix.length;
  let sourceColumn = 0;
  let offset = 0;
  const advance = (text: string, moveSource: boolean) => {
    output.push(text);
    for (let start = 0; ; ) {
      const feed = lineEnd(text, start);
      if (feed === -1) {
        column += text.length - start;
        if (moveSource) sourceColumn += text.length - start;
        return;
      }
      start = feed;
      line++;
      column = 0;
      sourceColumn = 0;
    }
  };
  positions.shift(1, 0, -column);
  positions.shift(1, column, -column);
  edits.sort((one, other) => one.start - other.start || one.end - other.end);
  const points: { at: number; sourceColumn: number }[] = [];
  const copy = (end: number) => {
    while (points.length > 0 && points[0].at < end) {
      const point = points.shift() as (typeof points)[number];
      advance(source.slice(offset, point.at), true);
      positions.point(line, column, point.sourceColumn);
      offset = point.at;
    }
    advance(source.slice(offset, end), true);
    offset = end;
  };
  for (const edit of edits) {
    copy(edit.start);
    const removed = source.slice(edit.start, edit.end);
    const startColumn = sourceColumn;
    if (edit.text.length === removed.length) {
      advance(edit.text, true);
    } else {
      // Everything inside the new text belongs to the place where the old text began.
      for (let inside = 0; inside < edit.text.length; inside++) {
        positions.shift(line, column + inside, startColumn - column - inside);
      }
      advance(edit.text, false);
      sourceColumn = startColumn + removed.length;
      positions.shift(line, column, sourceColumn - column);
    }
    offset = edit.end;
    if (edit.callAt !== undefined && edit.callAt >= 0)
      points.push({ at: edit.callAt, sourceColumn: startColumn });
  }
  copy(source.length);
  output.push(suffix);
  return { script: output.join(''), positions };
}

/** The offset behind the next line terminator of ECMA-262 §12.3 as V8 counts lines, or -1. */
function lineEnd(text: string, from: number): number {
  const feed = text.indexOf('\n', from);
  return feed === -1 ? -1 : feed + 1;
}
