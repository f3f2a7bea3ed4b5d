/**
 * What may stand in a document of the pane. The content security policy of the pane stops whatever fetches, but not
 * everything that reaches out: `<link rel=preconnect>` and `<link rel=dns-prefetch>` pass every policy (seen in Chromium
 * 156), and a frame in the frame would be a fresh realm. So these elements never come to be: not from HTML (this file)
 * and not from scripts (`frame/seal.ts`). Used on both sides of the pane; it touches no global.
 */

/** Names of elements that are never made. */
export const FORBIDDEN_NAMES =
  'applet|base|embed|fencedframe|frame|frameset|iframe|link|meta|noembed|noframes|noscript|object|plaintext|portal|xmp';

/**
 * Text that a parser of HTML might make a forbidden element of, whatever surrounds it: a tag begins with these very
 * letters, and HTML has no other way to write a tag. Or text that ends within a tag's name, which what is written next
 * could complete.
 */
export const FORBIDDEN_TAG = new RegExp(
  `<(?:[^\\s<>/]*:)?(?:${FORBIDDEN_NAMES})(?![\\w.-])|<[^\\s<>]*$`,
  'i',
);

/** What every event handler in an attribute says; the policy names the hash of exactly this text. */
export const HANDLER_STUB = 'return handfastHandler(this, event, arguments)';

/** Attributes that keep what the page wrote, where the pane put something of its own. */
export const KEPT = { handler: 'data-handfast-', source: 'data-handfast-src', address: 'data-handfast-href' };

/** An image that is still on its way, or that there is none of: the browser says `error` of it. */
export const NO_IMAGE = 'data:,';

export interface MarkupPlace {
  /** Resolves an address as the page would. */
  resolve(address: string): string | undefined;
  /** Whether a host is one of the lab's; a link to another is shown, but leads nowhere. */
  isLabAddress(address: string): boolean;
  /** Whether the page's own policy lets a handler run; the text may come back changed. */
  handler(text: string): string | undefined;
  /** Decides what becomes of a script; it has neither `src` nor text any more when this is called. */
  script(element: Element, source: string | null, text: string, nonce: string): void;
  say(text: string): void;
}

const FORBIDDEN_NAME = new RegExp(`^(?:.*:)?(?:${FORBIDDEN_NAMES})$`, 'i');

/** Attributes that fetch, and that no page of a lab needs: the policy would stop them, one by one, with noise. */
const DROPPED =
  /^(srcset|ping|poster|background|manifest|imagesrcset|attributionsrc|srcdoc|shadowroot.*|is|nonce|integrity|crossorigin)$/i;

/** Makes a tree, parsed where nothing runs, fit for the pane. */
export function cleanTree(root: ParentNode, place: MarkupPlace): void {
  const elements = root.querySelectorAll('*');
  for (let at = 0; at < elements.length; at++) {
    const element = elements[at];
    if (FORBIDDEN_NAME.test(element.localName)) {
      element.remove();
      continue;
    }
    if (element.localName === 'template') cleanTree((element as HTMLTemplateElement).content, place);
    const nonce = element.getAttribute('nonce') ?? '';
    cleanAttributes(element, place);
    if (element.localName === 'script') cleanScript(element, nonce, place);
    else if (element.localName === 'style') element.textContent = withoutTags(element.textContent ?? '');
  }
  dropComments(root);
}

/** A style in which no tag can be read; CSS takes the escape for the character. */
export const withoutTags = (css: string): string => css.replaceAll('<', '\\3c ');

function cleanScript(element: Element, nonce: string, place: MarkupPlace): void {
  const source = element.getAttribute('src') ?? element.getAttribute('href');
  const text = element.textContent ?? '';
  element.removeAttribute('src');
  element.removeAttribute('href');
  element.textContent = '';
  place.script(element, source, text, nonce);
}

function cleanAttributes(element: Element, place: MarkupPlace): void {
  for (const { name, value } of [...element.attributes]) {
    if (name.startsWith(KEPT.handler) || DROPPED.test(name)) element.removeAttribute(name);
    else if (/^on/i.test(name)) setHandler(element, name, place.handler(value));
    else if (name === 'src' && element.localName === 'img') keepImage(element, value);
    else if (name === 'src' && element.localName === 'input') element.removeAttribute(name);
    else if (/^(href|xlink:href)$/.test(name) && element.localName !== 'script')
      keepLink(element, name, value, place);
  }
}

function setHandler(element: Element, name: string, text: string | undefined): void {
  element.removeAttribute(name);
  if (text === undefined) return;
  element.setAttribute(name, HANDLER_STUB);
  element.setAttribute(KEPT.handler + name, text);
}

/** The image waits: its `error`, which comes at once, is the pane's own sign to fetch it. */
function keepImage(element: Element, source: string): void {
  if (/^data:/i.test(source)) return;
  element.setAttribute(KEPT.source, source);
  element.setAttribute('src', NO_IMAGE);
  if (!element.hasAttribute('onerror')) element.setAttribute('onerror', HANDLER_STUB);
}

function keepLink(element: Element, name: string, address: string, place: MarkupPlace): void {
  if (address.startsWith('#')) return;
  const resolved = place.resolve(address);
  element.removeAttribute(name);
  if (element.localName !== 'a' && element.localName !== 'area') return;
  if (resolved && place.isLabAddress(resolved)) element.setAttribute('href', resolved);
  else {
    element.setAttribute('href', '#');
    element.setAttribute(KEPT.address, resolved ?? address);
  }
}

function dropComments(root: ParentNode): void {
  const comments = 128;
  const walker = root.ownerDocument
    ? root.ownerDocument.createTreeWalker(root, comments)
    : (root as Document).createTreeWalker(root, comments);
  const found: Node[] = [];
  while (walker.nextNode()) found.push(walker.currentNode);
  for (const comment of found) (comment as ChildNode).remove();
}
