import { frameDocument } from '../policy.ts';

/** The scripts of the engine, as text. */
export interface EngineScripts {
  kernel: string;
  worker: string;
}

/** Out of sight without `display: none`, which would make the browser treat the frame's process as one in the background. */
const UNSEEN = {
  position: 'fixed',
  insetBlockEnd: '0',
  insetInlineEnd: '0',
  inlineSize: '1px',
  blockSize: '1px',
  border: '0',
  opacity: '0',
  pointerEvents: 'none',
};

/**
 * Puts the frame that holds the sandbox into the page: an origin of its own, no navigation, no connection. It runs the
 * kernel's script, and the port is its only channel to anybody. The frame need not wait for the scripts to have arrived.
 */
export function openSealedFrame(
  scripts: EngineScripts | Promise<EngineScripts>,
  port: MessagePort,
): HTMLIFrameElement {
  const frame = document.createElement('iframe');
  frame.setAttribute('sandbox', 'allow-scripts');
  frame.setAttribute('allow', '');
  frame.setAttribute('referrerpolicy', 'no-referrer');
  frame.setAttribute('credentialless', '');
  frame.setAttribute('aria-hidden', 'true');
  frame.title = 'Sandbox';
  frame.tabIndex = -1;
  Object.assign(frame.style, UNSEEN);
  frame.srcdoc = frameDocument();
  const loaded = new Promise((resolve) => frame.addEventListener('load', resolve, { once: true }));
  // Scripts that do not come are whoever fetched them to tell of.
  Promise.all([scripts, loaded]).then(
    ([scripts]) => frame.contentWindow?.postMessage(scripts, '*', [port]),
    () => {},
  );
  document.body.append(frame);
  return frame;
}
