import { ContainerFailure } from './failure.ts';

/** How long to wait, in milliseconds. */
export interface Limits {
  /** For `init`, once the hidden frame has loaded: a page that says "blocked" loads as well, and never says more. */
  init: number;
  /** For the whole of it. The runtime is several megabytes, and the line may be slow. */
  boot: number;
}

export const LIMITS: Limits = { init: 15_000, boot: 90_000 };

/** What can be known beforehand. Throws; nothing has been asked of the host by then. */
export function checkPage(): void {
  if (!globalThis.crossOriginIsolated) throw new ContainerFailure('not-isolated');
  if (navigator.onLine === false) throw new ContainerFailure('offline');
}

/**
 * Watches over the start of the client package, whose `boot` stays pending for ever when its host does not answer: rejects
 * with the reason. Call `release` once it has booted. `removeFrame` takes the host out of the page: nothing of it can come late.
 */
export function watchBoot(
  host: string,
  limits: Limits,
): { failed: Promise<never>; release(): void; removeFrame(): void } {
  const { promise: failed, reject } = Promise.withResolvers<never>();
  failed.catch(() => {}); // whoever boots hears of it
  const releases: (() => void)[] = [];
  const { origin } = new URL(host);
  let heard = false;
  let frame: HTMLIFrameElement | undefined;

  function listen<Target extends EventTarget>(target: Target, name: string, heard: (event: Event) => void) {
    target.addEventListener(name, heard);
    releases.push(() => target.removeEventListener(name, heard));
  }

  function after(milliseconds: number, callback: () => void): void {
    const timer = setTimeout(callback, milliseconds);
    releases.push(() => clearTimeout(timer));
  }

  listen(document, 'securitypolicyviolation', (event) => {
    const { effectiveDirective, blockedURI } = event as SecurityPolicyViolationEvent;
    const isFrame = /^(frame|child|default)-src$/.test(effectiveDirective);
    if (isFrame && blockedURI.startsWith(origin)) reject(new ContainerFailure('policy'));
  });
  listen(window, 'offline', () => reject(new ContainerFailure('offline')));
  listen(window, 'message', (event) => {
    const { origin: from, data } = event as MessageEvent;
    if (from === origin && data?.type === 'init') heard = true;
  });

  function watchFrame(added: HTMLIFrameElement): void {
    frame = added;
    listen(added, 'load', () => {
      // Its `init` may even have come before: its scripts run ahead of the load event.
      after(limits.init, () => {
        if (!heard) reject(new ContainerFailure('blocked'));
      });
    });
  }
  const isHost = (node: Node): node is HTMLIFrameElement =>
    node instanceof HTMLIFrameElement && node.src.startsWith(origin);
  const observer = new MutationObserver((records) => {
    for (const node of records.flatMap(({ addedNodes }) => [...addedNodes]))
      if (isHost(node)) watchFrame(node);
  });
  observer.observe(document.body, { childList: true });
  releases.push(() => observer.disconnect());

  after(limits.boot, () => reject(new ContainerFailure(heard ? 'too-slow' : 'blocked')));
  return {
    failed,
    release() {
      for (const each of releases.splice(0)) each();
    },
    removeFrame: () => frame?.remove(),
  };
}
