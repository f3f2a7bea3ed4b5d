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
  'DOMException').split(' '));
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
export const FRAME_SCRIPT_HASH = "'sha256-lZmJaecHtEu+4HCbE/1AhpVQISDoZVfr84NgCvQ2d7g='";

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
 * needs is named here too.
 */
export function pagePolicy(more: { scripts?: readonly string[]; styles?: readonly string[] } = {}): string {
  return [
    "default-src 'self'",
    `script-src ${["'self'", FRAME_SCRIPT_HASH, 'blob:', "'wasm-unsafe-eval'", ...(more.scripts ?? [])].join(' ')}`,
    'worker-src blob: data:',
    `style-src ${["'self'", ...(more.styles ?? ["'unsafe-inline'"])].join(' ')}`,
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "frame-src 'none'",
    "object-src 'none'",
    "form-action 'none'",
    "base-uri 'none'",
  ].join('; ');
}

/** The whole document of the frame. */
export function frameDocument(): string {
  return (
    '<!doctype html><html><head><meta charset="utf-8">' +
    `<meta http-equiv="Content-Security-Policy" content="${framePolicy()}">` +
    '<meta name="referrer" content="no-referrer"><meta http-equiv="x-dns-prefetch-control" content="off">' +
    `<script>${FRAME_SCRIPT}</script></head><body></body></html>`
  );
}
