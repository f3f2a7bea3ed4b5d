import type { AnyNode } from 'acorn';
import { parse } from 'acorn';
import { locate } from './arrows.ts';
import type { SourceCallSite } from './call-site.ts';
import type { Position } from './positions.ts';
import { childrenOf, isFunction } from './scope.ts';

/**
 * Where an error was thrown, from where it was made. V8 knows the place of the `throw`; from JavaScript only the frames
 * of the error's making can be seen. So the source is read: an error made inside a `throw` statement was thrown there,
 * one that a function returns was thrown by the caller, one kept in a variable where that variable is thrown.
 */
export function throwSite(
  frames: readonly SourceCallSite[],
): { frame: SourceCallSite; at: Position } | undefined {
  const [first] = frames;
  if (!first) return undefined;
  for (const frame of frames) {
    const { source } = frame.file;
    const place = { line: frame.getLineNumber(), column: frame.getColumnNumber() };
    const path = pathTo(source, offsetOf(source, place));
    const step = readPath(path, frame === first);
    if (step === 'returned') continue;
    return { frame, at: step === null ? place : locate(source, step) };
  }
  return { frame: first, at: { line: first.getLineNumber(), column: first.getColumnNumber() } };
}

function offsetOf(source: string, { line, column }: Position): number {
  let start = 0;
  for (let count = 1; count < line; count++) start = source.indexOf('\n', start) + 1;
  return start + column - 1;
}

/** The nodes around an offset, outermost first. */
function pathTo(source: string, offset: number): AnyNode[] {
  let node: AnyNode | undefined;
  for (const sourceType of ['module', 'commonjs'] as const) {
    try {
      node = parse(source, { ecmaVersion: 'latest', sourceType, allowHashBang: true });
      break;
    } catch {
      // Text that is no module is a CommonJS file.
    }
  }
  const path: AnyNode[] = [];
  while (node) {
    path.push(node);
    let inside: AnyNode | undefined;
    for (const child of childrenOf(node)) if (child.start <= offset && offset < child.end) inside = child;
    node = inside;
  }
  return path;
}

/** The offset of the `throw`; `'returned'` if the caller has it; null if the place itself is where it was thrown. */
function readPath(path: readonly AnyNode[], isInnermost: boolean): number | 'returned' | null {
  const creation = path.findLast((node) => node.type === 'NewExpression' || node.type === 'CallExpression');
  if (!creation || (isInnermost && callsLibrary(creation))) return null;
  for (let index = path.length - 1; index >= 0; index--) {
    const node = path[index];
    if (node.type === 'ThrowStatement') return node.start;
    if (node.type === 'ReturnStatement') return 'returned';
    if (node.type === 'ArrowFunctionExpression' && node.expression) return 'returned';
    if (
      node.type === 'VariableDeclarator' &&
      node.id.type === 'Identifier' &&
      node.init === path[index + 1]
    ) {
      return thrownVariable(path.slice(0, index), node.id.name, node.end);
    }
    if (isFunction(node)) return null;
  }
  return null;
}

/** Whether the innermost frame is at a call: what it calls has no frame, so Node's library threw there, not the program. */
function callsLibrary(node: AnyNode): boolean {
  if (node.type !== 'CallExpression') return false;
  const { callee } = node;
  return callee.type !== 'Super' && !(callee.type === 'Identifier' && callee.name.endsWith('Error'));
}

/** The first `throw` behind the declaration, in its function or one inside, that throws the variable or something made of it. */
function thrownVariable(around: readonly AnyNode[], name: string, after: number): number | null {
  const find = (node: AnyNode): number | null => {
    if (node.type === 'ThrowStatement' && node.start >= after && mentions(node.argument, name))
      return node.start;
    for (const child of childrenOf(node)) {
      const found = find(child);
      if (found !== null) return found;
    }
    return null;
  };
  return find(around.findLast((node) => isFunction(node)) ?? around[0]);
}

function mentions(node: AnyNode, name: string): boolean {
  if (node.type === 'Identifier') return node.name === name;
  return [...childrenOf(node)].some((child) => mentions(child, name));
}
