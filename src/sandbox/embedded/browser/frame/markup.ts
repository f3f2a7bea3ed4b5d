import { cleanTree, HANDLER_STUB, KEPT, type MarkupPlace, NO_IMAGE } from '../markup.ts';
import type { PaneContent } from '../messages.ts';
import type { Line } from './port.ts';
import { type Trust, uncurry } from './seal.ts';

const innerHTML = Object.getOwnPropertyDescriptor(
  Element.prototype,
  'innerHTML',
) as Required<PropertyDescriptor>;
/** Taken before the page runs: what is given to the setter is trusted, and must reach nobody else. */
const setInnerHTML = uncurry(innerHTML.set);
const getInnerHTML = uncurry(innerHTML.get);

/** Makes HTML from a script fit for the pane, parsed where nothing runs. */
export function createCleaner(
  { address, hosts, later }: PaneContent,
  say: (text: string) => void,
): { clean(text: string, trust: Trust): string; isLabAddress(address: string): boolean } {
  const inert = document.implementation.createHTMLDocument('');
  const isLabAddress = (url: string) => hosts.includes(URL.parse(url)?.hostname ?? '');
  const place = (trust: Trust): MarkupPlace => ({
    resolve: (text) => URL.parse(text.trim(), address)?.href,
    isLabAddress,
    handler: (text) => (later.handlers ? text : undefined),
    script(element, source, text) {
      if (source !== null) element.setAttribute(KEPT.source, source);
      else if (later.scripts && text) element.setAttribute('src', scriptUrl(text, address, trust));
    },
    say,
  });
  return {
    isLabAddress,
    clean(text, trust) {
      // A template takes the parts of a table as well, which a body would lose.
      const template = inert.createElement('template');
      setInnerHTML(template, trust.html(text));
      cleanTree(template.content, place(trust));
      return getInnerHTML(template);
    },
  };
}

/** A blob of this frame's, which its policy lets run. */
export function scriptUrl(text: string, name: string, trust: Trust): string {
  return trust.url(blobUrl(`${text}\n//# sourceURL=${name.replace(/\s/g, '%20')}`));
}

export const blobUrl = (script: string): string =>
  URL.createObjectURL(new Blob([script], { type: 'text/javascript' }));

/** Runs the handlers that stand in attributes, and brings the images that wait. */
export function installHandlers(
  line: Line,
  trust: Trust,
  content: PaneContent,
): { bringImage(image: HTMLImageElement, source: string): void } {
  const compiled = new WeakMap<
    Element,
    Map<string, { text: string; run: (...given: unknown[]) => unknown }>
  >();

  function compile(element: Element, name: string, text: string) {
    const mine = compiled.get(element) ?? new Map();
    compiled.set(element, mine);
    const known = mine.get(name);
    if (known?.text === text) return known.run;
    // The scopes of a handler: HTML §8.1.8.1 (event handler content attributes).
    const source = `(function(event,source,lineno,colno,error){with(document)with(this.form||{})with(this){\n${text}\n}})`;
    const run = trust.run(source) as (...given: unknown[]) => unknown;
    mine.set(name, { text, run });
    return run;
  }

  Object.defineProperty(globalThis, 'handfastHandler', {
    value(holder: unknown, event: Event | string, given: IArguments) {
      const element = holder === globalThis ? document.body : (holder as Element);
      const name = `on${typeof event === 'string' ? 'error' : event.type}`;
      const source = element.getAttribute(KEPT.source);
      if (name === 'onerror' && element.localName === 'img' && source !== null) {
        (event as Event).stopImmediatePropagation();
        bringImage(element as HTMLImageElement, source);
        return undefined;
      }
      const text = element.getAttribute(KEPT.handler + name);
      return text === null ? undefined : compile(element, name, text).apply(holder, [...given]);
    },
  });

  async function bringImage(image: HTMLImageElement, source: string): Promise<void> {
    image.removeAttribute(KEPT.source);
    const url = URL.parse(source, content.address)?.href;
    const data = url && (await imageData(line, url));
    image.setAttribute('src', data || NO_IMAGE);
  }

  return { bringImage };
}

async function imageData(line: Line, url: string): Promise<string | undefined> {
  const response = await line.ask({
    ...{ url, method: 'GET', headers: [], mode: 'no-cors', credentials: 'include', redirect: 'follow' },
    destination: 'image',
  });
  if ('failed' in response) return undefined;
  const type = /^image\/[\w.+-]+/.exec(
    response.headers.find(([name]) => name.toLowerCase() === 'content-type')?.[1] ?? '',
  );
  if (!type || response.status < 200 || response.status > 299) return undefined;
  const { promise, resolve } = Promise.withResolvers<string>();
  const reader = new FileReader();
  reader.onload = () => resolve(String(reader.result));
  reader.readAsDataURL(new Blob([response.body], { type: type[0] }));
  return promise;
}

/**
 * What happens to elements that scripts make: inline scripts run (the frame's policy would not let them), scripts and
 * images with an address are fetched over the lab's network, links to elsewhere lose their address.
 */
export function installElements(
  line: Line,
  trust: Trust,
  content: PaneContent,
  bringImage: (image: HTMLImageElement, source: string) => void,
  isLabAddress: (address: string) => boolean,
): { watch(): void } {
  const { address, later } = content;
  const done = new WeakSet<Element>();
  const setAttribute = Element.prototype.setAttribute;

  async function bringScript(script: HTMLScriptElement, source: string): Promise<void> {
    const url = URL.parse(source, address)?.href ?? source;
    const response = await line.ask({
      ...{ url, method: 'GET', headers: [], mode: 'no-cors', credentials: 'include', redirect: 'follow' },
      destination: 'script',
    });
    if ('failed' in response || response.status > 299) script.dispatchEvent(new Event('error'));
    else script.src = scriptUrl(new TextDecoder().decode(response.body), url, trust);
  }

  function arrived(script: HTMLScriptElement): void {
    if (done.has(script)) return;
    const source = script.getAttribute(KEPT.source);
    if (source !== null) {
      done.add(script);
      void bringScript(script, source);
    } else if (!script.hasAttribute('src') && script.textContent && later.scripts) {
      done.add(script);
      if (/^((text|application)\/javascript)?$/i.test(script.type)) trust.run(script.textContent);
    }
  }

  /** `src` as a page sets it, by property or by attribute. */
  function setSource(element: Element, value: string): void {
    const text = `${value}`;
    if (/^(data|blob):/i.test(text))
      setAttribute.call(element, 'src', element.localName === 'script' ? trust.url(text) : text);
    else if (element.localName === 'img') bringImage(element as HTMLImageElement, text);
    else setAttribute.call(element, KEPT.source, text);
  }
  for (const holder of [HTMLImageElement.prototype, HTMLScriptElement.prototype]) {
    const native = Object.getOwnPropertyDescriptor(holder, 'src');
    Object.defineProperty(holder, 'src', {
      ...native,
      set(this: Element, value: string) {
        // What the frame's own code sets is a trusted value.
        if (typeof value === 'object') native?.set?.call(this, value);
        else setSource(this, value);
      },
    });
  }
  Element.prototype.setAttribute = function (this: Element, name: string, value: string) {
    const attribute = `${name}`.toLowerCase();
    if (/^on/.test(attribute) && later.handlers) {
      setAttribute.call(this, KEPT.handler + attribute, `${value}`);
      setAttribute.call(this, attribute, trust.script(HANDLER_STUB));
    } else if (attribute === 'src' && /^(img|script)$/.test(this.localName) && typeof value !== 'object')
      setSource(this, value);
    else setAttribute.call(this, name, value);
  };

  function look(node: Node): void {
    if (!(node instanceof Element)) return;
    for (const script of node.matches('script') ? [node] : node.querySelectorAll('script'))
      arrived(script as HTMLScriptElement);
    for (const link of node.matches('[href]') ? [node] : node.querySelectorAll('[href]')) disarm(link);
  }

  function disarm(link: Element): void {
    const text = link.getAttribute('href') ?? '';
    const url = URL.parse(text, address)?.href;
    if (text.startsWith('#') || (url && isLabAddress(url))) return;
    setAttribute.call(link, KEPT.address, url ?? text);
    setAttribute.call(link, 'href', '#');
  }

  return {
    watch() {
      new MutationObserver((records) => {
        for (const { type, target, addedNodes } of records) {
          if (type === 'attributes') disarm(target as Element);
          else addedNodes.forEach(look);
        }
      }).observe(document, { childList: true, subtree: true, attributes: true, attributeFilter: ['href'] });
    },
  };
}
