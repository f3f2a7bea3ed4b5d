import type { Browser, BrowserPage } from '../../../sandbox/index.ts';
import { ui } from '../../../text/index.ts';
import { element } from '../elements.ts';
import { cookiesOf, sourceOf, storageOf } from './browser-facts.ts';

type View = 'page' | 'cookies' | 'storage' | 'source' | 'certificate';

const words = ui.browser;
const certificates = () => import('./certificate.ts');

/** Fetches what a browser's padlock will need, so that it opens without a network. */
export function prepareBrowserPanes(): void {
  certificates().catch(() => {});
}

/** The pane of one browser: an address bar, the page that the engine draws into it, and what the browser keeps. */
export class BrowserPane {
  readonly #root: HTMLElement;
  #browser: Browser | undefined;
  #stop: (() => void) | undefined;
  #page: BrowserPage | undefined;
  #view: View = 'page';
  /** The page whose connection is shown. */
  #told: BrowserPage | undefined;

  constructor(root: HTMLElement) {
    this.#root = root;
    root.addEventListener('click', ({ target }) => {
      const act = target instanceof Element && target.closest<HTMLElement>('[data-browser-act]')?.dataset;
      if (act) this.#act(act.browserAct as string);
    });
    this.#part<HTMLSelectElement>('view').addEventListener('change', ({ target }) => {
      this.#show((target as HTMLSelectElement).value as View);
    });
    const facts = this.#part('facts');
    facts.id = `${root.id}-facts`;
    this.#part('padlock').setAttribute('aria-controls', facts.id);
    this.#tellSecurity('none');
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
    this.#tellAddress('');
    this.#tellSecurity('none');
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
    this.#tellAddress(page.address);
    this.#tellSecurity(page.security);
    this.#root.toggleAttribute('data-loading', page.loading);
    this.#show(this.#view);
  }

  /** As browsers do: the host stands out, because it is what the certificate is about. */
  #tellAddress(address: string): void {
    const [, scheme = '', host = '', rest = ''] = /^(\w+:\/\/)([^/:]+)(.*)$/.exec(address) ?? [];
    const shown = this.#part('address');
    shown.replaceChildren(scheme, host && element('b', '', host), rest);
    shown.title = address;
  }

  #tellSecurity(security: BrowserPage['security']): void {
    const word = words.security[security];
    this.#root.dataset.security = security;
    this.#part('security-word').textContent = word;
    this.#part('padlock').setAttribute('aria-label', words.padlock(word));
  }

  #show(view: View): void {
    this.#view = view;
    // Where no page came, the place of the page tells why.
    const isPage = view === 'page' && this.#page?.security !== 'refused';
    // Not hidden: a page without layout has no text to read and no button to press, and the person goes on.
    this.#part('place').toggleAttribute('data-unseen', !isPage);
    this.#part('facts').hidden = isPage;
    this.#part('facts').setAttribute('aria-label', words.views[view]);
    this.#part<HTMLSelectElement>('view').value = view;
    this.#part('padlock').setAttribute('aria-expanded', String(view === 'certificate'));
    if (!isPage) void this.#tell(view);
  }

  async #tell(view: View): Promise<void> {
    const page = this.#page;
    const facts = this.#part('facts');
    const told = this.#told;
    this.#told = undefined;
    if (!page || page.security === 'none') {
      facts.replaceChildren(words.nothing);
      return;
    }
    if (view === 'cookies') facts.replaceChildren(cookiesOf(page));
    else if (view === 'storage') facts.replaceChildren(storageOf(page));
    else if (view === 'source') facts.replaceChildren(sourceOf(page));
    else if (told && isSameConnection(told, page)) this.#told = page;
    else await this.#tellConnection(page, facts);
  }

  async #tellConnection(page: BrowserPage, facts: HTMLElement): Promise<void> {
    this.#told = page;
    facts.replaceChildren(words.certificateLoading);
    const told = await certificates().then(
      ({ connectionOf }) => connectionOf(page),
      () => words.certificateFailed,
    );
    // Meanwhile another page may have come, or the reader looks at something else.
    if (this.#told && isSameConnection(this.#told, page)) facts.replaceChildren(told);
  }

  #part<Kind extends HTMLElement = HTMLElement>(name: string): Kind {
    return this.#root.querySelector(`[data-part="${name}"]`) as Kind;
  }
}

/** Whether what is opened of one page's connection may stay open for the other. */
function isSameConnection(one: BrowserPage, other: BrowserPage): boolean {
  const { security, refusal, certificates } = other;
  return one.security === security && one.refusal === refusal && one.certificates === certificates;
}
