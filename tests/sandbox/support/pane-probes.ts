/**
 * Ways out of the pane that go round its particular defences: elements that no content security policy stops, made in
 * every way that elements are made, and a nested realm in which what was taken away would be back. Each runs as a script
 * of a page, in a document of its own; what it gets to is for the server that listens there to say.
 */
import type { Target } from './probes.ts';

type Probe = (target: Target) => unknown;

/** A declaration, because its text stands before each probe's. */
function preconnect({ tcp }: Target): string {
  return `<link rel="preconnect" href="http://127.0.0.1:${tcp}/">`;
}

/** What a nested document does with WebRTC; split, because the control's script stands in a document's text. */
function nestedCall({ udp }: Target): string {
  const call = `const c = new RTCPeerConnection({ iceServers: [{ urls: 'stun:127.0.0.1:${udp}' }] }); c.createDataChannel('x'); c.createOffer().then((o) => c.setLocalDescription(o));`;
  return `<script>${call}<${'/'}script>`;
}

export const paneHelpers = [preconnect, nestedCall];

export const paneProbes: Record<string, Probe> = {
  'inner-html-preconnect'(target) {
    document.body.innerHTML = preconnect(target);
  },
  'outer-html-preconnect'(target) {
    const div = document.createElement('div');
    document.body.append(div);
    div.outerHTML = preconnect(target);
  },
  'adjacent-html-preconnect': (target) => document.body.insertAdjacentHTML('beforeend', preconnect(target)),
  'fragment-preconnect': (target) =>
    document.body.append(document.createRange().createContextualFragment(preconnect(target))),
  'parser-preconnect': (target) =>
    document.body.append(
      new DOMParser().parseFromString(preconnect(target), 'text/html').head.firstChild as Node,
    ),
  'xml-preconnect'({ tcp }) {
    const text = `<h:link xmlns:h="http://www.w3.org/1999/xhtml" rel="preconnect" href="http://127.0.0.1:${tcp}/"/>`;
    document.body.append(new DOMParser().parseFromString(text, 'text/xml').documentElement);
  },
  'unsafe-html-preconnect': (target) =>
    (document.body as Element & { setHTMLUnsafe(text: string): void }).setHTMLUnsafe(preconnect(target)),
  'sanitized-html-preconnect'(target) {
    const allowing = { sanitizer: { elements: ['link'], attributes: ['rel', 'href'] } };
    (document.body as unknown as { setHTML(text: string, options: object): void }).setHTML(
      preconnect(target),
      allowing,
    );
  },
  'template-preconnect'(target) {
    const template = document.createElement('template');
    template.innerHTML = preconnect(target);
    document.body.append(template.content.cloneNode(true));
  },
  'svg-context-preconnect'(target) {
    const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
    document.body.append(svg);
    svg.innerHTML = `<style><p>${preconnect(target)}</p></style>`;
  },
  'shadow-preconnect'(target) {
    const div = document.createElement('div');
    document.body.append(div);
    div.attachShadow({ mode: 'open' }).innerHTML = preconnect(target);
  },
  'written-preconnect'(target) {
    document.write(preconnect(target));
    document.close();
  },
  'written-in-parts-preconnect'(target) {
    const text = preconnect(target);
    document.write(`<p>${text.slice(0, 3)}`);
    document.write(text.slice(3));
    document.close();
  },
  'inserted-preconnect'(target) {
    const field = document.createElement('div');
    field.contentEditable = 'true';
    document.body.append(field);
    field.focus();
    document.execCommand('insertHTML', false, `x${preconnect(target)}`);
    // What the command itself leaves out is here for the control.
    field.innerHTML += preconnect(target);
  },
  'namespaced-preconnect'({ tcp }) {
    const link = document.createElementNS('http://www.w3.org/1999/xhtml', 'h:link');
    link.setAttribute('rel', 'preconnect');
    link.setAttribute('href', `http://127.0.0.1:${tcp}/`);
    document.body.append(link);
  },
  'other-document-preconnect'({ tcp }) {
    const { documentElement: link } = document.implementation.createDocument(
      'http://www.w3.org/1999/xhtml',
      'link',
    );
    link.setAttribute('rel', 'preconnect');
    link.setAttribute('href', `http://127.0.0.1:${tcp}/`);
    document.body.append(link);
  },
  'two-faced-name-preconnect'({ tcp }) {
    let reads = 0;
    const name = {
      toString: () => (reads++ === 0 && 'trustedTypes' in globalThis && parent.origin === 'x' ? 'p' : 'link'),
    };
    const link = document.createElement(name as unknown as 'link');
    link.setAttribute('rel', 'preconnect');
    link.setAttribute('href', `http://127.0.0.1:${tcp}/`);
    document.body.append(link);
  },
  'custom-element-preconnect'({ tcp }) {
    class Own extends HTMLLinkElement {}
    customElements.define('own-link', Own, { extends: 'link' });
    const link = new Own();
    link.setAttribute('rel', 'preconnect');
    link.setAttribute('href', `http://127.0.0.1:${tcp}/`);
    document.body.append(link);
  },
  'tampered-preconnect'(target) {
    // What a guard might call is replaced first.
    RegExp.prototype.exec = () => null;
    RegExp.prototype.test = () => false;
    Element.prototype.remove = () => {};
    String.prototype.replace = function () {
      return `${this}`;
    };
    Object.defineProperty(Element.prototype, 'localName', { get: () => 'p' });
    document.querySelectorAll = DocumentFragment.prototype.querySelectorAll = () => [] as never;
    document.body.insertAdjacentHTML('beforeend', preconnect(target));
  },
  'stolen-policy-preconnect'(target) {
    const types = globalThis as unknown as {
      TrustedTypePolicy?: { prototype: { createHTML(text: string): string } };
    };
    const native = types.TrustedTypePolicy?.prototype.createHTML;
    let policy: unknown;
    if (types.TrustedTypePolicy) {
      types.TrustedTypePolicy.prototype.createHTML = function (text) {
        policy = this;
        return native?.call(this as never, text) as string;
      };
    }
    const inner = Object.getOwnPropertyDescriptor(Element.prototype, 'innerHTML') as PropertyDescriptor;
    const given: unknown[] = [];
    Object.defineProperty(Element.prototype, 'innerHTML', {
      ...inner,
      set(value) {
        given.push(value);
        inner.set?.call(this, value);
      },
    });
    document.body.insertAdjacentHTML('beforeend', preconnect(target));
    for (const value of [...given, policy && native?.call(policy as never, preconnect(target))])
      if (value) inner.set?.call(document.body, value);
  },
  'own-policy-preconnect'(target) {
    const { trustedTypes } = globalThis as unknown as {
      trustedTypes: { createPolicy(name: string, rules: object): { createHTML(text: string): string } };
    };
    const policy = trustedTypes.createPolicy('handfast', { createHTML: (text: string) => text });
    document.body.innerHTML = policy.createHTML(preconnect(target));
  },
  'inner-html-dns-prefetch'({ name }) {
    document.body.innerHTML = `<link rel="dns-prefetch" href="http://${name}/">`;
  },
  'control-on-dns-prefetch'({ name }) {
    document.head.insertAdjacentHTML('beforeend', '<meta http-equiv="x-dns-prefetch-control" content="on">');
    document.body.insertAdjacentHTML(
      'beforeend',
      `<a href="http://${name}/">x</a><link rel="dns-prefetch" href="http://${name}/">`,
    );
  },
  'nested-srcdoc-webrtc'(target) {
    const frame = document.createElement('iframe');
    frame.srcdoc = nestedCall(target);
    document.body.append(frame);
  },
  'nested-html-webrtc'(target) {
    document.body.innerHTML = `<iframe srcdoc="${nestedCall(target).replaceAll('"', '&quot;')}"></iframe>`;
  },
  'nested-svg-webrtc'(target) {
    const frame = document.createElementNS('http://www.w3.org/1999/xhtml', 'iframe') as HTMLIFrameElement;
    frame.setAttribute('srcdoc', nestedCall(target));
    document.body.append(frame);
  },
  'nested-custom-webrtc'(target) {
    class Own extends HTMLIFrameElement {}
    customElements.define('own-frame', Own, { extends: 'iframe' });
    const frame = new Own();
    frame.srcdoc = nestedCall(target);
    document.body.append(frame);
  },
  'nested-realm-webrtc'({ udp }) {
    const frame = document.createElement('iframe');
    document.body.append(frame);
    const { RTCPeerConnection: Connection } = frame.contentWindow as unknown as typeof globalThis;
    const connection = new Connection({ iceServers: [{ urls: `stun:127.0.0.1:${udp}` }] });
    connection.createDataChannel('x');
    return connection.createOffer().then((offer) => connection.setLocalDescription(offer));
  },
  'javascript-url-webrtc'(target) {
    const frame = document.createElement('iframe');
    frame.src = `javascript:${JSON.stringify(nestedCall(target))}`;
    document.body.append(frame);
  },
};
