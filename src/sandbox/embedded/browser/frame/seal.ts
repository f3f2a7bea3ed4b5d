/**
 * Closes what a content security policy leaves open, before any script of the page runs. Elements that reach out in spite
 * of it (`FORBIDDEN_NAMES`) can come to be in two ways: from text, and every sink of text passes the default policy of
 * Trusted Types, which the browser itself enforces; or by a method that makes elements, and there are four. WebRTC, which
 * no policy stops, is taken away. A nested frame would be a realm where all of this is undone: its text would have to
 * pass Trusted Types, an empty one is of another opaque origin, and its element is never made.
 *
 * What decides uses nothing that a page could have replaced: functions taken beforehand, called by a bound `call`.
 */
import { FORBIDDEN_NAMES, FORBIDDEN_TAG } from '../markup.ts';

/** A function called with its receiver as the first argument, whatever becomes of `Function.prototype`. */
export const uncurry = <Receiver, Arguments extends unknown[], Result>(
  method: (this: Receiver, ...given: Arguments) => Result,
): ((receiver: Receiver, ...given: Arguments) => Result) => Function.prototype.call.bind(method) as never;

const find = uncurry(RegExp.prototype.exec as (this: RegExp, text: string) => unknown);
const FORBIDDEN_NAME = new RegExp(`^(?:[^]*:)?(?:${FORBIDDEN_NAMES})$`, 'i');

/** What the element of a forbidden name is made as: nothing happens in it, or because of it. */
const INERT_NAME = 'handfast-refused';

const isForbidden = (name: string) => find(FORBIDDEN_NAME, name) !== null;

export interface Trust {
  html(text: string): string;
  script(text: string): string;
  url(text: string): string;
  /** Evaluates a script's text as a script of the page; gives its value. */
  run(text: string): unknown;
  /** The same for text that the page wants evaluated, which its own policy may forbid. */
  evaluate(text: string): unknown;
}

export interface SealOptions {
  /** Makes HTML from a script fit for the pane. */
  clean(text: string): string;
  evaluation: boolean;
  /** Tells the page's console. */
  say(text: string): void;
}

/** Seals the document. The returned functions make trusted values without the default policy: never to be given away. */
export function seal({ clean, evaluation, say }: SealOptions): Trust {
  if (!('trustedTypes' in globalThis)) throw new Error('This browser has no Trusted Types');
  const factory = (globalThis as unknown as { trustedTypes: TrustedTypeFactory }).trustedTypes;
  // biome-ignore lint/security/noGlobalEval: it runs what the page is made of, where it may do no harm
  const evaluate = globalThis.eval;
  /** What `run` is about to evaluate: `eval` takes no trusted value here, so its text passes the default policy. */
  let expected: string | undefined;
  const same = (text: string) => text;
  const own = factory.createPolicy('handfast', {
    createHTML: same,
    createScript: same,
    createScriptURL: same,
  });
  factory.createPolicy('default', {
    createHTML(text, _type, sink) {
      const cleaned = find(/srcdoc/i, sink) === null ? clean(text) : '';
      if (typeof cleaned === 'string' && find(FORBIDDEN_TAG, cleaned) === null) return cleaned;
      say('The pane left out HTML that it could not make safe.');
      return '';
    },
    createScript(text, _type, sink) {
      const isOwn = text === expected;
      expected = undefined;
      return isOwn || evaluation || find(/^HTMLScriptElement/, sink) !== null ? text : null;
    },
    createScriptURL: (url) => (find(/^blob:null\//, url) !== null ? url : null),
  });
  removeUnneeded();
  guardCreation(say);
  guardParsers();
  // Taken now: a page that replaced the policy's methods would be called with the policy itself as `this`.
  const [html, script, url] = [own.createHTML, own.createScript, own.createScriptURL].map((make) =>
    uncurry(make),
  );
  return {
    html: (text) => html(own, text) as unknown as string,
    script: (text) => script(own, text) as unknown as string,
    url: (text) => url(own, text) as unknown as string,
    run(text) {
      expected = text;
      return evaluate(text);
    },
    evaluate: (text) => evaluate(text),
  };
}

interface TrustedTypeFactory {
  createPolicy(
    name: string,
    rules: Record<
      'createHTML' | 'createScript' | 'createScriptURL',
      (text: string, type: string, sink: string) => string | null
    >,
  ): Record<'createHTML' | 'createScript' | 'createScriptURL', (text: string) => object>;
}

/** Interfaces that reach out past a policy, or that make elements from something else than text. */
const UNNEEDED =
  /^(webkit)?(RTC|Speech|Presentation|Payment|XSLT|Sanitizer|WebTransport|IdentityCredential|DocumentPictureInPicture|SharedStorage|HTMLFencedFrame|FencedFrame|Fence$|NavigatorLogin|Credential)/;
const UNNEEDED_OBJECTS = [
  'speechSynthesis',
  'documentPictureInPicture',
  'fence',
  'sharedStorage',
  'launchQueue',
];
const UNNEEDED_OF_NAVIGATOR = [
  ...[
    'credentials',
    'serviceWorker',
    'presentation',
    'mediaDevices',
    'getUserMedia',
    'webkitGetUserMedia',
    'usb',
  ],
  ...[
    'bluetooth',
    'hid',
    'serial',
    'share',
    'registerProtocolHandler',
    'runAdAuction',
    'joinAdInterestGroup',
    'login',
  ],
];

/** Sinks of HTML that Trusted Types governs; whatever else has HTML in its name goes, known or not. */
const GOVERNED = new Set(['innerHTML', 'outerHTML', 'insertAdjacentHTML', 'setHTMLUnsafe', 'getHTML']);

function removeUnneeded(): void {
  for (const name of Object.getOwnPropertyNames(globalThis)) {
    if (UNNEEDED.test(name) || UNNEEDED_OBJECTS.includes(name)) Reflect.deleteProperty(globalThis, name);
  }
  for (const name of UNNEEDED_OF_NAVIGATOR) Reflect.deleteProperty(Navigator.prototype, name);
  for (const holder of [
    Element.prototype,
    HTMLElement.prototype,
    ShadowRoot.prototype,
    Document,
    Document.prototype,
  ]) {
    for (const name of Object.getOwnPropertyNames(holder)) {
      if (/html/i.test(name) && !GOVERNED.has(name)) Reflect.deleteProperty(holder, name);
    }
  }
}

/** Replaces a method for good: a page can neither change it nor find the one that was there. */
function replace<Holder extends object>(
  holder: Holder,
  name: keyof Holder & string,
  make: (native: never) => (this: never, ...given: never[]) => unknown,
): void {
  const native = Reflect.get(holder, name);
  Object.defineProperty(holder, name, {
    value: make(uncurry(native as never) as never),
    writable: false,
    configurable: false,
    enumerable: true,
  });
}

type Native = (receiver: unknown, ...given: unknown[]) => unknown;

/** The methods that make an element by its name. */
function guardCreation(say: (text: string) => void): void {
  const allowed = (given: unknown): string => {
    // Read once: an object could give another name the second time.
    const name = `${given}`;
    if (!isForbidden(name)) return name;
    say(`This pane makes no <${name}> elements.`);
    return INERT_NAME;
  };
  replace(
    Document.prototype,
    'createElement',
    (native: Native) =>
      function createElement(this: Document, name: string) {
        return native(this, allowed(name));
      },
  );
  replace(
    Document.prototype,
    'createElementNS',
    (native: Native) =>
      function createElementNS(this: Document, namespace: string | null, name: string) {
        return native(this, namespace, allowed(name));
      },
  );
  replace(
    DOMImplementation.prototype,
    'createDocument',
    (native: Native) =>
      function createDocument(
        this: DOMImplementation,
        namespace: string | null,
        name: string | null,
        type?: unknown,
      ) {
        return native(this, namespace, name === null ? null : allowed(name), type ?? null);
      },
  );
  replace(
    CustomElementRegistry.prototype,
    'define',
    (native: Native) =>
      // Without the third argument, with which a class could become a built-in element: `new` would then make one.
      function define(this: CustomElementRegistry, name: string, maker: CustomElementConstructor) {
        return native(this, name, maker);
      },
  );
}

/** A parser of XML has entities and prefixes, with which a name can be hidden: it is left out. */
function guardParsers(): void {
  replace(
    DOMParser.prototype,
    'parseFromString',
    (native: Native) =>
      function parseFromString(this: DOMParser, text: string, type: string) {
        const kind = `${type}`;
        if (kind !== 'text/html') throw new TypeError(`This pane parses no ${kind}`);
        return native(this, text, kind);
      },
  );
}
