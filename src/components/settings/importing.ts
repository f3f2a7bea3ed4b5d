import {
  type ImportPlan,
  type ImportProblem,
  importProgress,
  type KnownLesson,
  type LeftOut,
  MOST_CHARACTERS,
  planImport,
  readProgress,
} from '../../progress/index.ts';
import { settingsWords } from '../../text/index.ts';
import { ask, list, make } from './ask.ts';

const words = settingsWords.transfer;

/** Judges a file, says what it would do, and does it when the reader agrees. Answers with what there is to say. */
export async function takeFile(
  file: File,
  course: readonly KnownLesson[],
  saveFirst: () => void,
): Promise<(Node | string)[]> {
  // A character is at most three bytes: what is larger is not even read.
  if (file.size > 3 * MOST_CHARACTERS)
    return problemLines({ code: 'too-large', came: String(file.size) }, []);
  let text: string;
  try {
    text = await file.text();
  } catch (problem) {
    return problemLines({ code: 'unread', came: String(problem) }, []);
  }
  const reading = readProgress(text, course);
  const { leftOut } = reading;
  if ('problem' in reading) return problemLines(reading.problem, leftOut);
  const plan = planImport(reading.progress, course);
  const lines = planLines(plan);
  if (lines.length === 0) return [make('p', {}, words.plan.same), ...leftOutLines(leftOut)];
  const isAgreed = await ask({
    title: words.plan.title,
    confirm: words.plan.confirm,
    first: { label: words.plan.saveFirst, act: saveFirst },
    children: [list(lines), ...leftOutLines(leftOut)],
  });
  if (!isAgreed) return [make('p', {}, words.untouched)];
  return [make('p', {}, importProgress(reading.progress) ? words.done : words.full)];
}

/** “Adds 12 results in 3 lessons”, “replaces your edits in 1 lesson”. */
function planLines({ results, edits, settings }: ImportPlan): string[] {
  const { plan } = words;
  const counts = [
    ...(results.added > 0 ? [plan.adds(results.added)] : []),
    ...(results.replaced > 0 ? [plan.replaces(results.replaced)] : []),
  ];
  const lines = [
    ...(counts.length > 0 ? [counts.join(', ') + plan.inLessons(results.lessons)] : []),
    ...(edits.added.length > 0 ? [plan.addsEdits(edits.added)] : []),
    ...(edits.replaced.length > 0 ? [plan.replacesEdits(edits.replaced)] : []),
    ...(settings.length > 0 ? [plan.settings(settings.map((name) => words.settings[name]))] : []),
  ];
  return lines.map((line) => line[0].toUpperCase() + line.slice(1));
}

function leftOutLines(leftOut: readonly LeftOut[]): Node[] {
  return leftOut.length > 0 ? [make('p', {}, words.leftOutTitle), list(leftOut.map(words.leftOut))] : [];
}

function problemLines({ code, came }: ImportProblem, leftOut: readonly LeftOut[]): Node[] {
  const problem = words.problems[code];
  const said = [
    [words.expected, problem.expected],
    [words.came, problem.came(came)],
    [words.todo, problem.todo],
  ];
  return [
    make('p', { class: 'problem' }, `${problem.title}. ${words.untouched}`),
    make('dl', {}, ...said.flatMap(([name, text]) => [make('dt', {}, name), make('dd', {}, text)])),
    ...leftOutLines(leftOut),
  ];
}
