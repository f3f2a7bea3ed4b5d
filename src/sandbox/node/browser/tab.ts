/**
 * What happens in a page of a real Chromium, told as lines. It is watched over the DevTools protocol and, for what a
 * person reads, from a script in a world of its own, where the page's scripts can neither see nor forge it.
 */
import type { CDPSession, Page } from 'playwright-core';
import { lines } from '../../browser-lines.ts';

/** A page that came, or did not. */
export interface TabDocument {
  /** The protocol's name for it, which is also that of the request that brought it. */
  readonly id: string;
  readonly address: string;
  /** The HTTP status; absent where there was no reply over HTTP. */
  readonly status?: number;
  /** Why there is none: Chromium's name of a net error. */
  readonly refusal?: string;
}

export interface Tab {
  readonly loading: boolean;
  readonly document: TabDocument | undefined;
  readonly title: string;
  /** Does what may bring another page, and waits until that has loaded. */
  follow(act: () => Promise<unknown>): Promise<void>;
}

/** A page that takes longer is taken for broken. */
const LOAD_LIMIT_MS = 60_000;
/** The name under which the script in the page's other world sends what it has read. */
const SEEN = 'handfastSeen';
/** `pageshow` comes right after all listeners of `load`, before anything else can happen. HTML §8.2. */
const TELL = `if (window === top) addEventListener('pageshow', () =>
  ${SEEN}(JSON.stringify([location.href, document.title, document.body?.innerText ?? ''])), true);`;

interface ScriptRequest {
  method: string;
  url: string;
  document: string;
  /** The status of the last redirect, after which a script may want to hear no more. */
  redirect?: number;
}

/** Watches a page from its beginning. `print` gets each line; `onChange` is called when something can be seen to change. */
export async function watchTab(
  page: Page,
  print: (line: string) => void,
  onChange: () => void,
): Promise<{ tab: Tab; session: CDPSession }> {
  const session = await page.context().newCDPSession(page);
  const { frameTree } = await session.send('Page.getFrameTree');
  const main = frameTree.frame.id;

  let current: TabDocument | undefined;
  let title = '';
  /** Whether the current page has been told, and what its scripts did before that. */
  let told = true;
  let held: string[] = [];
  const replies = new Map<string, { status?: number; refusal?: string }>();
  const requests = new Map<string, ScriptRequest>();

  /** A navigation is asked for by a page, then begins to load, then is over. */
  let asked = false;
  let loading = false;
  const waiting = new Set<() => void>();

  function move(state: { asked?: boolean; loading?: boolean }): void {
    asked = state.asked ?? asked;
    loading = state.loading ?? loading;
    if (asked || loading) return;
    for (const resume of waiting) resume();
    waiting.clear();
  }

  const settled = (): Promise<void> =>
    asked || loading ? new Promise((resolve) => waiting.add(resolve)) : Promise.resolve();

  /** A page's own lines come before those of its scripts, whichever was quicker. */
  function printOfScript(line: string): void {
    if (told) print(line);
    else held.push(line);
  }

  function tell(own: readonly string[]): void {
    for (const line of [...own, ...held]) print(line);
    told = true;
    held = [];
  }

  session.on('Page.frameRequestedNavigation', ({ frameId, disposition }) => {
    if (frameId === main && disposition === 'currentTab') move({ asked: true });
  });
  session.on('Page.frameScheduledNavigation', ({ frameId, delay }) => {
    if (frameId === main && delay < 1) move({ asked: true });
  });
  session.on('Page.frameClearedScheduledNavigation', ({ frameId }) => {
    if (frameId === main) move({ asked: false });
  });
  session.on('Page.frameStartedLoading', ({ frameId }) => {
    if (frameId !== main) return;
    move({ loading: true });
    onChange();
  });
  session.on('Page.frameStoppedLoading', ({ frameId }) => {
    if (frameId !== main) return;
    move({ loading: false });
    onChange();
  });

  session.on('Page.frameNavigated', ({ frame }) => {
    if (frame.id !== main) return;
    tell([]); // what a page did that was left before it had loaded
    const address = frame.unreachableUrl ?? frame.url + (frame.urlFragment ?? '');
    current = { id: frame.loaderId, address, ...replies.get(frame.loaderId) };
    replies.clear();
    title = '';
    told = false;
    if (current.refusal !== undefined) tell([lines.refused(current.refusal, address)]);
    // Chromium's own page, where a reply has a status of failure and nothing to show.
    else if (frame.unreachableUrl !== undefined)
      tell(lines.page({ status: current.status ?? 0, address, title, text: '' }));
    onChange();
  });
  session.on('Page.navigatedWithinDocument', ({ frameId, url }) => {
    if (frameId === main && current) current = { ...current, address: url };
    onChange();
  });
  session.on('Runtime.bindingCalled', ({ name, payload }) => {
    if (name !== SEEN || told || current?.status === undefined) return;
    const [address, itsTitle, text] = JSON.parse(payload) as [string, string, string];
    title = itsTitle;
    tell(lines.page({ status: current.status, address, title, text }));
    onChange();
  });

  session.on('Network.requestWillBeSent', ({ requestId, loaderId, request, type, redirectResponse }) => {
    if (type !== 'Fetch' && type !== 'XHR') return;
    const { method, url } = requests.get(requestId) ?? request;
    requests.set(requestId, { method, url, document: loaderId, redirect: redirectResponse?.status });
  });
  session.on('Network.responseReceived', ({ requestId, loaderId, response }) => {
    if (requestId === loaderId) replies.set(requestId, { status: response.status });
    endRequest(requestId, response.status);
  });
  session.on('Network.loadingFailed', ({ requestId, errorText, canceled, corsErrorStatus }) => {
    if (!canceled && replies.get(requestId)?.status === undefined) {
      replies.set(requestId, { refusal: errorText.replace(/^net::/, '') });
    }
    if (!canceled) endRequest(requestId, corsErrorStatus ? 'cors' : 'network');
    else endRequest(requestId, requests.get(requestId)?.redirect);
  });

  function endRequest(requestId: string, outcome: number | 'cors' | 'network' | undefined): void {
    const request = requests.get(requestId);
    requests.delete(requestId);
    // What has been given up, with its page or by itself, brings no reply.
    if (request === undefined || request.document !== current?.id || outcome === undefined) return;
    printOfScript(lines.request(request.method, request.url, outcome));
    onChange();
  }

  session.on('Runtime.consoleAPICalled', ({ args }) => {
    printOfScript(lines.console(args.map(describe).join(' ')));
  });
  session.on('Runtime.exceptionThrown', ({ exceptionDetails: { text, exception } }) => {
    printOfScript(lines.scriptError(exception ? `${text} ${describe(exception)}` : text));
  });
  session.on('Page.javascriptDialogOpening', ({ type, message }) => {
    // Playwright answers each with no.
    if (type !== 'beforeunload') printOfScript(lines.console(`${type}: ${message}`));
  });

  await session.send('Runtime.enable');
  await session.send('Network.enable');
  // A browser asks for an icon that no page mentions; nobody has written a program for that here.
  await session.send('Network.setBlockedURLs', { urls: ['*/favicon.ico'] });
  const world = 'handfast';
  await session.send('Runtime.addBinding', { name: SEEN, executionContextName: world });
  await session.send('Page.addScriptToEvaluateOnNewDocument', { worldName: world, source: TELL });
  await session.send('Page.enable');

  const tab: Tab = {
    get loading() {
      return loading;
    },
    get document() {
      return current;
    },
    get title() {
      return title;
    },
    async follow(act) {
      await act();
      // What the page was told to do is done once a task of its own has run; a navigation may end that page first.
      await session
        .send('Runtime.evaluate', {
          expression: 'new Promise((done) => setTimeout(done))',
          awaitPromise: true,
        })
        .catch((problem) => {
          if (!asked && !loading) throw problem;
        });
      await inTime(settled());
    },
  };
  return { tab, session };
}

function inTime(work: Promise<void>): Promise<void> {
  return new Promise((resolve, reject) => {
    const late = setTimeout(
      () => reject(new Error(`The page has not loaded within ${LOAD_LIMIT_MS / 1000} s.`)),
      LOAD_LIMIT_MS,
    );
    work.then(resolve, reject).finally(() => clearTimeout(late));
  });
}

/** A value of a page's script, as the DevTools protocol hands it over. */
interface RemoteValue {
  subtype?: string;
  value?: unknown;
  unserializableValue?: string;
  description?: string;
}

/** As the console shows a value that is not looked into; of errors, name and message. */
function describe({ subtype, value, unserializableValue, description }: RemoteValue): string {
  if (description === undefined) return unserializableValue ?? String(value);
  return subtype === 'error' ? description.split('\n    at ')[0] : description;
}
