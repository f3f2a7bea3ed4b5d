import type { Lab, LabCheck } from '../../../lesson/index.ts';
import { actorOf } from '../../../lesson/lab.ts';
import { ui } from '../../../text/index.ts';
import type { CheckResult } from '../../checks.ts';
import type { RunState, StepResult } from '../../events.ts';
import { createAnsiReader } from '../consoles/ansi.ts';
import { type Mentioning, withMentions } from '../consoles/mentions.ts';
import { element } from '../elements.ts';
import { sourceElement } from '../shape.ts';

/** Sets the state of a step or a check: an attribute for the eye's mark, a word for everyone. */
export function showState(root: HTMLElement, state: RunState): void {
  root.dataset.state = state;
  const word = root.querySelector('[data-verdict] [data-word]');
  if (word) word.textContent = ui.lab.verdict[state];
  const mark = root.querySelector('[data-verdict] use');
  mark?.setAttribute('href', state === 'failed' ? '#mark-failed' : '#mark-passed');
}

/** Each thing that was to be seen, with its verdict; what was not seen says what was expected and what came. */
export function showExpectations(
  step: HTMLElement,
  result: StepResult,
  lab: Lab,
  mentioning: Mentioning,
): void {
  const list = step.querySelector('.expectations');
  if (!list) return;
  const rows = result.verdicts.map((verdict, index) => {
    const row = document.createElement('li');
    row.dataset.expectation = String(index);
    row.dataset.state = result.state === 'idle' ? 'idle' : verdict.met ? 'passed' : 'failed';
    const words = element('span', 'words', `${verdict.words} `);
    const world = lab.worlds?.find(({ name }) => name === verdict.world);
    if (world) words.prepend(element('b', 'world-name', world.title), ' ');
    const actor = actorOf(lab, verdict.process);
    if (actor) words.append(sourceElement(actor.name, actor.role));
    row.append(words);
    if (row.dataset.state !== 'idle') {
      row.prepend(
        element('span', 'visually-hidden', `${ui.lab.verdict[verdict.met ? 'passed' : 'failed']}: `),
      );
    }
    if (row.dataset.state === 'failed') row.append(comparison(verdict.expected, verdict.came, mentioning));
    return row;
  });
  list.replaceChildren(...rows);
  step.querySelector('.fault')?.remove();
  if (!result.fault || result.state !== 'failed') return;
  const fault = element('p', 'fault', '');
  fault.append(...withMentions(result.fault, mentioning));
  list.before(fault);
}

/** Before a run: nothing of the last one stands beside what is happening now. */
export function clearExpectations(step: HTMLElement): void {
  step.querySelector('.fault')?.remove();
  for (const row of step.querySelectorAll<HTMLElement>('[data-expectation]')) {
    row.dataset.state = 'idle';
    row.querySelector('.came')?.remove();
    row.querySelector('.visually-hidden')?.remove();
  }
}

/** What a check that failed means, what it looked for and what it found. Empty for any other. */
export function outcomeOf(
  check: LabCheck,
  result: CheckResult | undefined,
  mentioning: Mentioning,
): HTMLElement[] {
  if (result?.state !== 'failed') return [];
  const { message, expected, came } = result;
  const [said] = message.split('\n+ actual - expected\n');
  // Where the test compared two values they are shown; what it says of them is needed where it has words of its own.
  const isCompared = expected !== undefined && came !== undefined;
  const isOwn = !/^Expected values to be /.test(said) && said.trim() !== '';
  const words = isCompared && isOwn ? [element('p', '', said)] : [];
  const found = comparison(expected ?? check.title, isCompared ? came : message, mentioning);
  return [paragraph(check.explanation), ...words, found];
}

export function showOutcome(root: HTMLElement, outcome: readonly HTMLElement[]): void {
  const place = root.querySelector<HTMLElement>('[data-outcome]');
  if (!place) return;
  place.hidden = outcome.length === 0;
  place.replaceChildren(...outcome);
}

/** Beside each other: what was looked for, and what was found. */
export function comparison(expected: string, came: string, mentioning: Mentioning): HTMLElement {
  const list = element('dl', 'came', '');
  for (const [term, text] of [
    [ui.lab.expected, expected],
    [ui.lab.came, came],
  ]) {
    const definition = document.createElement('dd');
    const quoted = element('samp', '', '');
    quoted.append(...withMentions(legible(text), mentioning));
    definition.append(quoted);
    const pair = document.createElement('div');
    pair.append(element('dt', '', term), definition);
    list.append(pair);
  }
  return list;
}

/** More of a line than this is read in the console. */
const SHOWN_CHARACTERS = 400;

/** What a program printed, without its control sequences, and not much of a line that is endless. */
function legible(text: string): string {
  const plain = createAnsiReader()(text).map((piece) => piece.text);
  const lines = plain.join('').split('\n');
  return lines
    .map((line) => (line.length > SHOWN_CHARACTERS ? `${line.slice(0, SHOWN_CHARACTERS)} …` : line))
    .join('\n');
}

/** A paragraph of a lesson's short text, in which backquotes mark code. */
export function paragraph(text: string): HTMLElement {
  return inline('p', text);
}

/** An element with a lesson's short text in it. */
export function inline(name: string, text: string): HTMLElement {
  const made = document.createElement(name);
  const parts = text.split('`');
  made.append(...parts.map((part, at) => (at % 2 === 1 ? element('code', '', part) : part)));
  return made;
}
