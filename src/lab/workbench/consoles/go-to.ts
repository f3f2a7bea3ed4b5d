import type { Place } from './places.ts';

/** Opens a file of the lab at a line: in the editor where the file is being edited, otherwise in the text as it is read. */
export async function goTo(lab: HTMLElement, { path, line, column }: Place): Promise<void> {
  await opened(lab, path);
  const sheet = lab.querySelector<HTMLElement>(`[data-sheet="${CSS.escape(path)}"]`);
  if (!sheet) return;
  sheet.scrollIntoView({ block: 'nearest' });
  if (sheet.querySelector('.cm-editor')) {
    const { showPlace } = await import('../files/editor.ts');
    showPlace(sheet, line, column);
    return;
  }
  for (const marked of lab.querySelectorAll('.l.marked')) marked.classList.remove('marked');
  const text = sheet.querySelector('pre');
  const found = sheet.querySelectorAll<HTMLElement>('.l')[line - 1];
  found?.classList.add('marked');
  text?.focus({ preventScroll: true });
  if (!text || !found) return;
  // The page stays; only the text moves within its frame.
  const above = found.getBoundingClientRect().top - text.getBoundingClientRect().top;
  if (above < 0 || above > text.clientHeight - 2 * found.offsetHeight)
    text.scrollTop += above - text.clientHeight / 3;
}

/** Resolves when the page shows this file: it may have to be fetched first. */
export function opened(lab: HTMLElement, path: string): Promise<void> {
  return new Promise((resolve) => {
    const see = (event: Event) => {
      if ((event as CustomEvent<string>).detail !== path) return;
      lab.removeEventListener('lab-shown', see);
      resolve();
    };
    lab.addEventListener('lab-shown', see);
    lab.dispatchEvent(new CustomEvent('lab-open', { detail: path }));
  });
}
