/** The page's only script: it narrows the page to the codes that hold some words, and copies links. */
import { errorsPage } from '../../text/index.ts';

const field = document.querySelector<HTMLInputElement>('#find') as HTMLInputElement;
const contents = document.querySelector('.errors-contents') as HTMLElement;
const count = document.querySelector('[data-count]') as HTMLElement;
const spoken = document.querySelector('[data-spoken]') as HTMLElement;
const entries = [...document.querySelectorAll<HTMLElement>('.entry')].map((element) => ({
  element,
  words: (element.textContent as string).toLowerCase(),
  line: document.querySelector(`.errors-contents a[href="#${CSS.escape(element.id)}"]`)?.closest('li'),
}));
const kinds = [...document.querySelectorAll<HTMLElement>('.kind')].map((element) => ({
  element,
  line: document.querySelector(`.errors-contents a[href="#${element.id}"]`)?.closest('li'),
}));

/** Shows the codes that hold every word of the field, and the kinds that still have one. */
function narrow(): void {
  const wanted = field.value.toLowerCase().split(/\s+/);
  let shown = 0;
  for (const { element, words, line } of entries) {
    const isShown = wanted.every((word) => words.includes(word));
    element.hidden = !isShown;
    if (line) line.hidden = !isShown;
    if (isShown) shown++;
  }
  for (const { element, line } of kinds) {
    element.hidden = !element.querySelector('.entry:not([hidden])');
    if (line) line.hidden = element.hidden;
  }
  contents.toggleAttribute('data-narrowed', field.value.trim() !== '');
  count.textContent = shown === 0 ? errorsPage.none : errorsPage.found(shown, entries.length);
}

/** A link to a code that the field hides shows it. */
function follow(): void {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (!target?.closest('[hidden]')) return;
  field.value = '';
  narrow();
  target.scrollIntoView();
}

const codeOf = (link: Element) => link.closest('.entry')?.id as string;

/** What the link says, and in full to who does not see beside which code it stands. */
function name(link: Element, words: string, inFull: (code: string) => string): void {
  link.textContent = words;
  link.setAttribute('aria-label', inFull(codeOf(link)));
}

async function copy(link: HTMLAnchorElement): Promise<void> {
  for (const other of document.querySelectorAll('.permalink'))
    name(other, errorsPage.link, errorsPage.linkTo);
  try {
    await navigator.clipboard.writeText(link.href);
    name(link, errorsPage.copied, errorsPage.copiedTo);
    spoken.textContent = errorsPage.spokenCopied(codeOf(link));
  } catch {
    spoken.textContent = errorsPage.notCopied;
  }
}

field.addEventListener('input', narrow);
addEventListener('hashchange', follow);
document.addEventListener('click', ({ target }) => {
  const link = target instanceof Element && target.closest<HTMLAnchorElement>('.permalink');
  if (link) void copy(link); // and the link is followed, so that the address bar has it as well
});
if (field.value) narrow(); // the browser has kept it over a reload
