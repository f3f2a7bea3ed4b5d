import { type Signal, signal } from '@preact/signals';
import { ui } from '../../../text/index.ts';
import type { Seen } from '../../../wire/index.ts';
import type { LabData } from '../lab-data.ts';
import { PathDesk } from './path-desk.ts';
import type { Pointer } from './pointer.ts';

/** What was seen of one network in the last run, unread: reading it is the view's work, and its code comes with the view. */
export interface Capture {
  /** Another list for another run. */
  seen: Seen[];
  /** Changes whenever something more was seen, or all of it was thrown away. */
  readonly version: Signal<number>;
}

/** The captures of the last run, one for each network it had, and the tab in which they are shown. */
export class Captures {
  /** The networks of the last run: `undefined` is that of the reader's files, the others are worlds. */
  readonly worlds: Signal<readonly (string | undefined)[]> = signal([undefined]);
  /** A message that a link points at: the view chooses it as soon as it is there. */
  readonly wanted: Signal<Pointer | undefined> = signal(undefined);
  /** The step that was run; nothing when it was all of them, or the checks. */
  step: string | undefined;
  /** The reader's place on the path. */
  readonly path: PathDesk;
  /** Runs a step, as its button in the text does. */
  readonly run: (step: string) => Promise<void>;
  readonly #captures = new Map<string | undefined, Capture>();
  /** What was seen when a step was last run, in each network: for comparing. */
  readonly #before = new Map<string, Seen[]>();
  #isShown = false;

  constructor(lab: HTMLElement, data: LabData, run: (step: string) => Promise<void>) {
    this.run = run;
    this.path = new PathDesk(data.lab.onPath);
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
    const capture = this.#captures.get(world) ?? { seen: [], version: signal(0) };
    this.#captures.set(world, capture);
    return capture;
  }

  /** What was seen when the step of the last run was run the time before; nothing when it was run but once. */
  before(world: string | undefined): readonly Seen[] | undefined {
    return this.step === undefined ? undefined : this.#before.get(keyOf(this.step, world));
  }

  add(seen: Seen, world: string | undefined): void {
    // Until something was said in the reader's own network, the worlds are all there is.
    if (seen.type === 'connection' && !this.worlds.value.includes(world))
      this.worlds.value = [...this.worlds.value.filter((each) => this.of(each).seen.length > 0), world];
    const capture = this.of(world);
    capture.seen.push(seen);
    capture.version.value += 1;
  }

  /** A new run begins, of this step or of more: what was said in the one before is out of sight. */
  clear(step?: string): void {
    for (const [world, { seen }] of this.#captures)
      if (this.step !== undefined && seen.length > 0) this.#before.set(keyOf(this.step, world), seen);
    this.step = step;
    this.path.begin();
    for (const capture of this.#captures.values()) {
      capture.seen = [];
      capture.version.value += 1;
    }
    this.worlds.value = [undefined];
  }
}

const keyOf = (step: string, world: string | undefined) => `${step} ${world ?? ''}`;
