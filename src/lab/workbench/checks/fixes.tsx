/** Fixes that look right and are not: tried in the sandbox beside the reader's own files, which they never touch. */
import { signal } from '@preact/signals';
import { type ComponentChildren, render } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { ui } from '../../../text/index.ts';
import type { CheckResult } from '../../checks.ts';
import type { StepResult } from '../../events.ts';
import { opened } from '../consoles/go-to.ts';
import type { Mentioning } from '../consoles/mentions.ts';
import { Difference } from '../files/difference.tsx';
import type { LabData } from '../lab-data.ts';
import type { Fix } from './fix-data.ts';
import { comparison, outcomeOf } from './verdicts.ts';

/** What came of a fix. */
export interface Trial {
  steps: readonly StepResult[];
  checks: readonly CheckResult[];
}

export interface FixesOptions {
  lab: HTMLElement;
  data: LabData;
  fixes: readonly Fix[];
  mentioning: Mentioning;
  /** Runs the attack, the honest client and the checks with a fix; nothing when it was stopped. */
  run(fix: Fix, name: string): Promise<Trial | undefined>;
  say(sentence: (count: number) => string): void;
  /** Shows the reader's own files again. */
  back(): void;
}

const words = ui.fixes;
/** How the tab is called among the others. */
const FIXES_TAB = 'fixes';

/** Shows the fixes, in a tab of their own among the lab's files, and brings the reader there. */
export async function openFixes(options: FixesOptions): Promise<void> {
  const { lab } = options;
  const sheet = lab.querySelector<HTMLElement>(`#${FIXES_TAB}`) ?? layOut(options);
  await opened(lab, FIXES_TAB);
  // What scrolls to its first change can do so only where it is shown.
  render(<Fixes {...options} />, sheet);
  sheet.focus();
}

function layOut({ lab }: FixesOptions): HTMLElement {
  const sheet = document.createElement('div');
  sheet.className = 'sheet fixes';
  sheet.id = FIXES_TAB;
  sheet.dataset.sheet = FIXES_TAB;
  sheet.tabIndex = -1;
  sheet.setAttribute('role', 'region');
  sheet.setAttribute('aria-label', words.tab);
  lab.querySelector('.sheets')?.append(sheet);
  const tab = document.createElement('button');
  tab.type = 'button';
  tab.className = 'pane-tab';
  tab.id = `tab-${FIXES_TAB}`;
  tab.dataset.file = FIXES_TAB;
  tab.tabIndex = -1;
  tab.setAttribute('role', 'tab');
  tab.setAttribute('aria-controls', sheet.id);
  tab.setAttribute('aria-selected', 'false');
  tab.textContent = words.tab;
  lab.querySelector('[role="tablist"]')?.append(tab);
  return sheet;
}

const chosen = signal(0);
const tried = signal<Readonly<Record<number, Trial>>>({});
const running = signal(false);

function Fixes({ data, fixes, mentioning, run, say, back }: FixesOptions) {
  const at = chosen.value;
  const fix = fixes[at];
  const trial = tried.value[at];

  async function attempt(): Promise<void> {
    if (running.value) return;
    running.value = true;
    try {
      const came = await run(fix, words.fix(at + 1));
      if (!came) return;
      tried.value = { ...tried.value, [at]: came };
      const passed = came.checks.filter(({ state }) => state === 'passed').length;
      const { attack, honest } = judged(data, came);
      const checks = ui.lab.checksSummary(passed, came.checks.length);
      say((count) => words.spoken(count, words.fix(at + 1), attack.words, honest.words, checks));
    } finally {
      running.value = false;
    }
  }

  return (
    <>
      <p>{words.intro}</p>
      <fieldset>
        <legend>{words.legend}</legend>
        {fixes.map(({ name }, index) => (
          <label key={name}>
            <input
              type="radio"
              name="fix"
              value={name}
              checked={index === at}
              onChange={() => {
                chosen.value = index;
              }}
            />
            {/* Its name says what is wrong with it: not before it was tried. */}
            {tried.value[index] ? `${words.fix(index + 1)}: ${words.title(name)}` : words.fix(index + 1)}
          </label>
        ))}
      </fieldset>
      {Object.entries(fix.files).map(([path, text]) => (
        <figure key={`${fix.name} ${path}`}>
          <figcaption>
            <code>{path}</code>
          </figcaption>
          <Difference before={data.files[path] ?? ''} after={text} label={words.change(path)} />
        </figure>
      ))}
      <p class="fix-acts">
        <button
          type="button"
          class="press small"
          aria-disabled={running.value}
          onClick={attempt}
          data-fix="try"
        >
          {running.value ? words.trying : words.try(at + 1)}
        </button>
        <button type="button" class="quiet-press" onClick={back} data-fix="back">
          {words.back}
        </button>
      </p>
      {trial && !running.value && (
        <Came key={fix.name} fix={fix} trial={trial} data={data} mentioning={mentioning} />
      )}
    </>
  );
}

function Came({
  fix,
  trial,
  data,
  mentioning,
}: {
  fix: Fix;
  trial: Trial;
  data: LabData;
  mentioning: Mentioning;
}) {
  const { attack, honest } = judged(data, trial);
  return (
    <div class="fix-came" data-came={fix.name}>
      <h3>{words.results}</h3>
      <ul class="checks">
        {[attack, honest].map(
          ({ step, title, holds, words }) =>
            step && (
              <Row key={step.id} name={title} verdict={words} holds={holds} id={step.id}>
                <StepSeen step={step} mentioning={mentioning} />
              </Row>
            ),
        )}
        {trial.checks.map((result) => {
          const check = data.lab.checks.find(({ name }) => name === result.name);
          if (!check) return null;
          return (
            <Row
              key={check.name}
              name={check.title.replaceAll('`', '')}
              verdict={ui.lab.verdict[result.state]}
              holds={result.state === 'passed'}
              id={check.name}
            >
              <Elements of={outcomeOf(check, result, mentioning)} />
            </Row>
          );
        })}
      </ul>
      <h3>
        {words.title(fix.name)}: {words.why.toLowerCase()}
      </h3>
      {/* Made by our own build from the lesson’s text, with all else escaped. */}
      <div class="fix-why" dangerouslySetInnerHTML={{ __html: fix.why }} />
    </div>
  );
}

function Row({
  name,
  verdict,
  holds,
  id,
  children,
}: {
  name: string;
  verdict: string;
  holds: boolean;
  id: string;
  children: ComponentChildren;
}) {
  const state = holds ? 'passed' : 'failed';
  return (
    <li class="check" data-came-of={id} data-state={state}>
      <span class="check-title">{name}</span>
      <span class="verdict">
        <svg class="mark" aria-hidden="true">
          <use href={`#mark-${state}`} />
        </svg>
        {verdict}
      </span>
      <div class="outcome">{children}</div>
    </li>
  );
}

/** What was seen: where it was as the lesson tells it, in the lesson's words. */
function StepSeen({ step, mentioning }: { step: StepResult; mentioning: Mentioning }) {
  const missed = step.verdicts.filter(({ met }) => !met);
  const seen = step.verdicts.filter(({ met }) => met).map(({ words }) => words);
  return (
    <>
      {seen.length > 0 && <p>{seen.join(' ')}</p>}
      {step.fault && <p>{step.fault}</p>}
      {missed.map(({ words, expected, came }) => (
        <div key={words}>
          <p>{words}</p>
          <Elements of={[comparison(expected, came, mentioning)]} />
        </div>
      ))}
    </>
  );
}

/** Elements that were made without Preact. */
function Elements({ of }: { of: readonly HTMLElement[] }) {
  const place = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => place.current?.replaceChildren(...of), [of]);
  return <div ref={place} />;
}

interface Judged {
  step: StepResult | undefined;
  title: string;
  /** As with the solution. */
  holds: boolean;
  words: string;
}

function judged({ lab }: LabData, { steps }: Trial): { attack: Judged; honest: Judged } {
  const of = (id: string | undefined) => {
    const listed = lab.steps.find((each) => each.id === id);
    const step = steps.find((each) => each.id === id);
    return {
      step,
      title: listed?.title ?? '',
      holds: step?.outcome === (listed?.solved ? 'solved' : 'expected'),
    };
  };
  const [attack, honest] = [of(lab.exercise.attack), of(lab.exercise.honest)];
  return {
    attack: { ...attack, words: words.attack[attack.step?.outcome ?? 'neither'] },
    honest: { ...honest, words: words.honest(honest.holds) },
  };
}
