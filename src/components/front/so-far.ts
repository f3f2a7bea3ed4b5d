/** What was done in each lesson, said in the course list; it follows what other tabs do. */
import { onKeptElsewhere, resultsOf } from '../../progress/index.ts';
import { frontWords } from '../../text/index.ts';

const words = frontWords.soFar;

function show(): void {
  for (const line of document.querySelectorAll<HTMLElement>('[data-so-far]')) {
    const results = resultsOf(line.dataset.soFar as string);
    const [allSteps, allChecks] = [Number(line.dataset.steps), Number(line.dataset.checks)];
    // A lesson may have had more of them once.
    const steps = Math.min(allSteps, passed(results.steps));
    const checks = Math.min(allChecks, passed(results.checks));
    const isDone = steps === allSteps && checks === allChecks;
    line.hidden = steps + checks === 0;
    line.toggleAttribute('data-done', isDone);
    const said = line.querySelector('span');
    if (said) said.textContent = isDone ? words.done : words.begun(steps, allSteps, checks, allChecks);
  }
}

const passed = (results: Record<string, string>) =>
  Object.values(results).filter((result) => result !== 'failed').length;

show();
onKeptElsewhere(show);
// The page may come back as it was left, from where a step was run meanwhile.
addEventListener('pageshow', show);
