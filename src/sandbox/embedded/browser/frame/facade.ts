import { CookieJar } from '../cookies.ts';
import type { PaneContent } from '../messages.ts';
import type { Line } from './port.ts';
import type { Trust } from './seal.ts';

/** What the document says of itself, where `about:srcdoc` and an opaque origin would show through. */
export function installFacade(line: Line, content: PaneContent): void {
  const { address, referrer } = content;
  const url = new URL(address);
  installLocation(url, line);
  const about = { URL: address, documentURI: address, baseURI: address, referrer, domain: url.hostname };
  for (const [name, value] of Object.entries(about))
    Object.defineProperty(document, name, { get: () => value, configurable: true });
  Object.defineProperty(globalThis, 'origin', { value: url.origin, configurable: true, writable: true });
  installCookies(line, content);
  for (const area of ['local', 'session'] as const) installStorage(line, content, area);
  installDialogs(line);
  installHistory(line, url);
}

/** What scripts of the page call `location` (`location-names.ts`): it reads like the real one, and leads nowhere. */
function installLocation(url: URL, line: Line): void {
  const refuse = () =>
    line.post({ type: 'console', text: 'This pane does not follow changes of location by scripts.' });
  const location = {
    assign: refuse,
    replace: refuse,
    reload: refuse,
    toString: () => url.href,
    get ancestorOrigins() {
      return [];
    },
  };
  for (const part of 'href protocol host hostname port pathname search hash origin'.split(
    ' ',
  ) as (keyof URL)[]) {
    Object.defineProperty(location, part, { get: () => url[part], set: refuse, enumerable: true });
  }
  for (const holder of [globalThis, document])
    Object.defineProperty(holder, 'handfastLocation', {
      get: () => location,
      set: refuse,
      configurable: true,
    });
}

/** `document.cookie`: a copy of what scripts may see of the jar, which the site's page keeps up to date. */
function installCookies(line: Line, { cookie, address }: PaneContent): void {
  let text = cookie;
  line.on('cookie', (message) => {
    text = message.text;
  });
  Object.defineProperty(Document.prototype, 'cookie', {
    configurable: true,
    get: () => text,
    set(given: string) {
      const assigned = `${given}`;
      // What can be read back at once; the jar has the last word, and says it.
      const jar = new CookieJar();
      const secure = address.startsWith('https:') ? '; secure' : '';
      const from = { script: true, crossSite: false };
      for (const pair of text.split('; ')) if (pair) jar.set(`${pair}; path=/${secure}`, address, from);
      jar.set(`${assigned.replace(/;\s*path=[^;]*/gi, '')}; path=/`, address, from);
      text = jar.header(address, { script: true });
      line.post({ type: 'cookie', text: assigned });
    },
  });
}

function installStorage(line: Line, content: PaneContent, area: 'local' | 'session'): void {
  const items = new Map(content.storage[area]);
  const changed = () => line.post({ type: 'storage', area, entries: [...items] });
  const methods = {
    getItem: (key: string) => items.get(`${key}`) ?? null,
    setItem(key: string, value: string) {
      items.set(`${key}`, `${value}`);
      changed();
    },
    removeItem(key: string) {
      if (items.delete(`${key}`)) changed();
    },
    clear() {
      items.clear();
      changed();
    },
    key: (index: number) => [...items.keys()][index] ?? null,
    get length() {
      return items.size;
    },
  };
  const storage = new Proxy(methods, {
    get: (target, key) => (key in target ? Reflect.get(target, key) : items.get(String(key))),
    set(_target, key, value) {
      methods.setItem(String(key), value);
      return true;
    },
    deleteProperty(_target, key) {
      methods.removeItem(String(key));
      return true;
    },
    has: (target, key) => key in target || items.has(String(key)),
    ownKeys: () => [...items.keys()],
    getOwnPropertyDescriptor: (_target, key) =>
      items.has(String(key))
        ? { value: items.get(String(key)), enumerable: true, configurable: true, writable: true }
        : undefined,
  });
  Object.defineProperty(globalThis, `${area}Storage`, { get: () => storage, configurable: true });
}

/** A sandboxed frame opens no dialogs and no windows; what they would say is printed. */
function installDialogs(line: Line): void {
  const print = (name: string, text: unknown) =>
    line.post({ type: 'console', text: `${name}: ${text ?? ''}` });
  Object.assign(globalThis, {
    alert: (text: unknown) => print('alert', text),
    confirm(text: unknown) {
      print('confirm', text);
      return false;
    },
    prompt(text: unknown) {
      print('prompt', text);
      return null;
    },
    open() {
      line.post({ type: 'console', text: 'This pane opens no windows.' });
      return null;
    },
    print: () => {},
  });
}

/** `pushState` and `replaceState` change what the address bar says, and nothing else. HTML §7.2.5. */
function installHistory(line: Line, url: URL): void {
  for (const name of ['pushState', 'replaceState'] as const) {
    const native = history[name].bind(history);
    history[name] = (state, unused, to) => {
      if (to !== undefined && to !== null) {
        const next = new URL(to, url);
        if (next.origin !== url.origin) throw new DOMException('Not of this origin', 'SecurityError');
        url.href = next.href;
        line.post({ type: 'address', url: next.href });
      }
      native(state, unused);
    };
  }
}

/** Timers with text for a function: the frame's policy lets text be evaluated, but not by them (Chromium 156). */
export function installTimers(trust: Trust): void {
  for (const name of ['setTimeout', 'setInterval'] as const) {
    const native = globalThis[name] as (handler: unknown, ...given: unknown[]) => number;
    Object.defineProperty(globalThis, name, {
      writable: true,
      configurable: true,
      enumerable: true,
      value: (handler: unknown, ...given: unknown[]) =>
        native(typeof handler === 'function' ? handler : () => trust.evaluate(`${handler}`), ...given),
    });
  }
}

/** What goes to the console, and what nobody caught. */
export function installReports(line: Line): { listen(): void } {
  for (const name of ['log', 'info', 'warn', 'error', 'debug'] as const) {
    const native = console[name].bind(console);
    console[name] = (...given: unknown[]) => {
      line.post({ type: 'console', text: given.map(asText).join(' ') });
      native(...given);
    };
  }
  return {
    listen() {
      addEventListener('error', (event) => {
        if (event.message) line.post({ type: 'script-error', text: event.message });
      });
      addEventListener('unhandledrejection', ({ reason }) =>
        line.post({ type: 'script-error', text: `Uncaught (in promise) ${asText(reason)}` }),
      );
    },
  };
}

/** A value as Chromium's console describes it where it is not looked into. */
function asText(value: unknown): string {
  if (typeof value === 'string') return value;
  if (value instanceof Error) return `${value.name}: ${value.message}`;
  if (Array.isArray(value)) return `Array(${value.length})`;
  if (typeof value !== 'object' || value === null) return String(value);
  return value.constructor?.name ?? 'Object';
}
