import type { Browser, BrowserPage } from '../../sandbox/index.ts';
import { ui } from '../../text/index.ts';
import { element } from './consoles.ts';

type View = 'page' | 'cookies' | 'storage' | 'source' | 'certificate';

/** The pane of one browser: an address bar, the page that the engine draws into it, and what the browser keeps. */
export class BrowserPane {
  readonly #root: HTMLElement;
  #browser: Browser | undefined;
  #stop: (() => void) | undefined;
  #page: BrowserPage | undefined;
  #view: View = 'page';

  constructor(root: HTMLElement) {
    this.#root = root;
    root.addEventListener('click', ({ target }) => {
      const act = target instanceof Element && target.closest<HTMLElement>('[data-browser-act]')?.dataset;
      if (act) this.#act(act.browserAct as string);
    });
    this.#part<HTMLSelectElement>('view').addEventListener('change', ({ target }) => {
      this.#show((target as HTMLSelectElement).value as View);
    });
  }

  /** A browser has been opened: its page is drawn here until another one is. */
  open(browser: Browser): void {
    this.close();
    this.#browser = browser;
    this.#part('place').replaceChildren();
    browser.attach?.(this.#part('place'));
    this.#stop = browser.on('page', (page) => this.#receive(page));
    this.#show('page');
  }

  close(): void {
    this.#stop?.();
    this.#stop = undefined;
    this.#browser = undefined;
    this.#page = undefined;
    this.#part('place').replaceChildren();
    this.#part('address').textContent = '';
    this.#root.dataset.security = 'none';
    this.#word(ui.browser.security.none);
    this.#show('page');
  }

  #act(act: string): void {
    if (act === 'certificate') this.#show(this.#view === 'certificate' ? 'page' : 'certificate');
    // Once the servers have stopped, a reload is refused like any other visit: the pane then shows that.
    if (act === 'reload') this.#browser?.reload().catch(() => {});
    if (act === 'back') this.#browser?.back().catch(() => {});
  }

  #receive(page: BrowserPage): void {
    this.#page = page;
    this.#part('address').textContent = page.address;
    this.#root.dataset.security = page.security;
    this.#root.toggleAttribute('data-loading', page.loading);
    this.#word(ui.browser.security[page.security]);
    this.#tell();
  }

  #word(words: string): void {
    this.#part('security-word').textContent = words;
  }

  #show(view: View): void {
    this.#view = view;
    this.#part('place').hidden = view !== 'page';
    this.#part('facts').hidden = view === 'page';
    this.#part<HTMLSelectElement>('view').value = view;
    this.#part('padlock').setAttribute('aria-expanded', String(view === 'certificate'));
    this.#tell();
  }

  #tell(): void {
    const facts = this.#part('facts');
    if (this.#view === 'page' || !this.#page) {
      facts.replaceChildren(this.#page ? '' : ui.browser.nothing);
      return;
    }
    facts.replaceChildren(tellers[this.#view](this.#page));
  }

  #part<Kind extends HTMLElement = HTMLElement>(name: string): Kind {
    return this.#root.querySelector(`[data-part="${name}"]`) as Kind;
  }
}

const tellers: Record<Exclude<View, 'page'>, (page: BrowserPage) => Node> = {
  cookies: ({ cookies }) =>
    table(
      ui.browser.noCookies,
      ui.browser.cookieHeads,
      cookies.map((each) => [
        each.name,
        each.value,
        `${each.domain}${each.path}`,
        [each.secure && 'Secure', each.httpOnly && 'HttpOnly', `SameSite=${each.sameSite}`]
          .filter(Boolean)
          .join(', '),
      ]),
    ),
  storage: ({ storage }) => table(ui.browser.noStorage, ui.browser.storageHeads, Object.entries(storage)),
  source: ({ source }) => element('pre', '', source || ui.browser.nothing),
  certificate: certificateOf,
};

function certificateOf({ security, refusal, certificates }: BrowserPage): Node {
  const told = document.createDocumentFragment();
  told.append(element('p', '', ui.browser.explains[security]));
  if (refusal) told.append(element('p', 'refusal', refusal));
  certificates.forEach((der, at) => {
    const row = element('p', 'fingerprint', `${ui.browser.fingerprint(at === 0)} `);
    const value = element('code', '', '…');
    row.append(value);
    told.append(row);
    void crypto.subtle?.digest('SHA-256', der as Uint8Array<ArrayBuffer>).then((digest) => {
      value.textContent = [...new Uint8Array(digest)]
        .map((byte) => byte.toString(16).padStart(2, '0').toUpperCase())
        .join(':');
    });
  });
  return told;
}

function table(nothing: string, heads: readonly string[], rows: readonly (readonly string[])[]): Node {
  if (rows.length === 0) return element('p', '', nothing);
  const made = document.createElement('table');
  const line = (name: 'th' | 'td', cells: readonly string[]) => {
    const row = document.createElement('tr');
    row.append(...cells.map((cell) => element(name, '', cell)));
    return row;
  };
  made.append(line('th', heads), ...rows.map((cells) => line('td', cells)));
  return made;
}
