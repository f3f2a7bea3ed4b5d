import type { Lab, LabCheck } from '../../lesson/index.ts';
import { actorOf } from '../../lesson/lab.ts';
import { ui } from '../../text/index.ts';
import type { CheckResult } from '../checks.ts';
import type { RunState, StepResult } from '../events.ts';
import type { Verdict } from '../judge.ts';
import { element } from './consoles.ts';
import { sourceElement } from './shape.ts';

/** Sets the state of a step or a check: an attribute for the eye's mark, a word for everyone. */
export function showState(root: HTMLElement, state: RunState): void {
  root.dataset.state = state;
  const word = root.querySelector('[data-verdict] [data-word]');
  if (word) word.textContent = ui.lab.verdict[state];
  const mark = root.querySelector('[data-verdict] use');
  mark?.setAttribute('href', state === 'failed' ? '#mark-failed' : '#mark-passed');
}

/** Each thing that was to be seen, with its verdict; what was not seen says what was expected and what came. */
export function showExpectations(step: HTMLElement, result: StepResult, lab: Lab): void {
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
    if (row.dataset.state === 'failed') row.append(comparison(verdict));
    return row;
  });
  list.replaceChildren(...rows);
  step.querySelector('.fault')?.remove();
  if (result.fault && result.state === 'failed') list.before(element('p', 'fault', result.fault));
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

export function showOutcome(root: HTMLElement, check: LabCheck, result: CheckResult | undefined): void {
  const outcome = root.querySelector<HTMLElement>('[data-outcome]');
  if (!outcome) return;
  const hasFailed = result?.state === 'failed';
  outcome.hidden = !hasFailed;
  outcome.replaceChildren();
  if (!hasFailed) return;
  outcome.append(paragraph(check.explanation), element('pre', '', result.message));
}

function comparison({ expected, came }: Verdict): HTMLElement {
  const list = element('dl', 'came', '');
  for (const [term, text] of [
    [ui.lab.expected, expected],
    [ui.lab.came, came],
  ]) {
    const definition = document.createElement('dd');
    definition.append(element('samp', '', text));
    list.append(element('dt', '', term), definition);
  }
  return list;
}

/** A paragraph of a lesson's short text, in which backquotes mark code. */
function paragraph(text: string): HTMLElement {
  const made = document.createElement('p');
  const parts = text.split('`');
  made.append(...parts.map((part, at) => (at % 2 === 1 ? element('code', '', part) : part)));
  return made;
}
