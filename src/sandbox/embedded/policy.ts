/**
 * What the page and the sandbox's frame may do, said once: the page's layout, the harness of `npm run sandbox` and the
 * frame itself all send these policies. A policy is a list of directives of CSP level 3.
 */

/**
 * The only inline script of the frame: waits for the page to hand over a port and the engine, then runs the kernel from
 * a blob of its own. It is a string, not a function, because the page's policy must name the hash of exactly this text
 * (a `srcdoc` frame inherits that policy), whatever a bundler does to functions.
 *
 * Programs run in workers, never in this document. Still it is disarmed, because a document can do what no policy stops:
 * `<link rel=preconnect>`, `<link rel=dns-prefetch>` and WebRTC reach out past every CSP (seen in Chromium 156, which does
 * not know the directive `webrtc 'block'`). So once the kernel's script is on its way, every interface it does
 * not need loses its methods; a fresh realm to get them back from would take a method, too.
 */
export const FRAME_SCRIPT = `
const needed = new Set(('Object Function Array Map Set WeakMap WeakSet WeakRef Promise Proxy Symbol String Number Boolean ' +
  'BigInt Date RegExp ArrayBuffer DataView Iterator Intl WebAssembly FinalizationRegistry TextEncoder TextDecoder ' +
  'EventTarget Event MessageEvent ErrorEvent MessagePort MessageChannel Worker Blob URL Window Navigator Performance ' +
  'DOMException Crypto SubtleCrypto CryptoKey').split(' '));
const disarm = () => {
  for (const name of ['RTCPeerConnection', 'webkitRTCPeerConnection']) delete globalThis[name];
  for (const [name, { value }] of Object.entries(Object.getOwnPropertyDescriptors(globalThis))) {
    if (typeof value !== 'function' || !value.prototype || needed.has(name) || /(Array|Error)$/.test(name)) continue;
    for (const key of Reflect.ownKeys(value.prototype)) Reflect.deleteProperty(value.prototype, key);
  }
};
addEventListener('message', (event) => {
  if (event.source !== parent) return;
  const [port] = event.ports;
  globalThis.handfastBoot = { port, worker: event.data.worker };
  const script = document.createElement('script');
  script.src = URL.createObjectURL(new Blob([event.data.kernel], { type: 'text/javascript' }));
  document.head.append(script);
  disarm();
}, { once: true });
`;

/** SHA-256 of FRAME_SCRIPT; a test holds the two together. */
export const FRAME_SCRIPT_HASH = "'sha256-BHj1Zx7IEGybTeXkVUc7QF1q8pskAD3y5EBtkhwgRbc='";

/**
 * The only inline script of the pane that shows a lab's web page (`browser/`): takes what the site hands over, and runs
 * the pane's own code from a blob before anything of the page. It hears only a parent with an origin: a frame that a page
 * in the pane made would have that page, of an opaque origin, for its parent.
 */
export const PANE_SCRIPT = `
for (const name of Object.getOwnPropertyNames(globalThis)) if (/^(webkit)?RTC/.test(name)) delete globalThis[name];
addEventListener('message', (event) => {
  if (event.source !== parent || event.origin === 'null') return;
  globalThis.handfastPane = { port: event.ports[0], content: event.data.content };
  const script = document.createElement('script');
  const policy = trustedTypes.createPolicy('handfast-boot', { createScriptURL: (url) => url });
  script.src = policy.createScriptURL(URL.createObjectURL(new Blob([event.data.script], { type: 'text/javascript' })));
  document.head.append(script);
}, { once: true });
`;

/** SHA-256 of PANE_SCRIPT and of HANDLER_STUB; a test holds them together. */
export const PANE_HASHES = {
  script: "'sha256-AtEZPUBgxV+zF1hl370+Yh+18xqAIcSHmaXJTSEmwuI='",
  handler: "'sha256-QBhFyWRe75BH78N3/UCUfpdsEdeF4t/nP4u6E3srIOE='",
};

/**
 * What the pane needs of `script-src`, which the page has to allow as well. It allows the page's own scripts nothing: the
 * one handler calls a function that only the pane has, and `'trusted-types-eval'` lets text be evaluated only where Trusted
 * Types are required, which is in the pane.
 */
const PANE_SCRIPTS = `${PANE_HASHES.script} 'unsafe-hashes' ${PANE_HASHES.handler} 'trusted-types-eval'`;

/** The pane. Text becomes HTML, a script's text or its address only by way of Trusted Types (`browser/frame/seal.ts`). */
export function panePolicy(): string {
  return [
    "default-src 'none'",
    `script-src ${PANE_SCRIPTS} blob:`,
    "style-src 'unsafe-inline'",
    'img-src data:',
    "connect-src 'none'",
    "worker-src 'none'",
    "frame-src 'none'",
    "object-src 'none'",
    "form-action 'none'",
    "base-uri 'none'",
    "require-trusted-types-for 'script'",
    'trusted-types handfast-boot handfast default',
  ].join('; ');
}

/** The document of the pane before it has a page. */
export function paneDocument(): string {
  return sealedDocument(panePolicy(), PANE_SCRIPT);
}

/**
 * The frame: its one script, blobs it makes itself, workers, and no way out. `worker-src data:` is there because only a
 * `data:` worker is a secure context in Chromium. Workers inherit this policy. `'wasm-unsafe-eval'` lets WebAssembly be
 * compiled (Node's fetch parses HTTP with it, `node:sqlite` is SQLite), and no text be evaluated.
 */
export function framePolicy(): string {
  return [
    "default-src 'none'",
    `script-src ${FRAME_SCRIPT_HASH} blob: 'wasm-unsafe-eval'`,
    'worker-src blob: data:',
    "connect-src 'none'",
    "frame-src 'none'",
    "form-action 'none'",
    "base-uri 'none'",
  ].join('; ');
}

/**
 * A page that may hold a sandbox. `frame-src 'none'` keeps the frame from navigating anywhere (a script in it could else
 * carry data out by `location = …`) while its `srcdoc` still loads. The frame inherits the whole, so what the frame
 * needs is named here too. `frames`: hosts that the page may have a frame of; then it must have no sandbox of ours, unless
 * it takes that away first.
 */
export function pagePolicy(
  more: { scripts?: readonly string[]; styles?: readonly string[]; frames?: readonly string[] } = {},
): string {
  return [
    "default-src 'self'",
    `script-src ${["'self'", FRAME_SCRIPT_HASH, PANE_SCRIPTS, 'blob:', "'wasm-unsafe-eval'", ...(more.scripts ?? [])].join(' ')}`,
    'worker-src blob: data:',
    `style-src ${["'self'", ...(more.styles ?? ["'unsafe-inline'"])].join(' ')}`,
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    `frame-src ${more.frames?.join(' ') ?? "'none'"}`,
    "object-src 'none'",
    "form-action 'none'",
    "base-uri 'none'",
  ].join('; ');
}

/** The whole document of the frame. */
export function frameDocument(): string {
  return sealedDocument(framePolicy(), FRAME_SCRIPT);
}

function sealedDocument(policy: string, script: string): string {
  return (
    '<!doctype html><html><head><meta charset="utf-8">' +
    `<meta http-equiv="Content-Security-Policy" content="${policy}">` +
    '<meta name="referrer" content="no-referrer"><meta http-equiv="x-dns-prefetch-control" content="off">' +
    `<script>${script}</script></head><body></body></html>`
  );
}
