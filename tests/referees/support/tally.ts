import type { TestContext } from 'node:test';

/** What one referee judged, for the table at the end of `npm run referees`. */
export interface Tally {
  readonly run: number;
  readonly passed: number;
  /** Not run, by a list that says why. */
  readonly disabled?: number;
  /** Not run because something is not here or does not concern us; `why` says what. */
  readonly skipped?: number;
  readonly why?: string;
}

/** One row of the table. `scripts/referees.mjs` finds it in the output by its first word. */
export function tell(context: TestContext, referee: string, tally: Tally): void {
  context.diagnostic(`referee ${JSON.stringify({ referee, ...tally })}`);
}
