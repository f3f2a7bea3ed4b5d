import { drawArrow, setArrow } from './arrows.ts';

/** Makes the error for text that does not parse read as the engine's own. */
export function makeSyntaxError(
  error: unknown,
  source: string,
  name: string,
  _environment: { evaluate(script: string, name: string): unknown; locate?(error: unknown): unknown },
): unknown {
  if (!(error instanceof SyntaxError)) return error;
  const { loc } = error as SyntaxError & { loc?: { line: number; column: number } };
  const made = new SyntaxError(error.message.replace(/ \(\d+:\d+\)$/, ''));
  if (loc) setArrow(made, drawArrow(name, source, loc.line, loc.column + 1));
  return made;
}
