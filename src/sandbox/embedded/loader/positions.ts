/** A place in a text as stack traces count: lines and columns from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** From `column` on (counted from 0, in the compiled line) add `shift` to get the source's column; `exact` holds for one column only. */
interface Shift {
  readonly column: number;
  readonly shift: number;
}

/**
 * Where compiled columns differ from the source's. Compiling never moves a line, and hardly ever a column: the first line
 * carries the wrapper, and a line with a rewritten import carries its longer text.
 */
export class PositionMap {
  readonly #shifts = new Map<number, Shift[]>();
  readonly #points = new Map<string, number>();
  readonly #linesBefore: number;

  /** `linesBefore` lines of the script belong to other files. */
  constructor(linesBefore = 0) {
    this.#linesBefore = linesBefore;
  }

  /** Positions on `line` at or behind `column` of the compiled text belong `shift` columns further in the source. */
  shift(line: number, column: number, shift: number): void {
    const shifts = this.#shifts.get(line);
    if (shifts) shifts.push({ column, shift });
    else this.#shifts.set(line, [{ column, shift }]);
  }

  /** This one compiled position belongs to this source column, whatever the shifts say. */
  point(line: number, column: number, sourceColumn: number): void {
    this.#points.set(`${line}:${column}`, sourceColumn);
  }

  toSource(position: Position): Position {
    const line = position.line - this.#linesBefore;
    const column = position.column - 1;
    const point = this.#points.get(`${line}:${column}`);
    if (point !== undefined) return { line, column: point + 1 };
    let shift = 0;
    for (const step of this.#shifts.get(line) ?? []) {
      if (step.column > column) break;
      shift = step.shift;
    }
    return { line, column: Math.max(1, column + shift + 1) };
  }
}
