import { render } from 'preact';
import { keepSetting, settingOf } from '../../progress/index.ts';
import { keyWords as words } from '../../text/index.ts';
import { button } from './elements.ts';

/** The list's button, at the end of the lab's controls. */
export function offerKeys(lab: HTMLElement): void {
  const opens = button(words.button, 'quiet-press');
  opens.dataset.action = 'keys';
  lab.querySelector('.toolbar')?.append(opens);
}

/** Lists every key, and lets single ones be switched off (WCAG 2.1.4). Resolves when it is closed. */
export function showKeys(): Promise<void> {
  const dialog = document.createElement('dialog');
  dialog.className = 'ask keys';
  dialog.setAttribute('aria-labelledby', 'keys-title');
  document.body.append(dialog);
  return new Promise((resolve) => {
    dialog.addEventListener('close', () => {
      render(null, dialog);
      dialog.remove();
      resolve();
    });
    render(<Keys onClose={() => dialog.close()} />, dialog);
    dialog.showModal();
  });
}

function Keys({ onClose }: { onClose(): void }) {
  return (
    <>
      <h2 id="keys-title">{words.title}</h2>
      <label class="keys-switch">
        <input
          type="checkbox"
          checked={settingOf('keys')}
          aria-describedby="keys-hint"
          onChange={({ currentTarget: { checked } }) => keepSetting('keys', checked ? undefined : false)}
        />
        {words.single}
      </label>
      <p id="keys-hint">{words.singleHint}</p>
      <div class="keys-groups">
        {words.groups.map(({ title, keys }) => (
          <section key={title}>
            <h3>{title}</h3>
            <dl>
              {keys.map(([names, does]) => (
                <div key={does}>
                  <dt>{names.map((name, index) => [index > 0 && ' ', <kbd key={name}>{name}</kbd>])}</dt>
                  <dd>{does}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
      <p class="actions">
        <button type="button" class="quiet-press" data-action="cancel" onClick={onClose}>
          {words.close}
        </button>
      </p>
    </>
  );
}
