import { paneDocument } from '../policy.ts';
import { type FromFrame, type PaneContent, readMessage, type ToFrame } from './messages.ts';

/** One document on show, with its scripts running. */
export interface Pane {
  post(message: ToFrame): void;
  /** Shows it elsewhere. `false`: this browser cannot move a frame without loading it anew. */
  move(place: HTMLElement | undefined): boolean;
  /** Ends its scripts, at once. */
  close(): void;
}

/** Out of sight, but rendered: `innerText` and the size of things must be those of a page on show. */
const UNSEEN = {
  position: 'fixed',
  insetBlockEnd: '0',
  insetInlineEnd: '0',
  opacity: '0',
  pointerEvents: 'none',
};
const SEEN = { position: 'static', opacity: '1', pointerEvents: 'auto' };
/** How long a frame that has loaded once more may take to say that it still is the pane's own. */
const SIGN_OF_LIFE_MS = 2000;

/** Everything that a frame can be denied, denied. */
function nothingAllowed(): string {
  const { featurePolicy } = document as Document & { featurePolicy?: { features(): string[] } };
  return (featurePolicy?.features() ?? []).map((name) => `${name} 'none'`).join('; ');
}

/**
 * Puts a document into a sealed frame: an opaque origin, a policy without any connection, no navigation (the page's
 * `frame-src 'none'` sees to that), and `frame/seal.ts` before the first script. `message` gets what the frame says, read
 * and checked; `left` is called when a script has taken the frame elsewhere, which leads nowhere.
 */
export function openPane(
  place: HTMLElement | undefined,
  title: string,
  delivery: { script: string; content: PaneContent },
  heard: { message(message: FromFrame): void; left(): void },
): Pane {
  const { port1: port, port2 } = new MessageChannel();
  const frame = document.createElement('iframe');
  frame.setAttribute('sandbox', 'allow-scripts allow-forms');
  frame.setAttribute('allow', nothingAllowed());
  frame.setAttribute('referrerpolicy', 'no-referrer');
  frame.setAttribute('credentialless', '');
  frame.title = title;
  frame.srcdoc = paneDocument();
  settle(frame, place);

  let loads = 0;
  let watch: ReturnType<typeof setTimeout> | undefined;
  frame.addEventListener('load', () => {
    loads++;
    // First the empty pane, then the page that was written into it. What comes later is either the page opening its
    // document again, or another document in its place.
    if (loads === 1) frame.contentWindow?.postMessage(delivery, '*', [port2]);
    if (loads < 3) return;
    clearTimeout(watch);
    watch = setTimeout(heard.left, SIGN_OF_LIFE_MS);
    port.postMessage({ type: 'alive' } satisfies ToFrame);
  });
  port.onmessage = ({ data }) => {
    const message = readMessage(data);
    if (message?.type === 'alive') clearTimeout(watch);
    else if (message) heard.message(message);
  };

  return {
    post: (message) => port.postMessage(message),
    move(to) {
      const parent = (to ?? document.body) as HTMLElement & {
        moveBefore?(node: Node, before: Node | null): void;
      };
      if (!parent.moveBefore || !parent.isConnected) return false;
      parent.moveBefore(frame, null);
      dress(frame, to !== undefined);
      return true;
    },
    close() {
      clearTimeout(watch);
      port.onmessage = null;
      port.close();
      frame.remove();
    },
  };
}

function settle(frame: HTMLIFrameElement, place: HTMLElement | undefined): void {
  dress(frame, place !== undefined);
  // What comes up in the frame takes the page's address, as it is at this moment, for its base URL, which scripts can read;
  // and the address may carry what the reader shares with somebody.
  const { href } = location;
  history.replaceState(history.state, '', '/');
  (place ?? document.body).append(frame);
  history.replaceState(history.state, '', href);
  // Laid out at once: until its element has a box, a frame takes itself for hidden, and then nothing in it can be seen.
  frame.getBoundingClientRect();
}

function dress(frame: HTMLIFrameElement, seen: boolean): void {
  Object.assign(frame.style, { border: '0', inlineSize: '100%', blockSize: '100%' }, seen ? SEEN : UNSEEN);
  frame.tabIndex = seen ? 0 : -1;
  frame.toggleAttribute('inert', !seen);
  if (seen) frame.removeAttribute('aria-hidden');
  else frame.setAttribute('aria-hidden', 'true');
}
