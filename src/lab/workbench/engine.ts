import { addressesOf } from '../../lesson/lab.ts';
import { settingOf } from '../../progress/index.ts';
import { type BootStep, boot, preload, type Sandbox } from '../../sandbox/index.ts';
import type { EnginePanel } from './engine-panel.ts';
import type { LabData } from './lab-data.ts';

/** The other engine has pages of its own, and runs on them when the reader has chosen it: a link alone starts nothing there. */
export const isContainerPage = () => location.pathname.endsWith('/webcontainer/');

const isChosen = () => isContainerPage() && settingOf('engine') === 'webcontainer';

/** Starts the engine while the workbench is still on its way. A failure is reported when something is run. */
export function startEngine(): void {
  if (!isChosen()) preload('embedded').catch(() => {});
}

/**
 * Boots the sandboxes of a page. Where WebContainers do not start, or have died, our own engine takes over at once, with
 * the same files.
 */
export class Engine {
  readonly #data: LabData;
  readonly #panel: Promise<EnginePanel> | undefined;
  #failed = false;

  constructor(lab: HTMLElement, data: LabData) {
    this.#data = data;
    const isLedElsewhere = !isContainerPage() && data.lab.needs?.includes('npmInstall');
    if (isContainerPage() || isLedElsewhere) {
      this.#panel = import('./engine-panel.ts').then(({ EnginePanel }) => new EnginePanel(lab, data));
      if (isLedElsewhere) this.#panel.then((panel) => panel.lead());
      else if (!isChosen()) this.#panel.then((panel) => panel.offer());
    }
    const { browsers } = data.lab;
    if (browsers?.length && !isChosen()) preload('embedded', { browsers: true }).catch(() => {});
  }

  async boot(): Promise<Sandbox> {
    const { lab, syntax, needs } = this.#data;
    const options = { hosts: addressesOf(lab), syntax, needs };
    const panel = await this.#panel;
    if (!panel || this.#failed || !isChosen()) return boot('embedded', options);
    try {
      const progress = (step: BootStep) => panel.progress(step);
      const sandbox = await boot('webcontainer', { ...options, progress });
      panel.ready(sandbox);
      return sandbox;
    } catch (problem) {
      this.#failed = true;
      sealFrames();
      panel.failed(problem);
      return boot('embedded', options);
    }
  }
}

/**
 * This page's policy lets a frame of it go to StackBlitz's host; our own engine must not have one that may. A second
 * policy only ever takes away.
 */
function sealFrames(): void {
  const policy = document.createElement('meta');
  policy.httpEquiv = 'Content-Security-Policy';
  policy.content = "frame-src 'none'";
  document.head.append(policy);
}
