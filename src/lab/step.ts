import type { Act, Expectation, Lab, LabStep, ProcessStart } from '../lesson/index.ts';
import type { Cast } from './cast.ts';
import type { ProcessResult, StepResult } from './events.ts';
import { judge, placeOf, type Shown } from './judge.ts';
import type { Played, Stage } from './stage.ts';

/** A stage and the world it is; `undefined` for the sandbox with the reader's files. */
export interface Setting {
  stage: Stage;
  world?: string;
}

const STEP_MILLISECONDS = 10_000;
/** A browser takes its time to start, several servers too, and worlds share the machine. */
const LONG_STEP_MILLISECONDS = 30_000;
/** How long a server may take to say what it has to say after its last caller has ended. */
const AFTERWORD_MILLISECONDS = 1500;
/** The same where scripts of a page, or of Mallory's server, set off what is looked for. */
const LONG_AFTERWORD_MILLISECONDS = 5000;
/** How long nobody may have printed before the servers are stopped. */
const SILENCE_MILLISECONDS = 80;
/** The same while something could still come that changes the outcome. */
const LONG_SILENCE_MILLISECONDS = 800;

/** Runs a step in all its settings at once, or in turn where the engine has one world only. Never rejects. */
export async function playStep(
  lab: Lab,
  step: LabStep,
  settings: readonly Setting[],
  signal: AbortSignal,
): Promise<StepResult> {
  const isLong =
    step.worlds !== undefined || step.servers.length > 1 || step.run.some((act) => typeof act !== 'string');
  const timeLimit = step.timeLimit ?? (isLong ? LONG_STEP_MILLISECONDS : STEP_MILLISECONDS);
  const play = ({ stage, world }: Setting) =>
    stage.play(timeLimit, signal, (cast) => playIn(lab, step, world, cast));

  const inTurn = settings.length > 1 && !(await hasWorlds(settings[0].stage));
  const played: Played[] = [];
  if (inTurn) for (const each of settings) played.push(await play(each));
  else played.push(...(await Promise.all(settings.map(play))));
  return resultOf(lab, step, settings, played);
}

/** What cannot start says so when it plays. */
function hasWorlds(stage: Stage): Promise<boolean> {
  return stage.capabilities().then(
    ({ worlds }) => worlds.can,
    () => true,
  );
}

async function playIn(lab: Lab, step: LabStep, world: string | undefined, cast: Cast): Promise<void> {
  await cast.serve(step.servers);
  await cast.perform(step.run);

  const here = (list: readonly Expectation[] = []) => list.filter((each) => each.world === world);
  const met = (each: Expectation) => judge(each, inWorld(cast.shown, world)).met;
  const refusal = step.id === lab.exercise.attack ? here(lab.exercise.refusal) : [];
  const expected = () => here(step.expect).every(met);
  const solved = () => here(step.solved).every(met) && refusal.every(met);
  const goesOn = stillAtWork(step.run);
  // A program that ran to its end after a page had loaded has seen what the page's scripts did.
  const isLong = typeof step.run.at(-1) !== 'string' || step.run.some(isStart);
  await cast.until(
    () => expected() || (step.solved !== undefined && solved()),
    isLong ? LONG_AFTERWORD_MILLISECONDS : AFTERWORD_MILLISECONDS,
  );
  // That somebody says nothing is certain only once he can say no more.
  const isCertain = ({ never, process }: Expectation) =>
    never === undefined || !goesOn.includes(process) || cast.shown.get(process)?.exit !== undefined;
  const list = expected() ? step.expect : (step.solved ?? []);
  const isFinal = step.solved === undefined || here(list).every(isCertain);
  await cast.quiet(isFinal ? SILENCE_MILLISECONDS : LONG_SILENCE_MILLISECONDS);
}

/** Who of a step may go on after its last act: browsers, and processes that were only started. */
function stillAtWork(acts: readonly Act[]): string[] {
  return acts.flatMap((act) => {
    if (typeof act === 'string') return [];
    return isStart(act) ? [act.start] : [act.browser];
  });
}

const isStart = (act: Act): act is ProcessStart => typeof act !== 'string' && 'start' in act;

function inWorld(shown: ReadonlyMap<string, Shown>, world: string | undefined): ReadonlyMap<string, Shown> {
  if (world === undefined) return shown;
  return new Map([...shown].map(([name, each]) => [placeOf(name, world), each]));
}

function resultOf(
  lab: Lab,
  step: LabStep,
  settings: readonly Setting[],
  played: readonly Played[],
): StepResult {
  const shown = new Map<string, Shown>();
  const processes: ProcessResult[] = [];
  const toTheEnd = new Set(step.run.filter((act) => typeof act === 'string'));
  played.forEach(({ cast }, index) => {
    const { world } = settings[index];
    for (const [name, each] of cast?.shown ?? []) {
      const { stdout, stderr, exit } = each;
      const place = { name, ...(world !== undefined && { world }) };
      shown.set(placeOf(name, world), each);
      processes.push(toTheEnd.has(name) ? { ...place, stdout, stderr, exit } : { ...place, stdout, stderr });
    }
  });
  const verdictsOn = (list: readonly Expectation[]) => list.map((each) => judge(each, shown));
  const faults = played.flatMap(({ interrupted }, index) => {
    if (!interrupted) return [];
    const title = lab.worlds?.find(({ name }) => name === settings[index].world)?.title;
    return [title === undefined ? interrupted.message : `${title}: ${interrupted.message}`];
  });
  const allMet = (list: readonly Expectation[]) => verdictsOn(list).every(({ met }) => met);
  const outcome =
    faults.length > 0
      ? 'neither'
      : allMet(step.expect)
        ? 'expected'
        : step.solved && allMet(step.solved)
          ? 'solved'
          : 'neither';
  const causes = played.flatMap(({ interrupted }) => interrupted?.reason ?? []);
  const isStopped = played.some(({ interrupted }) => interrupted?.reason === 'stopped');
  return {
    id: step.id,
    state: isStopped ? 'idle' : outcome === 'neither' ? 'failed' : 'passed',
    outcome,
    verdicts: verdictsOn((outcome === 'solved' ? step.solved : step.expect) ?? []),
    processes,
    milliseconds: Math.max(...played.map(({ milliseconds }) => milliseconds)),
    ...(faults.length > 0 && {
      fault: [...new Set(faults)].join('\n'),
      cause: causes.find((cause) => cause !== 'browser') ?? 'browser',
    }),
  };
}
