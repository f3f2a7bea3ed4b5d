/** A lab's browser in the engine `node`: a real Chromium, with a person at it whom Playwright plays. */
import type { CDPSession, Locator, Page } from 'playwright-core';
import type { Browser, BrowserAction, BrowserCookie, BrowserOptions, BrowserPage } from '../../browser.ts';
import { complaints } from '../../browser-lines.ts';
import type { Chromiums } from './chromium.ts';
import { BUTTONS, type Control, FIELDS, readButtons, readFields } from './controls.ts';
import type { Relay } from './relay.ts';
import { type Tab, watchTab } from './tab.ts';

/** How long a field or a button may take to come to rest where a hand can reach it. */
const HAND_LIMIT_MS = 30_000;

/** Opens a browser that trusts the authorities of a PEM text and reaches the lab's hosts over `relay`. */
export async function openBrowser(
  { name, trusts }: BrowserOptions,
  authorities: string,
  { relay, chromiums }: { relay: Relay; chromiums: Chromiums },
): Promise<Browser> {
  const chromium = await chromiums.get(authorities, relay.rules).catch((problem: Error) => {
    throw new Error(`The browser "${name}", which trusts ${trusts}, cannot start: ${problem.message}`);
  });
  let output: ReadableStreamDefaultController<string> | undefined;
  const stream = new ReadableStream<string>({
    start(controller) {
      output = controller;
    },
  });
  const listeners = new Set<(page: BrowserPage) => void>();
  const page = await chromium.openPage();
  const { tab, session } = await watchTab(page, (line) => output?.enqueue(`${line}\n`), publish);

  /** One look at a time: what changes meanwhile is seen by the next. */
  let looking: Promise<void> | undefined;
  let again = false;

  function publish(): void {
    if (listeners.size === 0 || output === undefined) return;
    if (looking) {
      again = true;
      return;
    }
    again = false;
    looking = look(page, tab, session)
      .then((seen) => {
        for (const listener of listeners) listener(seen);
      })
      .finally(() => {
        looking = undefined;
        if (again) publish();
      });
  }

  return {
    output: stream,
    async perform(action) {
      await relay.settled();
      await tab.follow(() => perform(page, session, action, addressOf(tab)));
    },
    on(_event, listener) {
      listeners.add(listener);
      publish();
      return () => void listeners.delete(listener);
    },
    reload: () => tab.follow(() => session.send('Page.reload')),
    back: () => tab.follow(() => back(session)),
    async close() {
      if (output === undefined) return;
      const ended = output;
      output = undefined;
      listeners.clear();
      await page.context().close();
      ended.close();
    },
  };
}

async function perform(
  page: Page,
  session: CDPSession,
  action: BrowserAction,
  address?: string,
): Promise<void> {
  if ('open' in action) {
    const url = URL.parse(/^[a-z]+:\/\//i.test(action.open) ? action.open : `https://${action.open}`);
    if (!url || !/^https?:$/.test(url.protocol)) {
      throw new Error(`This browser opens only http and https addresses, not ${action.open}.`);
    }
    await session.send('Page.navigate', { url: url.href });
    return;
  }
  if (address === undefined) throw new Error(complaints.noPage(`press "${action.press}" on`));
  const forms = new Set<number>();
  if ('fill' in action) {
    for (const [name, value] of Object.entries(action.fill)) {
      const fields = await page.evaluate(readFields, FIELDS);
      const chosen = fields.findIndex(({ names }) => names.includes(name));
      if (chosen < 0) throw new Error(complaints.noField(name, address, bestNames(fields)));
      await fill(page.locator(FIELDS).nth(chosen), value);
      forms.add(fields[chosen].form);
    }
  }
  const buttons = await page.evaluate(readButtons, BUTTONS);
  const named = ({ names }: Control) => names[0] === action.press;
  // Where several have this text, the one of the form that was filled in.
  const inForm = buttons.findIndex((button) => named(button) && forms.has(button.form));
  const chosen = inForm >= 0 ? inForm : buttons.findIndex(named);
  if (chosen < 0) throw new Error(complaints.noControl(action.press, address, bestNames(buttons)));
  await page.locator(BUTTONS).nth(chosen).click({ timeout: HAND_LIMIT_MS });
}

/** Where the person is; nowhere, when the page did not come. */
function addressOf({ document }: Tab): string | undefined {
  return document?.refusal === undefined ? document?.address : undefined;
}

const bestNames = (controls: readonly Control[]): string[] =>
  controls.flatMap(({ names }) => names.slice(0, 1));

/** Boxes are ticked unless the value says no; of a list, an option is chosen by its text or its value. */
async function fill(field: Locator, value: string): Promise<void> {
  const kind = await field.evaluate((element: HTMLInputElement) => element.type);
  const limit = { timeout: HAND_LIMIT_MS };
  if (kind === 'checkbox' || kind === 'radio')
    await field.setChecked(!/^(|no|off|false)$/i.test(value), limit);
  else if (kind.startsWith('select-')) await field.selectOption(value, limit);
  else await field.fill(value, limit);
}

async function back(session: CDPSession): Promise<void> {
  const { currentIndex, entries } = await session.send('Page.getNavigationHistory');
  const previous = entries[currentIndex - 1];
  if (previous && previous.url !== 'about:blank') {
    await session.send('Page.navigateToHistoryEntry', { entryId: previous.id });
  }
}

/** What can be seen of the page now. */
async function look(page: Page, tab: Tab, session: CDPSession): Promise<BrowserPage> {
  const { loading, document, title } = tab;
  const address = document?.address ?? '';
  const isPage = document !== undefined && document.refusal === undefined;
  const origin = isPage && URL.canParse(address) ? new URL(address).origin : 'null';
  const secure = origin.startsWith('https://');
  const [cookies, certificates, storage, source] = await Promise.all([
    orElse([], page.context().cookies()),
    secure
      ? orElse({ tableNames: [] }, session.send('Network.getCertificate', { origin }))
      : { tableNames: [] },
    origin === 'null' ? {} : orElse({}, storageOf(session, origin)),
    isPage && !loading ? orElse('', sourceOf(session, document.id)) : '',
  ]);
  return {
    address,
    title,
    loading,
    security: !document ? 'none' : document.refusal ? 'refused' : secure ? 'secure' : 'plain',
    ...(document?.refusal ? { refusal: document.refusal } : {}),
    certificates: certificates.tableNames.map((base64) => Uint8Array.from(Buffer.from(base64, 'base64'))),
    cookies: cookies.map(readCookie),
    storage,
    source,
  };
}

/** A page that has just gone answers no questions. Its successor will be asked the same. */
function orElse<Answer>(none: Answer, question: Promise<Answer>): Promise<Answer> {
  return question.catch(() => none);
}

async function storageOf(session: CDPSession, origin: string): Promise<Record<string, string>> {
  const { entries } = await session.send('DOMStorage.getDOMStorageItems', {
    storageId: { securityOrigin: origin, isLocalStorage: true },
  });
  return Object.fromEntries(entries);
}

async function sourceOf(session: CDPSession, requestId: string): Promise<string> {
  const { body, base64Encoded } = await session.send('Network.getResponseBody', { requestId });
  return base64Encoded ? Buffer.from(body, 'base64').toString() : body;
}

function readCookie(
  cookie: Awaited<ReturnType<ReturnType<Page['context']>['cookies']>>[number],
): BrowserCookie {
  const { name, value, domain, path, secure, httpOnly, sameSite, expires } = cookie;
  return {
    name,
    value,
    domain: domain.replace(/^\./, ''),
    hostOnly: !domain.startsWith('.'),
    path,
    secure,
    httpOnly,
    sameSite,
    ...(expires === -1 ? {} : { expires: expires * 1000 }),
  };
}
