/**
 * What a lesson's `lab.ts` says: typed data, no code. The workbench, the command `npm run lab` and the lesson
 * contract all read the same object, so what the page claims is what the tests assert.
 * It is plain JSON (no RegExp, no function), because the page carries it to the browser.
 */

/** The cast. Each role has one shape and one colour everywhere. */
export const roles = ['server', 'client', 'auth', 'victim', 'attacker', 'observer'] as const;
export type Role = (typeof roles)[number];

/**
 * `defend`: the starting files let an attack in, the solution shuts it out.
 * `attack`: the learner is Mallory; the solution is the attack that works.
 * `repair`: the honest client fails or leaks at first, and works with the solution.
 */
export const kinds = ['defend', 'attack', 'repair'] as const;
export type Kind = (typeof kinds)[number];

export interface LabHost {
  /** Full name, e.g. `ledger.tally.example`. */
  name: string;
  /** Its IPv4 address inside the lab, e.g. `10.5.0.10`. */
  address: string;
  role: Role;
}

export interface LabProcess {
  /** Kebab-case; the name of its console. */
  name: string;
  /** The lab host it runs on. */
  host: string;
  /** The `package.json` script that starts it. */
  script: string;
  role: Role;
  /** One line: what it is for. */
  description: string;
}

/**
 * One thing that must be seen. Exactly one of `says`, `never` and `exit` is given.
 * Texts are looked for inside single lines, case-sensitively.
 */
export interface Expectation {
  process: string;
  /** Where to look for `says` and `never`. Default `stdout`. */
  stream?: 'stdout' | 'stderr';
  /** These texts come, in this order, each in a line of its own. */
  says?: string | readonly string[];
  /** No line holds this text, from the start of the step to its end. */
  never?: string;
  /** The process has ended with this exit code. */
  exit?: number;
  /** What the reader is told to look for: one sentence in the lesson's words. */
  words: string;
}

export interface LabStep {
  /** Kebab-case; `lesson.mdx` places the step with `<Step id="…" />`. */
  id: string;
  /** What the button does, e.g. "Call with the app's certificate". */
  title: string;
  /** Processes started first; the step goes on when each of them listens. They are stopped when the step ends. */
  servers: readonly string[];
  /** Processes run then, one after the other, each to its end. */
  run: readonly string[];
  /** What is seen with the files as they come. */
  expect: readonly Expectation[];
  /** Only where the exercise changes the outcome: what is seen once it is solved. */
  solved?: readonly Expectation[];
  /** With the files as they come, this step passes when an attack succeeds: the page then cuts the ribbon. */
  shows?: 'attack';
  /** The file the workbench shows while the step runs. */
  open?: string;
  /** Milliseconds before the step is stopped and fails. Default 10,000. */
  timeLimit?: number;
}

export interface LabCheck {
  /** Kebab-case; the lesson places it with `<Check name="…" />`. */
  name: string;
  /** The promise, in the learner's terms. */
  title: string;
  /** The `node:test` file, relative to the lab. */
  file: string;
  /** The title of the test in that file. */
  test: string;
  /** From gentle to plain. */
  hints: readonly string[];
  /** Shown when the check fails: what that means and where to look. */
  explanation: string;
  /** Given when the starting files must fail this check: words of the failure, so that it fails for the named reason. */
  failsAtFirst?: string;
}

/** The exercise: its checks' surroundings, and the two runs that prove a fix. */
export interface LabExercise {
  /** Started before the checks, afresh for each file of checks. */
  servers: readonly string[];
  /** The lab host the checks run on. */
  host: string;
  /** The step that shows the attack. Its `solved` says how the attack is refused (or, for kind `attack`, how it succeeds). */
  attack?: string;
  /** The step that shows the honest client at work. */
  honest: string;
  /**
   * What our own solution shows besides in the attack step: the exact error. Other good solutions may refuse
   * otherwise, so the page does not ask for it; the contract does.
   */
  refusal?: readonly Expectation[];
  /** Milliseconds for one file of checks. Default 30,000. */
  timeLimit?: number;
}

export interface Lab {
  kind: Kind;
  hosts: readonly LabHost[];
  processes: readonly LabProcess[];
  steps: readonly LabStep[];
  exercise: LabExercise;
  checks: readonly LabCheck[];
  /** Files open at first, the first one in front. */
  open: readonly string[];
  /** Files the reader may change; the others are shown read-only. */
  editable: readonly string[];
}

/** Gives `lab.ts` its types. Names are checked by `validateLab`, which knows the file they stand in. */
export function defineLab(lab: Lab): Lab {
  return lab;
}
