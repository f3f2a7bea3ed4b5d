/** The settings page: shows what this browser keeps, and does with it what the reader asks. */
import {
  canKeep,
  countOf,
  editsOf,
  exportProgress,
  forgetEdits,
  forgetEverything,
  forgetResults,
  type KnownLesson,
  keepSetting,
  lessonsWithEdits,
  lessonsWithResults,
  onKeptElsewhere,
  resultsOf,
  settingOf,
  settingsSet,
  sizeOfKept,
} from '../../progress/index.ts';
import { settingsWords } from '../../text/index.ts';
import { ask, button, download, list, make } from './ask.ts';
import { takeFile } from './importing.ts';

const words = settingsWords;
const page = document.querySelector('[data-settings]') as HTMLElement;
const found = <Kind extends HTMLElement>(selector: string) => page.querySelector(selector) as Kind;
const course: KnownLesson[] = JSON.parse(found('[data-course]').textContent as string);

/** Every lesson of the course, and any other of which something is kept. */
function lessons(): KnownLesson[] {
  const others = [...new Set([...lessonsWithResults(), ...lessonsWithEdits()])].filter(
    (slug) => !course.some((lesson) => lesson.slug === slug),
  );
  return [...course, ...others.map((slug) => ({ slug, title: slug, steps: [], checks: [] }))];
}

const switches = page.querySelectorAll<HTMLInputElement>('[data-setting]');
const nameOf = (input: HTMLInputElement) => input.dataset.setting as 'keys' | 'timestamps';

const isKept = ({ slug }: KnownLesson) => countOf(resultsOf(slug)) > 0 || editsOf(slug) !== undefined;

const editedFiles = (slug: string) => {
  const edits = editsOf(slug);
  return edits ? [...Object.keys(edits.files), ...(edits.removed ?? [])] : [];
};

function show(): void {
  found('[data-refused]').hidden = canKeep();
  for (const each of switches) each.checked = settingOf(nameOf(each));
  found('[data-rows]').replaceChildren(...lessons().map(row));
  found('[data-reset-all]').hidden = !lessons().some(isKept);
  for (const cell of page.querySelectorAll<HTMLElement>('[data-size]'))
    cell.textContent = words.keeps.size(sizeOfKept(cell.dataset.size as string));
}

/** One lesson: how far the reader came, and the way back. */
function row(lesson: KnownLesson): HTMLElement {
  const { slug, title, steps, checks } = lesson;
  const isOurs = course.includes(lesson);
  const kept = resultsOf(slug);
  const passed = (names: readonly string[], results: Record<string, string>) =>
    names.filter((name) => results[name] !== undefined && results[name] !== 'failed').length;
  const said = [
    ...(countOf(kept) > 0 && isOurs
      ? [
          words.done.steps(passed(steps, kept.steps), steps.length),
          words.done.checks(passed(checks, kept.checks), checks.length),
        ]
      : []),
    ...(editedFiles(slug).length > 0 ? [words.done.edits(editedFiles(slug).length)] : []),
    ...(isOurs ? [] : [words.done.gone]),
  ];
  const item = make(
    'li',
    {},
    isOurs ? make('a', { href: `/lessons/${slug}/` }, title) : make('span', {}, title),
    make('span', { class: 'so-far' }, said.join(' · ') || words.done.nothing),
  );
  if (isKept(lesson)) {
    const reset = button(words.done.reset, 'quiet-press', () => resetLesson(lesson));
    reset.setAttribute('aria-label', words.done.resetNamed(title));
    item.append(reset);
  }
  return item;
}

/** What was done is said where it was asked for, and the focus goes there: the button may be gone. */
function say(where: 'done' | 'transfer' | 'keeps', ...lines: (Node | string)[]): void {
  for (const each of page.querySelectorAll('[data-said]')) each.replaceChildren();
  const said = found(`[data-said="${where}"]`);
  said.replaceChildren(...lines);
  said.focus();
}

function save(only?: string): string {
  const now = new Date();
  return download(words.transfer.file(now.toISOString().slice(0, 10), only), exportProgress(now, only));
}

const resultsLine = (count: number) => (count > 0 ? [words.reset.results(count)] : []);

async function resetLesson({ slug, title }: KnownLesson): Promise<void> {
  const edited = editedFiles(slug);
  const isAgreed = await ask({
    title: words.reset.lessonTitle(title),
    confirm: words.reset.confirm,
    first: { label: words.reset.saveFirst, act: () => save(slug) },
    children: [
      make('p', {}, words.reset.goes),
      list([
        ...resultsLine(countOf(resultsOf(slug))),
        ...(edited.length > 0 ? [words.reset.editsHere(edited)] : []),
      ]),
      make('p', {}, words.reset.openTabs),
    ],
  });
  if (!isAgreed) return;
  forgetResults(slug);
  forgetEdits(slug);
  show();
  say('done', words.reset.lessonDone(title));
}

/** What goes when every lesson does. */
const allLines = () => [
  ...resultsLine(lessons().reduce((sum, { slug }) => sum + countOf(resultsOf(slug)), 0)),
  ...lessons()
    .filter(({ slug }) => editedFiles(slug).length > 0)
    .map(({ slug, title }) => words.reset.edits(title, editedFiles(slug))),
];

async function resetAll(): Promise<void> {
  const isAgreed = await ask({
    title: words.reset.allTitle,
    confirm: words.reset.confirm,
    first: { label: words.reset.saveFirst, act: () => save() },
    children: [
      make('p', {}, words.reset.goes),
      list(allLines()),
      make('p', {}, `${words.reset.stays} ${words.reset.openTabs}`),
    ],
  });
  if (!isAgreed) return;
  for (const { slug } of lessons().filter(isKept)) {
    forgetResults(slug);
    forgetEdits(slug);
  }
  show();
  say('done', words.reset.allDone);
}

async function forget(): Promise<void> {
  const hasSettings = Object.keys(settingsSet()).length > 0;
  const isAgreed = await ask({
    title: words.reset.everythingTitle,
    confirm: words.reset.confirmEverything,
    first: { label: words.reset.saveFirst, act: () => save() },
    children: [
      make('p', {}, words.reset.goes),
      list([...allLines(), ...(hasSettings ? [words.reset.settings] : [])]),
      make('p', {}, words.reset.openTabs),
    ],
  });
  if (!isAgreed) return;
  forgetEverything();
  changed();
  say('keeps', words.reset.everythingDone);
}

/** Settings may have changed with the rest: whoever shows one looks again. */
function changed(): void {
  show();
  dispatchEvent(new Event('handfast-settings'));
}

for (const each of switches) each.addEventListener('change', () => keepSetting(nameOf(each), each.checked));
found('[data-reset-all]').addEventListener('click', resetAll);
found('[data-forget]').addEventListener('click', forget);
found('[data-export]').addEventListener('click', () => say('transfer', words.transfer.saved(save())));

const input = found<HTMLInputElement>('[data-file]');
found('[data-import]').addEventListener('click', () => input.click());
input.addEventListener('change', async () => {
  const file = input.files?.[0];
  if (!file) return;
  const lines = await takeFile(file, course, save);
  input.value = '';
  changed();
  say('transfer', ...lines);
});

// Whatever is chosen on this page is kept by whoever offers the choice; the sizes follow.
addEventListener('change', show);
onKeptElsewhere(show);
show();
