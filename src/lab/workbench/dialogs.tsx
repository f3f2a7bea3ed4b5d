import { type ComponentChildren, render } from 'preact';
import { ui } from '../../text/index.ts';
import { Difference } from './files/difference.tsx';

const { dialog: words } = ui.lab;

interface Question {
  title: string;
  text: string;
  confirm: string;
  cancel?: string;
  children?: ComponentChildren;
}

/** Asks in a modal dialog. Escape, and the button that cancels, answer no. */
export function ask({ title, text, confirm, cancel = words.cancel, children }: Question): Promise<boolean> {
  const dialog = document.createElement('dialog');
  dialog.className = 'ask';
  dialog.setAttribute('aria-labelledby', 'ask-title');
  document.body.append(dialog);
  return new Promise((resolve) => {
    const answer = (yes: boolean) => () => dialog.close(yes ? 'yes' : 'no');
    dialog.addEventListener('close', () => {
      resolve(dialog.returnValue === 'yes');
      render(null, dialog);
      dialog.remove();
    });
    render(
      <>
        <h2 id="ask-title">{title}</h2>
        <p>{text}</p>
        {children}
        <p class="actions">
          <button type="button" class="press small" data-action="confirm" onClick={answer(true)}>
            {confirm}
          </button>
          <button type="button" class="quiet-press" data-action="cancel" onClick={answer(false)}>
            {cancel}
          </button>
        </p>
      </>,
      dialog,
    );
    dialog.showModal();
    // Enter must not throw anything away.
    dialog.querySelector<HTMLElement>('[data-action="cancel"]')?.focus();
  });
}

export function askReset(changed: readonly string[]): Promise<boolean> {
  return ask({
    title: words.resetTitle,
    text: words.resetText,
    confirm: words.resetConfirm,
    children: (
      <ul>
        {changed.map((path) => (
          <li key={path}>
            <code>{path}</code>
          </li>
        ))}
      </ul>
    ),
  });
}

/** Shows what the solution changes in the files as they are now. */
export function askSolve(
  now: Readonly<Record<string, string>>,
  solution: Readonly<Record<string, { text: string }>>,
): Promise<boolean> {
  const differing = Object.entries(solution).filter(([path, { text }]) => text !== now[path]);
  return ask({
    title: words.solveTitle,
    text: differing.length > 0 ? words.solveText : words.noChange,
    confirm: words.solveConfirm,
    children: differing.map(([path, { text }]) => (
      <figure key={path}>
        <figcaption>
          <code>{path}</code>
        </figcaption>
        <Difference before={now[path] ?? ''} after={text} label={path} />
      </figure>
    )),
  });
}
