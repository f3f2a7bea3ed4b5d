/**
 * All the JavaScript of a lesson's page until something is run: tabs, questions, what was passed before. It hands every
 * act to the workbench, which is loaded when the reader reaches for it.
 */
import type { Workbench } from '../../lab/workbench/index.ts';
import { editsOf, resultsOf } from '../../progress/index.ts';

const lab = document.querySelector<HTMLElement>('[data-lab]');
if (lab) start(lab);

function start(lab: HTMLElement): void {
  let opening: Promise<Workbench> | undefined;
  let isOpen = false;

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
  function warmUp(event: Event): void {
    if (!reached(event.target, event instanceof PointerEvent && event.pointerType === 'mouse')) return;
    for (const name of ['pointerover', 'focusin']) removeEventListener(name, warmUp);
    import('../../lab/workbench/index.ts').then(({ startEngine }) => startEngine()).catch(() => {});
    workbench()
      .then((opened) => opened.prepare())
      .then(() => haveSheet(lab as HTMLElement))
      .catch(() => {});
  }
  for (const name of ['pointerover', 'focusin']) addEventListener(name, warmUp, { passive: true });

  /** A link to a message: pressed here, it runs its step; come from elsewhere, it waits until the reader does. */
  addEventListener('click', (event) => {
    const link =
      event.target instanceof Element && event.target.closest<HTMLAnchorElement>('a[href^="#wire="]');
    if (!link) return;
    event.preventDefault();
    history.replaceState(null, '', link.hash);
    press((opened) => opened.point(link.hash, true));
  });
  if (location.hash.startsWith('#wire=')) press((opened) => opened.point(location.hash, false));

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
    await press((opened) => opened.step(step));
    if (element?.dataset.state === 'running') element.dataset.state = 'idle';
  }

  /** Hands the act over; what cannot be loaded is said beside the controls. */
  async function press(act: (opened: Workbench) => Promise<void>): Promise<void> {
    const status = lab.querySelector('[data-status]');
    if (!isOpen && status) status.textContent = lab.dataset.starting ?? '';
    try {
      const opened = await workbench();
      if (status && status.textContent === lab.dataset.starting) status.textContent = '';
      await act(opened);
    } catch (problem) {
      if (status) status.textContent = problem instanceof Error ? problem.message : String(problem);
    }
  }

  startFiles(lab);
  startQuestions(lab);
  showResults(lab.dataset.lab as string);
  if (editsOf(lab.dataset.lab as string)) workbench().catch(() => {});
}

/** One file is shown at a time. Arrow keys move among the tabs, as in every tab list. */
function startFiles(lab: HTMLElement): void {
  const list = lab.querySelector('[role="tablist"]') as HTMLElement;
  const select = lab.querySelector<HTMLSelectElement>('[data-other-files]');
  const edit = lab.querySelector('[data-action="edit"]');
  const tabs = () => [...list.querySelectorAll<HTMLElement>('[role="tab"]')];

  async function open(path: string): Promise<void> {
    await haveSheet(lab, path);
    const sheets = [...lab.querySelectorAll<HTMLElement>('[data-sheet]')];
    const shown = sheets.find((sheet) => sheet.dataset.sheet === path);
    if (!shown) return;
    for (const sheet of sheets) sheet.toggleAttribute('data-shown', sheet === shown);
    if (!tabs().some((tab) => tab.dataset.file === path)) list.append(tabFor(path, shown.id));
    for (const tab of tabs()) {
      const isOpen = tab.dataset.file === path;
      tab.setAttribute('aria-selected', String(isOpen));
      tab.tabIndex = isOpen ? 0 : -1;
      if (isOpen) tab.scrollIntoView({ block: 'nearest', inline: 'nearest' });
    }
    lab.dispatchEvent(new CustomEvent('lab-shown', { detail: path }));
    showEditing();
  }

  /** A file from the list of others gets a tab of its own. */
  function tabFor(path: string, controls: string): HTMLElement {
    const tab = document.createElement('button');
    tab.type = 'button';
    tab.setAttribute('role', 'tab');
    tab.setAttribute('aria-controls', controls);
    tab.dataset.file = path;
    tab.textContent = path;
    return tab;
  }

  function showEditing(): void {
    const sheet = lab.querySelector<HTMLElement>('[data-sheet][data-shown]');
    const isEditing = sheet?.querySelector('.cm-editor') !== null;
    const canEdit = sheet !== null && 'editable' in sheet.dataset && !isEditing;
    edit?.setAttribute('aria-disabled', String(!canEdit));
    lab.querySelector('[data-editor-help]')?.toggleAttribute('hidden', !isEditing);
  }

  list.addEventListener('click', ({ target }) => {
    const path = (target as Element).closest<HTMLElement>('[data-file]')?.dataset.file;
    if (path) open(path);
  });
  list.addEventListener('keydown', (event) => {
    const all = tabs();
    const at = all.indexOf(document.activeElement as HTMLElement);
    const to = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: all.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    const tab = all[(to + all.length) % all.length];
    open(tab.dataset.file as string);
    tab.focus();
  });
  select?.addEventListener('change', () => {
    if (select.value) open(select.value);
    select.value = '';
  });
  lab.addEventListener('lab-open', (event) => open((event as CustomEvent<string>).detail));
  lab.addEventListener('lab-editing', showEditing);
  showEditing();
}

/** Files that the lesson is not about are not in its page: they come with the first of them that is opened, or ahead of a Run. */
async function haveSheet(lab: HTMLElement, path = ''): Promise<void> {
  const has = (name?: string) => lab.querySelector(`[data-sheet="${CSS.escape(name ?? '')}"]`) !== null;
  if (has(path)) return;
  const html = await fetch('files/').then((response) => response.text());
  const page = new DOMParser().parseFromString(html, 'text/html');
  for (const sheet of page.querySelectorAll<HTMLElement>('[data-sheet]')) {
    if (has(sheet.dataset.sheet)) continue;
    delete sheet.dataset.listed;
    lab.querySelector('.sheets')?.append(sheet);
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
