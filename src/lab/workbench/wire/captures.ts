import { type Signal, signal } from '@preact/signals';
import { ui } from '../../../text/index.ts';
import type { Seen } from '../../../wire/index.ts';
import type { LabData } from '../lab-data.ts';
import { Capture } from './capture.ts';

/** The captures of the last run, one for each network it had, and the tab in which they are shown. */
export class Captures {
  /** The networks of the last run: `undefined` is that of the reader's files, the others are worlds. */
  readonly worlds: Signal<readonly (string | undefined)[]> = signal([undefined]);
  readonly #captures = new Map<string | undefined, Capture>();
  #isShown = false;

  constructor(lab: HTMLElement, data: LabData) {
    const root = lab.querySelector<HTMLElement>('[data-sheet="wire"]');
    if (!root) return;
    const open = () => {
      if (this.#isShown || !root.hasAttribute('data-shown')) return;
      this.#isShown = true;
      import('./view.tsx').then(
        ({ showWire }) => showWire(root, data.lab, data.slug, this),
        () => {
          this.#isShown = false;
          root.textContent = ui.wire.notLoaded;
        },
      );
    };
    lab.addEventListener('lab-shown', open);
    open();
  }

  of(world: string | undefined): Capture {
    const capture = this.#captures.get(world) ?? new Capture();
    this.#captures.set(world, capture);
    return capture;
  }

  add(seen: Seen, world: string | undefined): void {
    if (!this.worlds.value.includes(world)) {
      // Until something was said in the reader's own network, the worlds are all there is.
      const spoken = this.worlds.value.filter((each) => this.of(each).dissector.connections.length > 0);
      if (seen.type === 'connection') this.worlds.value = [...spoken, world];
    }
    this.of(world).add(seen);
  }

  /** A new run begins. */
  clear(): void {
    for (const capture of this.#captures.values()) capture.clear();
    this.worlds.value = [undefined];
  }
}
