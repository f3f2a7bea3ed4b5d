import { setHeadFrames } from './stack.ts';

/**
 * The excerpt Node prints above an uncaught error: where it was thrown, the source line, and carets under the place.
 * Syntax and linking errors carry theirs from the moment they are made, as they have no frame to read it from.
 */

const arrows = new WeakMap<object, string>();

export function setArrow(error: object, arrow: string): void {
  arrows.set(error, arrow);
}

export function arrowOf(error: unknown): string | undefined {
  return typeof error === 'object' && error !== null ? arrows.get(error) : undefined;
}

/** Marks an error of the loader's as one that Node's own code has thrown. */
export function fromNode<Thrown extends Error>(
  error: Thrown,
  origin: { frames: readonly string[]; excerpt: string } | undefined,
): Thrown {
  if (!origin) return error;
  setHeadFrames(error, origin.frames);
  if (origin.excerpt !== '' && !arrows.has(error)) setArrow(error, origin.excerpt);
  return error;
}

/** `file:line`, the line itself and `width` carets from `column` (counted from 1) on. Ends with a newline. */
export function drawArrow(file: string, source: string, line: number, column: number, width = 1): string {
  const text = source.split(/\r\n|[\n\r\u2028\u2029]/)[line - 1] ?? '';
  // Tabs stay tabs, so that the caret stands under its character.
  const indent = text.slice(0, column - 1).replace(/[^\t]/g, ' ');
  const carets = '^'.repeat(Math.min(width, Math.max(1, text.length - column + 1)));
  return `${file}:${line}\n${text}\n${indent}${carets}\n`;
}

/** Line and column, counted from 1, of an offset. */
export function locate(source: string, offset: number): { line: number; column: number } {
  const before = source.slice(0, offset).split(/\r\n|[\n\r\u2028\u2029]/);
  return { line: before.length, column: (before.at(-1) as string).length + 1 };
}
