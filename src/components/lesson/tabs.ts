/** What is shown of the lab's files and panes: one at a time, each with a tab. */

/** Arrow keys move among the tabs, as in every tab list; Delete closes one that the reader has opened. */
export function startTabs(lab: HTMLElement): void {
  const list = lab.querySelector('[role="tablist"]') as HTMLElement;
  const select = lab.querySelector<HTMLSelectElement>('[data-other-files]');
  const edit = lab.querySelector('[data-action="edit"]');
  const isSelected = (tab: HTMLElement) => tab.getAttribute('aria-selected') === 'true';
  const tabs = () => [...list.querySelectorAll<HTMLElement>('[role="tab"]')];

  async function open(path: string): Promise<void> {
    // What an engine cannot do has its tab hidden; the tab keeps the reason.
    const withheld = tabs().find((tab) => tab.hidden && tab.dataset.file === path)?.dataset.withheld;
    if (withheld) return say(withheld);
    await haveSheet(lab, path);
    const sheets = [...lab.querySelectorAll<HTMLElement>('[data-sheet]')];
    const shown = sheets.find((sheet) => sheet.dataset.sheet === path);
    if (!shown) return;
    for (const sheet of sheets) sheet.toggleAttribute('data-shown', sheet === shown);
    give(path);
    for (const tab of tabs()) {
      const isOpen = tab.dataset.file === path;
      tab.setAttribute('aria-selected', String(isOpen));
      tab.tabIndex = isOpen ? 0 : -1;
      if (isOpen) reveal(tab);
    }
    lab.dispatchEvent(new CustomEvent('lab-shown', { detail: path }));
    showEditing();
  }

  function say(sentence: string): void {
    const status = lab.querySelector('[data-status]');
    if (status) status.textContent = sentence;
  }

  /** Brings a tab into sight within its strip. The page stays: on a phone the lab may be far below what was pressed. */
  function reveal(tab: HTMLElement): void {
    const [strip, its] = [list.getBoundingClientRect(), tab.getBoundingClientRect()];
    if (its.left < strip.left) list.scrollLeft -= strip.left - its.left;
    else if (its.right > strip.right) list.scrollLeft += its.right - strip.right;
  }

  /** A tab for what is in the page and has none, before those of the panes. */
  function give(path: string): void {
    const sheet = lab.querySelector<HTMLElement>(`[data-sheet="${CSS.escape(path)}"]`);
    if (!sheet || tabs().some((tab) => tab.dataset.file === path)) return;
    list.insertBefore(tabFor(path, sheet.id), list.querySelector('.pane-tab'));
    lab.dispatchEvent(new CustomEvent('lab-tabbed', { detail: path }));
  }

  /** A file that is not among the first ones gets a tab that can be closed: with a pointer, or with Delete. */
  function tabFor(path: string, controls: string): HTMLElement {
    const tab = document.createElement('button');
    tab.type = 'button';
    tab.id = `tab-${controls}`;
    tab.setAttribute('role', 'tab');
    tab.setAttribute('aria-controls', controls);
    tab.setAttribute('aria-keyshortcuts', 'Delete');
    tab.tabIndex = -1;
    tab.setAttribute('aria-selected', 'false');
    tab.dataset.file = path;
    const name = document.createElement('span');
    name.textContent = path;
    const cross = document.createElement('span');
    cross.className = 'cross';
    cross.dataset.close = '';
    cross.setAttribute('aria-hidden', 'true');
    cross.textContent = '×';
    tab.append(name, cross);
    return tab;
  }

  /** Takes the tab away and shows the one beside it, which has the focus then if the closed one had it or `isAsked`. */
  async function close(path: string, isAsked: boolean): Promise<void> {
    const all = tabs();
    const at = all.findIndex((tab) => tab.dataset.file === path);
    if (at < 0) return;
    const hadFocus = isAsked || all[at].contains(document.activeElement);
    const wasShown = isSelected(all[at]);
    const next = wasShown ? (all[at + 1] ?? all[at - 1]) : all.find(isSelected);
    all[at].remove();
    lab.dispatchEvent(new CustomEvent('lab-closed', { detail: path }));
    if (wasShown && next) await open(next.dataset.file as string);
    if (hadFocus) next?.focus();
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
    if (!path) return;
    if ((target as Element).closest('[data-close]')) close(path, false);
    else open(path);
  });
  list.addEventListener('keydown', (event) => {
    const all = tabs().filter(({ hidden }) => !hidden);
    const at = all.indexOf(document.activeElement as HTMLElement);
    if (event.key === 'Delete' && all[at]?.querySelector('[data-close]')) {
      event.preventDefault();
      close(all[at].dataset.file as string, false);
      return;
    }
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
  /** What the programs of a step said stands in worlds or in consoles, and only one of the two is shown: that one is led to. */
  addEventListener('click', ({ target }) => {
    const link = target instanceof Element && target.closest<HTMLAnchorElement>('.to-consoles');
    if (!link) return;
    const shown = tabs().find(isSelected)?.dataset.file;
    if (link.hash === '#worlds') open('worlds');
    else if (shown === 'worlds') open(tabs()[0].dataset.file as string);
  });
  /** What the workbench asks for: each with the path of a file, or the name of a pane. */
  const asked: Record<string, (path: string) => void> = {
    'lab-open': open,
    'lab-enter': (path) => open(path).then(() => tabs().find(isSelected)?.focus()),
    'lab-tab': give,
    'lab-close': (path) => close(path, true),
    'lab-gone': (path) => close(path, false),
  };
  for (const [name, act] of Object.entries(asked)) {
    lab.addEventListener(name, (event) => act((event as CustomEvent<string>).detail));
  }
  lab.addEventListener('lab-editing', showEditing);
  // A phone is turned, a page is zoomed: the tab of what is shown stays in sight.
  new ResizeObserver(() => reveal(tabs().find(isSelected) ?? list)).observe(list);
  showEditing();
}

/** Files that the lesson is not about are not in its page: they come with the first of them that is opened, or ahead of a Run. */
export async function haveSheet(lab: HTMLElement, path = ''): Promise<void> {
  const has = (name?: string) => lab.querySelector(`[data-sheet="${CSS.escape(name ?? '')}"]`) !== null;
  if (has(path)) return;
  const html = await fetch(`/lessons/${lab.dataset.lab}/files/`).then((response) => response.text());
  const page = new DOMParser().parseFromString(html, 'text/html');
  for (const sheet of page.querySelectorAll<HTMLElement>('[data-sheet]')) {
    if (has(sheet.dataset.sheet)) continue;
    delete sheet.dataset.listed;
    lab.querySelector('.sheets')?.append(sheet);
  }
}
