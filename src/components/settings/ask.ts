import { settingsWords } from '../../text/index.ts';

/** An element with its text or its children. */
export function make<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  attributes: Record<string, string>,
  ...children: (Node | string)[]
): HTMLElementTagNameMap[Name] {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

export function button(label: string, kind: string, act: () => void): HTMLButtonElement {
  const made = make('button', { type: 'button', class: kind }, label);
  made.addEventListener('click', act);
  return made;
}

interface Question {
  title: string;
  confirm: string;
  /** A third way: it leaves the question open. */
  first?: { label: string; act(): void };
  children: (Node | string)[];
}

/** Asks in a modal dialog. Escape, and the button that cancels, answer no; it has the focus, so that Enter loses nothing. */
export function ask({ title, confirm, first, children }: Question): Promise<boolean> {
  const close = (answer: string) => () => dialog.close(answer);
  const cancel = button(settingsWords.reset.cancel, 'quiet-press', close('no'));
  cancel.autofocus = true;
  const dialog = make(
    'dialog',
    { class: 'ask', 'aria-labelledby': 'ask-title' },
    make('h2', { id: 'ask-title' }, title),
    ...children,
    make(
      'p',
      { class: 'actions' },
      button(confirm, 'press small', close('yes')),
      ...(first ? [button(first.label, 'quiet-press', first.act)] : []),
      cancel,
    ),
  );
  document.body.append(dialog);
  return new Promise((resolve) => {
    dialog.addEventListener('close', () => {
      resolve(dialog.returnValue === 'yes');
      dialog.remove();
    });
    dialog.showModal();
  });
}

export const list = (lines: readonly string[]): HTMLUListElement =>
  make('ul', {}, ...lines.map((line) => make('li', {}, line)));

/** Hands the reader a file. Says its name. */
export function download(name: string, text: string): string {
  const href = URL.createObjectURL(new Blob([text], { type: 'application/json' }));
  make('a', { href, download: name }).click();
  URL.revokeObjectURL(href);
  return name;
}
