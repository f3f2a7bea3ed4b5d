/**
 * Ways out of a sandbox. Each is a function that runs in the browser, alone in a worker or in a document of its own, and
 * tries to reach `target`. It says nothing about success: the server that listens there knows.
 */
export interface Target {
  /** Address that only this probe asks for. */
  url: string;
  /** The same server for WebSocket. */
  socket: string;
  /** A port on which this probe's UDP packets are counted. */
  udp: number;
  /** A port on which this probe's TCP connections are counted. */
  tcp: number;
  /** A name that only this probe would look up. */
  name: string;
}

type Probe = (target: Target) => unknown;

const everywhere: Record<string, Probe> = {
  fetch: ({ url }) => fetch(url, { mode: 'no-cors' }),
  'fetch-keepalive': ({ url }) => fetch(url, { mode: 'no-cors', method: 'POST', body: 'x', keepalive: true }),
  xhr({ url }) {
    const request = new XMLHttpRequest();
    request.open('GET', url);
    request.send();
  },
  websocket: ({ socket }) => new WebSocket(socket),
  eventsource: ({ url }) => new EventSource(url),
  import: ({ url }) => import(url),
  'nested-worker'({ url }) {
    const code = `fetch(${JSON.stringify(url)}, { mode: 'no-cors' })`;
    return new Worker(URL.createObjectURL(new Blob([code], { type: 'text/javascript' })));
  },
  'nested-data-worker': ({ url }) =>
    new Worker(
      `data:text/javascript,${encodeURIComponent(`fetch(${JSON.stringify(url)}, { mode: 'no-cors' })`)}`,
    ),
  webtransport: ({ udp }) => new WebTransport(`https://127.0.0.1:${udp}/`),
};

export const workerProbes: Record<string, Probe> = {
  ...everywhere,
  importScripts: ({ url }) =>
    (globalThis as unknown as { importScripts(url: string): void }).importScripts(url),
};

function element(name: string, attributes: Record<string, string>): HTMLElement {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  document.documentElement.append(made);
  return made;
}

/** Probes that need a document: what is loaded, where it may go, whom it can reach. */
export const documentProbes: Record<string, Probe> = {
  ...everywhere,
  beacon: ({ url }) => navigator.sendBeacon(url, 'x'),
  image: ({ url }) => element('img', { src: url }),
  'image-set': ({ url }) => element('img', { srcset: `${url} 1x` }),
  picture: ({ url }) => element('input', { type: 'image', src: url }),
  svg: ({ url }) => {
    document.documentElement.insertAdjacentHTML('beforeend', `<svg><image href="${url}"/></svg>`);
  },
  script: ({ url }) => element('script', { src: url }),
  'module-script': ({ url }) => element('script', { src: url, type: 'module' }),
  stylesheet: ({ url }) => element('link', { rel: 'stylesheet', href: url }),
  'inline-style': ({ url }) => element('p', { style: `background:url(${url})` }),
  font({ url }) {
    const face = new FontFace('probe', `url(${url})`);
    return face.load();
  },
  audio: ({ url }) => element('audio', { src: url, preload: 'auto' }),
  video: ({ url }) => element('video', { poster: url }),
  track({ url }) {
    const video = element('video', { crossorigin: 'anonymous' });
    video.innerHTML = `<track default kind="subtitles" src="${url}">`;
    (video as HTMLVideoElement).textTracks[0].mode = 'showing';
  },
  frame: ({ url }) => element('iframe', { src: url }),
  object: ({ url }) => element('object', { data: url }),
  embed: ({ url }) => element('embed', { src: url }),
  prefetch: ({ url }) => element('link', { rel: 'prefetch', href: url }),
  preload: ({ url }) => element('link', { rel: 'preload', href: url, as: 'image' }),
  modulepreload: ({ url }) => element('link', { rel: 'modulepreload', href: url }),
  preconnect: ({ tcp }) => element('link', { rel: 'preconnect', href: `http://127.0.0.1:${tcp}/` }),
  'dns-prefetch': ({ name }) => element('link', { rel: 'dns-prefetch', href: `http://${name}/` }),
  'anchor-dns-prefetch': ({ name }) => element('a', { href: `http://anchor-${name}/` }),
  location: ({ url }) => {
    location.href = url;
  },
  'location-replace': ({ url }) => location.replace(url),
  'meta-refresh': ({ url }) => element('meta', { 'http-equiv': 'refresh', content: `0;url=${url}` }),
  anchor: ({ url }) => element('a', { href: url }).click(),
  'anchor-ping': ({ url }) => element('a', { href: '#', ping: url }).click(),
  'anchor-new-window': ({ url }) => element('a', { href: url, target: '_blank' }).click(),
  'anchor-download': ({ url }) => element('a', { href: url, download: 'x' }).click(),
  'form-get': ({ url }) => (element('form', { action: url }) as HTMLFormElement).submit(),
  'form-post': ({ url }) => (element('form', { action: url, method: 'post' }) as HTMLFormElement).submit(),
  'window-open': ({ url }) => window.open(url),
  'nested-document'({ url }) {
    // Split, because the control's script stands in a document's text.
    const script = `<script>fetch(${JSON.stringify(url)},{mode:'no-cors'})<${'/'}script>`;
    element('iframe', { srcdoc: script });
  },
  'about-blank'({ url }) {
    // A fresh realm, with its own copies of everything that might have been removed from this one.
    const inner = element('iframe', {}) as HTMLIFrameElement;
    return (inner.contentWindow as typeof globalThis & Window).fetch(url, { mode: 'no-cors' });
  },
  webrtc({ udp }) {
    const connection = new RTCPeerConnection({ iceServers: [{ urls: `stun:127.0.0.1:${udp}` }] });
    connection.createDataChannel('probe');
    return connection.createOffer().then((offer) => connection.setLocalDescription(offer));
  },
  'top-location': ({ url }) => {
    (top as Window).location.href = url;
  },
  'parent-document': ({ url }) => {
    const image = parent.document.createElement('img');
    image.src = url;
    parent.document.body.append(image);
  },
};

/** Script text that runs `probe` against `target` and reports, through `report`, that it ran and what it threw. */
export function probeScript(probe: Probe, target: Target, report: string): string {
  return `(async () => {
    const element = ${element};
    ${report}('ran');
    try { await (${asExpression(probe)})(${JSON.stringify(target)}); ${report}('done'); }
    catch (error) { ${report}('threw ' + error); }
  })()`;
}

/** A method's text is no expression by itself; as a property of an object it is. */
function asExpression(probe: Probe): string {
  const text = probe.toString();
  return /^(async\s+)?(\(|function\b|\{)/.test(text) ? text : `Object.values({ ${text} })[0]`;
}
