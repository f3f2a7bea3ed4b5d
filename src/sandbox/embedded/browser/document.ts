import type { Asker, Fetcher, PageRequest } from './fetching.ts';
import { renameLocation } from './location-names.ts';
import {
  cleanTree,
  FORBIDDEN_TAG,
  HANDLER_STUB,
  KEPT,
  type MarkupPlace,
  NO_IMAGE,
  withoutTags,
} from './markup.ts';
import type { PaneContent } from './messages.ts';
import { toBase64 } from './network/client.ts';
import { resolveAddress } from './sites.ts';

const JAVASCRIPT = /^(module|(text|application)\/(x-)?(java|ecma|j)script)?$/i;

interface FoundScript {
  element: Element;
  /** Absent for an inline script. */
  source: string | null;
  text: string;
  nonce: string;
}

export interface Preparation {
  fetcher: Fetcher;
  asker: Asker;
  isLabAddress(address: string): boolean;
  say(text: string): void;
}

/**
 * Makes a document as the server sent it fit for the pane: what it loads is fetched over the lab's network and put in its
 * place; what may not be in the pane is left out; scripts and handlers that the server's own policy forbids do not run.
 */
export async function prepareDocument(
  html: string,
  preparation: Preparation,
): Promise<Pick<PaneContent, 'html' | 'marker' | 'scripts' | 'later'>> {
  const { asker, say } = preparation;
  const tree = new DOMParser().parseFromString(html, 'text/html');
  readMeta(tree, preparation);
  const base =
    resolveAddress(tree.querySelector('base[href]')?.getAttribute('href') ?? '', asker.url) ?? asker.url;
  await inlineStyles(tree, base, preparation);
  const handlers = await readHandlers(tree, preparation);

  const found: FoundScript[] = [];
  const place: MarkupPlace = {
    resolve: (address) => URL.parse(address.trim(), base)?.href,
    isLabAddress: preparation.isLabAddress,
    handler: (text) => handlers.get(text),
    script: (element, source, text, nonce) => found.push({ element, source, text, nonce }),
    say,
  };
  cleanTree(tree, place);

  const marker = `handfast-${crypto.randomUUID()}`;
  const scripts: string[] = [];
  const texts = await Promise.all(found.map((script) => scriptText(script, base, preparation)));
  for (const [index, { element, source }] of found.entries()) {
    const text = texts[index];
    if (text === undefined) {
      element.remove();
      continue;
    }
    const isModule = element.getAttribute('type')?.toLowerCase() === 'module';
    const name = source === null ? asker.url : (resolveAddress(source, base) ?? source);
    scripts.push(`${await renameLocation(text, isModule)}\n//# sourceURL=${name.replace(/\s/g, '%20')}`);
    element.setAttribute('src', `${marker}:${scripts.length - 1}.`);
  }
  await inlineImages(tree, base, preparation);

  const doctype = tree.doctype ? '<!doctype html>' : '';
  const text = doctype + tree.documentElement.outerHTML;
  const isFit = !FORBIDDEN_TAG.test(text);
  if (!isFit) say('The pane could not make this page safe to show.');
  return { html: isFit ? text : '<!doctype html>', marker, scripts, later: asker.policy.later };
}

function readMeta(tree: Document, { asker, say }: Preparation): void {
  for (const meta of tree.querySelectorAll('meta[http-equiv]')) {
    const kind = meta.getAttribute('http-equiv')?.toLowerCase();
    if (kind === 'content-security-policy') asker.policy.add(meta.getAttribute('content') ?? '');
    if (kind === 'refresh') say('This pane does not follow <meta http-equiv="refresh">.');
  }
}

const request = (url: string, destination: string): PageRequest => ({
  url,
  destination,
  method: 'GET',
  headers: [],
  mode: 'no-cors',
  credentials: 'include',
  redirect: 'follow',
});

/** What a subresource holds; undefined when it cannot be had. */
async function bring(address: string, destination: string, { fetcher, asker }: Preparation) {
  try {
    const response = await fetcher.fetch(asker, request(address, destination));
    return response.status >= 200 && response.status < 300 ? response : undefined;
  } catch {
    return undefined;
  }
}

async function inlineStyles(tree: Document, base: string, preparation: Preparation): Promise<void> {
  const { policy } = preparation.asker;
  const inline = [...tree.querySelectorAll('style')].map(async (style) => {
    const refusal = await policy.inline('style', style.textContent ?? '', style.getAttribute('nonce') ?? '');
    if (refusal) style.remove();
  });
  const linked = [...tree.querySelectorAll('link[href]')].map(async (link) => {
    if (!/(^|\s)stylesheet(\s|$)/i.test(link.getAttribute('rel') ?? '')) return;
    const address = resolveAddress(link.getAttribute('href') ?? '', base);
    if (!address) return;
    if (policy.fetching('style', address, link.getAttribute('nonce') ?? '')) return;
    const response = await bring(address, 'style', preparation);
    if (!response) return;
    const style = tree.createElement('style');
    if (link.hasAttribute('media')) style.setAttribute('media', link.getAttribute('media') ?? '');
    style.textContent = withoutTags(new TextDecoder().decode(response.body));
    link.replaceWith(style);
  });
  await Promise.all([...inline, ...linked]);
}

/** The handlers that may run, by the text the page has, with the text that runs. */
async function readHandlers(tree: Document, { asker }: Preparation): Promise<Map<string, string>> {
  const allowed = new Map<string, string>();
  for (const element of tree.querySelectorAll('*')) {
    for (const { name, value } of element.attributes) {
      if (!/^on/i.test(name) || allowed.has(value)) continue;
      if (await asker.policy.handler(value)) continue;
      allowed.set(value, await renameLocation(value));
    }
  }
  return allowed;
}

/** A script's text when it may run. */
async function scriptText(
  { element, source, text, nonce }: FoundScript,
  base: string,
  preparation: Preparation,
): Promise<string | undefined> {
  const { policy } = preparation.asker;
  if (!JAVASCRIPT.test(element.getAttribute('type')?.trim() ?? '')) return keepData(element, text);
  if (source === null) {
    return (await policy.inline('script', text, nonce)) ? undefined : text;
  }
  const address = resolveAddress(source, base);
  if (!address || policy.fetching('script', address, nonce)) return undefined;
  const response = await bring(address, 'script', preparation);
  return response && new TextDecoder().decode(response.body);
}

/** Data in a script element stays readable where it is, if it is JSON: only that can be written without a tag in it. */
function keepData(element: Element, text: string): undefined {
  if (!/\bjson$/i.test(element.getAttribute('type') ?? '')) return;
  const copy = element.cloneNode(false) as Element;
  copy.textContent = text.replaceAll('<', '\\u003c');
  element.before(copy);
}

async function inlineImages(tree: Document, base: string, preparation: Preparation): Promise<void> {
  const images = [...tree.querySelectorAll(`img[${KEPT.source}]`)].map(async (image) => {
    const address = resolveAddress(image.getAttribute(KEPT.source) ?? '', base);
    image.removeAttribute(KEPT.source);
    if (!image.hasAttribute(`${KEPT.handler}onerror`) && image.getAttribute('onerror') === HANDLER_STUB)
      image.removeAttribute('onerror');
    image.setAttribute('src', (address && (await bringImage(address, preparation))) || NO_IMAGE);
  });
  await Promise.all(images);
}

async function bringImage(address: string, preparation: Preparation): Promise<string | undefined> {
  if (preparation.asker.policy.fetching('image', address)) return undefined;
  const response = await bring(address, 'image', preparation);
  if (!response) return undefined;
  const type = response.headers.find(([name]) => name.toLowerCase() === 'content-type')?.[1] ?? '';
  return /^image\/[\w.+-]+/.test(type)
    ? `data:${/^[\w/.+-]+/.exec(type)};base64,${toBase64(response.body)}`
    : undefined;
}
