/**
 * All the JavaScript of a lesson's page until something is run: tabs, questions, what was passed before. It hands every
 * act to the workbench, which is loaded when the reader reaches for it.
 */
import type { Workbench } from '../../lab/workbench/index.ts';
import { editsOf, resultsOf, settingOf } from '../../progress/index.ts';
import { loadingWords } from '../../text/index.ts';
import { startKeys } from './keys.ts';
import { startSplits } from './split.ts';
import { haveSheet, startTabs } from './tabs.ts';

const lab = document.querySelector<HTMLElement>('[data-lab]');
// Who has chosen the other engine is led to the lesson's page for it: that one is isolated, so it has to be another page.
if (settingOf('engine') === 'webcontainer' && !location.pathname.endsWith('/webcontainer/')) {
  location.replace(`webcontainer/${location.hash}`);
} else if (lab) start(lab);

function start(lab: HTMLElement): void {
  let opening: Promise<Workbench> | undefined;
  let isOpen = false;
  let isWarming = false;

  function workbench(): Promise<Workbench> {
    opening ??= import('../../lab/workbench/index.ts').then(({ openWorkbench }) => openWorkbench(lab));
    opening.then(
      () => {
        isOpen = true;
      },
      // A failure is not kept: the next press tries again.
      () => {
        opening = undefined;
      },
    );
    return opening;
  }

  /**
   * A hand on a control; or a mouse over the step that the reader is at, which is there seconds before it presses. A
   * finger that scrolls past means nothing by it.
   */
  const reached = (target: EventTarget | null, isMouse: boolean) =>
    target instanceof Element &&
    target.closest(isMouse ? '[data-step], [data-action]' : '[data-step] button, [data-action]') !== null;

  /** The reader's hand is near: fetch the engine and start it, so that a press is answered at once. */
  function warmUp(): void {
    if (isWarming) return;
    isWarming = true;
    for (const name of ['pointerover', 'focusin']) removeEventListener(name, onReach);
    stopLooking();
    fetchAhead(lab.dataset.lab as string);
    import('../../lab/workbench/index.ts').then(({ startEngine }) => startEngine()).catch(() => {});
    workbench()
      .then((opened) => opened.prepare())
      .then(() => haveSheet(lab))
      .catch(() => {});
  }
  const onReach = (event: Event) => {
    if (reached(event.target, event instanceof PointerEvent && event.pointerType === 'mouse')) warmUp();
  };
  const stopLooking = whenLookedAt(document.querySelectorAll('[data-step] button'), warmUp);
  for (const name of ['pointerover', 'focusin']) addEventListener(name, onReach, { passive: true });

  /** A link to a message: pressed here, it runs its step; come from elsewhere, it waits until the reader does. */
  addEventListener('click', (event) => {
    const link =
      event.target instanceof Element && event.target.closest<HTMLAnchorElement>('a[href^="#wire="]');
    if (!link) return;
    event.preventDefault();
    // An entry of its own: the lab may be far from the text, and Back leads there again.
    if (location.hash !== link.hash) history.pushState(null, '', link.hash);
    press((opened) => opened.point(link.hash, true));
  });
  const follow = () => {
    if (location.hash.startsWith('#wire=')) press((opened) => opened.point(location.hash, false));
  };
  // Back, forward, and a link that is pasted into the address of this page.
  addEventListener('hashchange', follow);
  follow();

  addEventListener('click', ({ target }) => {
    const button = target instanceof Element && target.closest('button');
    if (!button || button.getAttribute('aria-disabled') === 'true') return;
    const step = button.closest<HTMLElement>('[data-step]')?.dataset.step;
    const action = button.dataset.action;
    if (!step && (!action || button.closest('dialog'))) return;
    if (step && !isOpen) pressFirst(step);
    else press(step ? (opened) => opened.step(step) : (opened) => opened.act(action as string));
  });

  /** A first press is answered at once, though the workbench is still on its way. */
  async function pressFirst(step: string): Promise<void> {
    const element = document.querySelector<HTMLElement>(`[data-step="${CSS.escape(step)}"]`);
    if (element) element.dataset.state = 'running';
    // A press without a hand, as some screen readers make it.
    warmUp();
    await press((opened) => opened.step(step));
    if (element?.dataset.state === 'running') element.dataset.state = 'idle';
  }

  /** Hands the act over; what cannot be loaded is said beside the controls. */
  async function press(act: (opened: Workbench) => Promise<void>): Promise<void> {
    const status = lab.querySelector('[data-status]');
    if (!isOpen && status) status.textContent = lab.dataset.starting ?? '';
    try {
      const opened = await workbench().catch((problem) => {
        console.error(problem);
        throw new Error(loadingWords.failed);
      });
      if (status && status.textContent === lab.dataset.starting) status.textContent = '';
      await act(opened);
    } catch (problem) {
      if (status) status.textContent = problem instanceof Error ? problem.message : String(problem);
    }
  }

  // The wire has controls to set before anything runs, and they are the workbench's.
  lab.addEventListener('lab-shown', (event) => {
    if ((event as CustomEvent<string>).detail === 'wire') workbench().catch(() => {});
  });
  startTabs(lab);
  startSplits(lab);
  startKeys(lab, (action) => press((opened) => opened.act(action)));
  startQuestions(lab);
  showResults(lab.dataset.lab as string);
  if (editsOf(lab.dataset.lab as string) || settingOf('tree')) workbench().catch(() => {});
}

/** What the workbench and the engine will ask for once they are there: asked for now, it comes together with them. */
function fetchAhead(slug: string): void {
  const engine = location.pathname.endsWith('/webcontainer/') ? [] : ['worker', 'kernel'];
  for (const href of [...engine.map((name) => `/engine/${name}.js`), `/lessons/${slug}/lab.json`]) {
    const link = document.createElement('link');
    Object.assign(link, { rel: 'preload', as: 'fetch', crossOrigin: 'anonymous', href });
    document.head.append(link);
  }
}

/** A chosen answer opens its reason and is spoken once. */
function startQuestions(lab: HTMLElement): void {
  addEventListener('change', ({ target }) => {
    const answer = target instanceof HTMLInputElement && target.closest('.answer');
    if (!answer) return;
    for (const details of answer.parentElement?.querySelectorAll('.answer details') ?? []) {
      details.toggleAttribute('open', details.parentElement === answer);
    }
    const line = document.createElement('p');
    line.textContent = answer.querySelector('details p')?.textContent ?? '';
    lab.querySelector('[data-spoken]')?.append(line);
  });
}

/** Knots that were tied on an earlier visit. */
function showResults(slug: string): void {
  const { steps, checks } = resultsOf(slug);
  for (const [kind, results] of Object.entries({ step: steps, check: checks })) {
    for (const [name, kept] of Object.entries(results)) {
      const result = kept === 'breached' ? 'passed' : kept;
      const element = document.querySelector<HTMLElement>(`[data-${kind}="${CSS.escape(name)}"]`);
      const verdict = element?.querySelector<HTMLElement>('[data-verdict]');
      if (!element || !verdict) continue;
      element.dataset.state = result;
      element.toggleAttribute('data-breached', kept === 'breached');
      const word = verdict.querySelector('[data-word]');
      if (word) word.textContent = verdict.dataset[result] ?? result;
      verdict.querySelector('use')?.setAttribute('href', `#mark-${result}`);
    }
  }
  const all = [...document.querySelectorAll<HTMLElement>('[data-check]')];
  const exercise = document.querySelector<HTMLElement>('[data-exercise]');
  if (exercise && all.length > 0 && all.every((check) => check.dataset.state === 'passed')) {
    exercise.dataset.state = 'passed';
  }
}

/** A button in view for so long is being read, not passed by. */
const LOOK_MS = 1200;

/**
 * A finger comes without warning. Where there is nothing to hover with, a button that the reader looks at stands for a
 * hand near it, unless the reader saves data. Returns the function that gives up.
 */
function whenLookedAt(buttons: Iterable<Element>, then: () => void): () => void {
  const { connection } = navigator as { connection?: { saveData?: boolean } };
  if (!matchMedia('(hover: none)').matches || connection?.saveData) return () => {};
  const looks = new Map<Element, ReturnType<typeof setTimeout>>();
  const observer = new IntersectionObserver(
    (entries) => {
      for (const { target, isIntersecting } of entries) {
        clearTimeout(looks.get(target));
        if (isIntersecting) looks.set(target, setTimeout(then, LOOK_MS));
      }
    },
    { threshold: 1 },
  );
  for (const button of buttons) observer.observe(button);
  return () => {
    observer.disconnect();
    for (const look of looks.values()) clearTimeout(look);
  };
}
