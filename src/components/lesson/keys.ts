import { settingOf } from '../../progress/index.ts';

/** Where a letter is text, or a way to find something: there it is no command. */
const TYPING =
  'input:not([type="radio"], [type="checkbox"]), textarea, select, [contenteditable="true"], [role="tree"], dialog';

/**
 * Single keys, which the list on `?` names. They can be switched off, as WCAG 2.1.4 asks, and do nothing together with
 * Ctrl, Cmd or Alt, in a field, or while a dialog is open.
 */
export function startKeys(lab: HTMLElement, act: (action: string) => void): void {
  const tab = () => lab.querySelector<HTMLElement>('[role="tab"][aria-selected="true"]');
  const pressed = (action: string) =>
    document.querySelector<HTMLElement>(`[data-action="${action}"]:not([aria-disabled="true"])`)?.click();

  const commands: Record<string, () => void> = {
    '?': () => act('keys'),
    r: () => act('again'),
    c: () => pressed('check'),
    s: () => pressed('stop'),
    n: () => toStep(1),
    p: () => toStep(-1),
    t: () => document.getElementById('text')?.focus(),
    f: () => tab()?.focus(),
    e: () => edit(lab, pressed),
    o: () => document.getElementById('consoles')?.focus(),
    w: () => lab.dispatchEvent(new CustomEvent('lab-enter', { detail: 'wire' })),
  };

  addEventListener('keydown', (event) => {
    const { key, target, ctrlKey, metaKey, altKey, repeat, isComposing, defaultPrevented } = event;
    if (ctrlKey || metaKey || altKey || repeat || isComposing || defaultPrevented) return;
    if (!Object.hasOwn(commands, key) || !settingOf('keys')) return;
    if (document.querySelector('dialog[open]')) return;
    if (target instanceof Element && target.closest(TYPING)) return;
    event.preventDefault();
    commands[key]();
  });
}

/** Into the editor that is open, or into one that is opened for it. */
function edit(lab: HTMLElement, press: (action: string) => void): void {
  const editor = lab.querySelector<HTMLElement>('[data-sheet][data-shown] .cm-content');
  if (editor) editor.focus();
  else press('edit');
}

/** To the button of the step after, or before, the one that has the focus or is at the top of the window. */
function toStep(by: 1 | -1): void {
  const buttons = [...document.querySelectorAll<HTMLElement>('[data-step] button.press')];
  const active = document.activeElement?.closest('[data-step]');
  const held = buttons.findIndex((button) => button.closest('[data-step]') === active);
  const top = document.querySelector('.site-header')?.getBoundingClientRect().bottom ?? 0;
  const below = buttons.findIndex((button) => button.getBoundingClientRect().top > top);
  const at = active ? held + by : by === 1 ? below : (below < 0 ? buttons.length : below) - 1;
  buttons[at]?.focus();
}
