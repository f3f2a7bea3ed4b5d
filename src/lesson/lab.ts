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

/** `npmInstall`: npm itself, for packages that the build of this site does not compile. */
export const needs = ['npmInstall'] as const;
export type LabNeed = (typeof needs)[number];

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
 * An actor, not a process: a browser with a person at it. It opens pages of the lab's hosts and runs their scripts.
 * Its lines (`src/sandbox/browser.ts` says which) are shown and judged as a process's `stdout` is.
 */
export interface LabBrowser {
  /** Kebab-case, e.g. `ana`. No process has this name. */
  name: string;
  /** The lab host it runs on. */
  host: string;
  role: Role;
  /** The PEM file of the authorities it trusts: a file of the lab, or one that `prepare` makes. */
  trusts: string;
  /** One line: who sits at it. */
  description: string;
}

/** What the person at a browser does. Equal to the sandbox's own type. */
export type BrowserAction =
  /** Types an address: a URL of one of the lab's hosts. */
  | { open: string }
  /** Fills fields (by label, `aria-label` or `name`), then presses a button. */
  | { fill: Record<string, string>; press: string }
  /** Presses a button or a link, found by its visible text. */
  | { press: string };

/** A person acts at a browser of the lab. The browser stays the same, with all it has stored, throughout a step. */
export interface BrowserScene {
  browser: string;
  does: readonly BrowserAction[];
}

/** A process is started, and the run goes on when it listens or has ended: who is attacked may have to act meanwhile. */
export interface ProcessStart {
  start: string;
}

/** The name of a process is that process, run to its end. */
export type Act = string | BrowserScene | ProcessStart;

/** Which files a world has; `yours` are the reader's own (or the variant's that `npm run lab` was asked for). */
export type WorldFiles = 'lab' | 'solution' | `fixes/${string}` | 'yours';

/** A sandbox of its own: files, network, processes and browsers. The same step can be run in several, side by side. */
export interface LabWorld {
  /** Kebab-case. */
  name: string;
  /** Stands over what the world shows, e.g. "Bound". */
  title: string;
  files: WorldFiles;
  /** One sentence: in what this world differs. */
  words: string;
}

/** What a step comes to in one of its worlds. */
export interface LabVerdict {
  world: string;
  /** A few words, e.g. "Refused: 401". What it expects of that world proves them. */
  words: string;
  /** Whether what binds the token to its key holds. */
  ribbon: 'tied' | 'cut';
}

/**
 * One thing that must be seen. Exactly one of `says`, `never` and `exit` is given.
 * Texts are looked for inside single lines, case-sensitively.
 */
export interface Expectation {
  /** A process or a browser of the step; what a browser prints is its `stdout`, and it has no exit code. */
  process: string;
  /** The world it is seen in: given exactly where the step has `worlds`. */
  world?: string;
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
  /**
   * Processes started first, all at once, so none may need another before it listens. The step goes on when each of them
   * listens. They are stopped when the step ends.
   */
  servers: readonly string[];
  /** What happens then, one after the other: a process runs to its end, a person acts at a browser. */
  run: readonly Act[];
  /** The step runs in each of these worlds at once. Default: in one sandbox, with the reader's files. */
  worlds?: readonly string[];
  /** Said in large type over a world in which all was seen that was expected, with the ribbon from token to key. */
  comesTo?: readonly LabVerdict[];
  /** What is seen with the files as they come. */
  expect: readonly Expectation[];
  /** Only where the exercise changes the outcome: what is seen once it is solved. */
  solved?: readonly Expectation[];
  /**
   * This step passes with the files as they come when an attack succeeds: the page then cuts the ribbon. (In the step
   * `exercise.attack` of a lab of kind `attack` it is `solved` that shows the attack, and this is left out.)
   */
  shows?: 'attack';
  /** The file the workbench shows while the step runs. */
  open?: string;
  /** Milliseconds before the step is stopped and fails. Default 10,000; with browsers, worlds or several servers 30,000. */
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

/** What the reader may do with files besides editing some. */
export interface LabFileRights {
  /** Files may be added. What the reader has added may always be deleted again. */
  create?: true;
  /** The files of `editable` may be deleted; a reset brings them back. */
  delete?: true;
}

/** Between which two hosts the reader may stand on the path: hold, drop, delay, replay and change what passes there. */
export type LabPath = true | { between: readonly [string, string] };

/** The exercise: its checks' surroundings, and the two runs that prove a fix. */
export interface LabExercise {
  /** Started before the checks, afresh for each file of checks. */
  servers: readonly string[];
  /**
   * What happens after that and before each file of checks: Ana logs in, the learner's program is started, Ana reads her
   * notes. What follows from it may still be under way when the checks begin: they wait for what they look for.
   */
  before?: readonly Act[];
  /** The lab host the checks run on. */
  host: string;
  /** The step that shows the attack. Its `solved` says how the attack is refused (or, for kind `attack`, how it succeeds). */
  attack?: string;
  /** The step that shows the honest client at work (for kind `repair`: how it fails, and `solved` how it works). */
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
  browsers?: readonly LabBrowser[];
  /**
   * Processes that make what the others need, such as keys and certificates: run to their ends, in this order, before
   * the first step or check in a sandbox, and again after a reset or when the files that they consist of have changed.
   */
  prepare?: readonly string[];
  worlds?: readonly LabWorld[];
  steps: readonly LabStep[];
  exercise: LabExercise;
  checks: readonly LabCheck[];
  /** Files open at first, the first one in front. */
  open: readonly string[];
  /** Files the reader may change; the others are shown read-only. */
  editable: readonly string[];
  /** Whether the reader may stand on the path between hosts; `true`: between any two. Default: between none. */
  onPath?: LabPath;
  /** What it cannot do without and our own engine has not: its page then leads to the engine that has. */
  needs?: LabNeed[];
  /** Default: no file may be added or deleted. */
  files?: LabFileRights;
}

/** Gives `lab.ts` its types. Names are checked by `validateLab`, which knows the file they stand in. */
export function defineLab(lab: Lab): Lab {
  return lab;
}

/** The names of the processes and browsers that take part in these acts. */
export function actors(acts: readonly Act[]): string[] {
  const names = acts.map((act) =>
    typeof act === 'string' ? act : 'browser' in act ? act.browser : act.start,
  );
  return [...new Set(names)];
}

/** The process or browser of this name; `undefined` for a name that is neither's, such as that of the checks' process. */
export function actorOf(lab: Lab, name: string): LabProcess | LabBrowser | undefined {
  return [...lab.processes, ...(lab.browsers ?? [])].find((each) => each.name === name);
}

/** The lab's hosts as a sandbox takes them: each name with its address. */
export function addressesOf({ hosts }: Lab): Record<string, string> {
  return Object.fromEntries(hosts.map(({ name, address }) => [name, address]));
}
