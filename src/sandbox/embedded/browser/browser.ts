import type { Browser, BrowserAction, BrowserPage } from '../../browser.ts';
import { complaints, lines } from '../../browser-lines.ts';
import { CookieJar } from './cookies.ts';
import { prepareDocument } from './document.ts';
import { type Asker, Fetcher, Forbidden, header, type PageRequest } from './fetching.ts';
import type { FrameRequest, FrameResponse, FromFrame, PaneContent } from './messages.ts';
import { type Destination, navigate } from './navigation.ts';
import { type NetworkClient, NetworkError, type NetworkResponse } from './network/client.ts';
import { createOutput } from './output.ts';
import { openPane, type Pane } from './pane.ts';
import { ServerPolicy } from './server-policy.ts';
import { isSecure, originOf, resolveAddress } from './sites.ts';
import { htmlOf } from './source.ts';

/** What the pane shows: enough to show it again elsewhere. */
interface Shown {
  asker: Asker;
  status: number;
  content: PaneContent;
  pane: Pane;
  /** Lines of its scripts, held until it has loaded; undefined from then on. */
  held?: string[];
  /** Settles when it has loaded, or has been replaced. */
  ready: PromiseWithResolvers<void>;
  /** Takes the frame's answer to what the person does. */
  acted?: (complaint: string | undefined) => void;
}

const NOTHING: BrowserPage = {
  ...{
    address: '',
    title: '',
    loading: false,
    security: 'none',
    certificates: [],
    cookies: [],
    storage: {},
    source: '',
  },
};

export class EmbeddedBrowser implements Browser {
  readonly #name: string;
  readonly #network: NetworkClient;
  readonly #surroundings: { hosts: readonly string[]; script: string };
  readonly #jar = new CookieJar();
  readonly #fetcher: Fetcher;
  readonly #storage = new Map<string, PaneContent['storage']>();
  readonly #history: Destination[] = [];
  readonly #output = createOutput();
  readonly #listeners = new Set<(page: BrowserPage) => void>();
  #page = NOTHING;
  #shown: Shown | undefined;
  #place: HTMLElement | undefined;
  /** Counts navigations: one that is no longer the last has nothing to say. */
  #turn = 0;
  #going: Promise<void> | undefined;
  #closed = false;
  #cookieText = '';

  constructor(
    name: string,
    network: NetworkClient,
    surroundings: { hosts: readonly string[]; script: string },
  ) {
    this.#name = name;
    this.#network = network;
    this.#surroundings = surroundings;
    this.#fetcher = new Fetcher(network, this.#jar, () => this.#cookiesChanged());
  }

  get output(): ReadableStream<string> {
    return this.#output.stream;
  }

  on(_event: 'page', listener: (page: BrowserPage) => void): () => void {
    this.#listeners.add(listener);
    listener(this.#page);
    return () => void this.#listeners.delete(listener);
  }

  async perform(action: BrowserAction): Promise<void> {
    if ('open' in action) {
      const url = resolveAddress(/^[a-z]+:\/\//i.test(action.open) ? action.open : `https://${action.open}`);
      if (!url) throw new Error(`This browser opens only http and https addresses, not ${action.open}.`);
      this.#go({ url, method: 'GET' }, 'new');
    } else {
      const shown = this.#shown;
      if (!shown) throw new Error(complaints.noPage(`press "${action.press}" on`));
      const { promise, resolve } = Promise.withResolvers<string | undefined>();
      shown.acted = resolve;
      const fill = 'fill' in action ? Object.entries(action.fill) : [];
      shown.pane.post({ type: 'act', fill, press: action.press });
      const complaint = await promise;
      if (complaint) throw new Error(complaint);
    }
    await this.#settled();
  }

  async reload(): Promise<void> {
    const last = this.#history.at(-1);
    if (last) this.#go(last, 'same');
    await this.#settled();
  }

  async back(): Promise<void> {
    const before = this.#history.at(-2);
    if (!before) return;
    this.#history.pop();
    this.#go(before, 'same');
    await this.#settled();
  }

  attach(place: HTMLElement): void {
    this.#place = place;
    const shown = this.#shown;
    if (!shown || shown.pane.move(place)) return;
    // The frame loads anew where it is put; its page starts once more, and has nothing new to print.
    shown.pane.close();
    shown.pane = this.#open(shown);
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#turn++;
    this.#leave();
    this.#network.close();
    this.#jar.clear();
    this.#storage.clear();
    this.#history.length = 0;
    this.#change({ ...NOTHING });
    this.#listeners.clear();
    this.#output.close();
  }

  /** Waits until no navigation is under way: a page may have begun another one as it loaded. */
  async #settled(): Promise<void> {
    for (let going = this.#going; going; going = this.#going === going ? undefined : this.#going) await going;
  }

  #print(...printed: string[]): void {
    for (const line of printed) this.#output.write(`${line}\n`);
  }

  #change(change: Partial<BrowserPage>): void {
    const { address } = { ...this.#page, ...change };
    const local = address ? this.#storageOf(address).local : [];
    this.#page = { ...this.#page, ...change, cookies: this.#jar.list(), storage: Object.fromEntries(local) };
    for (const listener of [...this.#listeners]) listener(this.#page);
  }

  #storageOf(address: string): PaneContent['storage'] {
    const origin = originOf(address);
    const stored = this.#storage.get(origin) ?? { local: [], session: [] };
    this.#storage.set(origin, stored);
    return stored;
  }

  /** What a page's scripts may see of the jar reaches them before the response that changed it. */
  #cookiesChanged(): void {
    const shown = this.#shown;
    if (shown) {
      const text = this.#jar.header(shown.asker.url, { script: true });
      if (text !== this.#cookieText) shown.pane.post({ type: 'cookie', text });
      this.#cookieText = text;
    }
    this.#change({});
  }

  // --- navigation

  #go(to: Destination, entry: 'new' | 'same'): void {
    if (this.#closed) return;
    const turn = ++this.#turn;
    this.#going = this.#arrive(to, entry, turn).catch((problem) => {
      if (turn === this.#turn) this.#refuse(problem, to.url);
    });
  }

  async #arrive(to: Destination, entry: 'new' | 'same', turn: number): Promise<void> {
    this.#change({ loading: true });
    const response = await navigate(this.#fetcher, to);
    if (turn !== this.#turn) return;
    if (response.status === 204 || response.status === 205) {
      this.#change({ loading: false });
      return;
    }
    const asker: Asker = { url: response.url, policy: new ServerPolicy(response.url) };
    asker.policy.add(header(response, 'content-security-policy') ?? '');
    const source = htmlOf(response);
    const held: string[] = [];
    const prepared = await prepareDocument(source, {
      fetcher: this.#fetcher,
      asker,
      isLabAddress: (address) => this.#surroundings.hosts.includes(URL.parse(address)?.hostname ?? ''),
      say: (text) => held.push(lines.console(text)),
    });
    if (turn !== this.#turn) return;
    this.#leave();
    if (entry === 'new') this.#history.push({ ...to, url: response.url, method: to.method });
    this.#cookieText = this.#jar.header(response.url, { script: true });
    const content: PaneContent = {
      ...prepared,
      address: response.url,
      referrer: to.from ?? '',
      cookie: this.#cookieText,
      storage: this.#storageOf(response.url),
      hosts: [...this.#surroundings.hosts],
    };
    await this.#show(asker, response, content, source, held);
  }

  async #show(
    asker: Asker,
    { status, certificates }: NetworkResponse,
    content: PaneContent,
    source: string,
    held: string[],
  ): Promise<void> {
    const ready = Promise.withResolvers<void>();
    const partial = { asker, status, content, held, ready } as Shown;
    this.#shown = partial;
    partial.pane = this.#open(partial);
    this.#change({
      ...{ address: asker.url, title: '', certificates, source, refusal: undefined },
      security: isSecure(asker.url) ? 'secure' : 'plain',
    });
    await ready.promise;
  }

  #open(shown: Shown): Pane {
    return openPane(
      this.#place,
      `${this.#name}: ${shown.asker.url}`,
      { script: this.#surroundings.script, content: shown.content },
      {
        message: (message) => this.#shown === shown && this.#hear(shown, message),
        left: () => this.#shown === shown && this.#lost(shown),
      },
    );
  }

  /** The page that was is no more; whoever waits for it need not. */
  #leave(): void {
    const shown = this.#shown;
    this.#shown = undefined;
    if (!shown) return;
    shown.pane.close();
    if (shown.held) this.#print(...shown.held);
    shown.acted?.(undefined);
    shown.ready.resolve();
  }

  #refuse(problem: unknown, url: string): void {
    const error =
      problem instanceof NetworkError ? problem : new NetworkError('ERR_FAILED', url, [], String(problem));
    if (error.code === 'ERR_ABORTED') return;
    this.#leave();
    this.#print(lines.refused(error.code, error.url));
    this.#change({
      ...{
        address: error.url,
        title: '',
        loading: false,
        security: 'refused',
        refusal: error.code,
        source: '',
      },
      certificates: error.certificates,
    });
  }

  /** A script has set the frame's own location, which a document cannot be kept from. The policy led it nowhere. */
  #lost(shown: Shown): void {
    this.#say(
      shown,
      lines.console('This pane does not follow changes of location by scripts: the page is gone.'),
    );
    this.#leave();
    this.#change({ loading: false });
  }

  // --- what the frame says

  #say(shown: Shown, line: string): void {
    if (shown.held) shown.held.push(line);
    else this.#print(line);
  }

  #hear(shown: Shown, message: FromFrame): void {
    const { asker } = shown;
    switch (message.type) {
      case 'loaded': {
        if (!shown.held) return;
        const { title, text } = message;
        this.#print(...lines.page({ status: shown.status, address: asker.url, title, text }), ...shown.held);
        shown.held = undefined;
        this.#change({ title, loading: false });
        shown.ready.resolve();
        break;
      }
      case 'console':
        this.#say(shown, lines.console(message.text));
        break;
      case 'script-error':
        this.#say(shown, lines.scriptError(message.text));
        break;
      case 'cookie':
        this.#jar.set(message.text, asker.url, { script: true, crossSite: false });
        this.#cookieText = '\n';
        this.#cookiesChanged();
        break;
      case 'storage':
        this.#storageOf(asker.url)[message.area] = message.entries;
        this.#change({});
        break;
      case 'address':
        this.#readdress(shown, message.url);
        break;
      case 'navigate':
        this.#follow(shown, message.to);
        break;
      case 'acted':
        shown.acted?.(message.complaint);
        shown.acted = undefined;
        break;
      case 'request':
        this.#answer(shown, message.request).then((response) =>
          shown.pane.post({ type: 'response', id: message.id, response }),
        );
    }
  }

  #readdress(shown: Shown, address: string): void {
    const url = resolveAddress(address);
    if (!url || originOf(url) !== originOf(shown.asker.url)) return;
    shown.asker.url = url;
    this.#change({ address: url });
  }

  #follow({ asker }: Shown, to: Extract<FromFrame, { type: 'navigate' }>['to']): void {
    const url = resolveAddress(to.url);
    if (!url) return;
    if (to.isForm && asker.policy.fetching('form-action', url)) return;
    const { method, body, contentType } = to;
    this.#go({ url, method, body, contentType, from: asker.url }, 'new');
  }

  async #answer(shown: Shown, request: FrameRequest): Promise<FrameResponse> {
    const { asker } = shown;
    const url = resolveAddress(request.url);
    const isScripted = request.destination === 'empty';
    const report = (outcome: number | 'cors' | 'network') => {
      if (isScripted && this.#shown === shown)
        this.#say(shown, lines.request(request.method, request.url, outcome));
    };
    const destination = request.destination === 'beacon' ? 'empty' : request.destination;
    try {
      if (!url) throw new NetworkError('ERR_UNKNOWN_URL_SCHEME', request.url);
      const refusal = destination !== 'empty' && asker.policy.fetching(destination, url);
      if (refusal) throw new Forbidden(refusal, 'network');
      const asked: PageRequest = { ...request, url, destination };
      const { actual, ...response } = await this.#fetcher.fetch(asker, asked);
      report(actual);
      return response;
    } catch (problem) {
      const reason = problem instanceof Forbidden ? problem.reason : 'network';
      report(reason);
      return { failed: reason };
    }
  }
}
