import type { FileTree, Sandbox } from '../sandbox/index.ts';
import { filesOf } from './tree.ts';

/**
 * A sandbox's files, brought to one state after another. `Sandbox.mount` only adds: a file that an earlier state had and
 * a later one has not is removed here. What programs have written themselves stays.
 */
export class Mounted {
  readonly #sandbox: Sandbox;
  #paths: readonly string[] = [];
  /** One state at a time: a run that was stopped may still be mounting its own. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(sandbox: Sandbox) {
    this.#sandbox = sandbox;
  }

  mount(files: FileTree): Promise<void> {
    const mounting = this.#last.then(() => this.#bring(files));
    this.#last = mounting.catch(() => {});
    return mounting;
  }

  async #bring(files: FileTree): Promise<void> {
    const paths = filesOf(files).map(([path]) => path);
    const gone = this.#paths.filter((path) => !paths.includes(path));
    for (const path of gone) await this.#sandbox.fs.rm(path, { force: true });
    for (const path of gone) await this.#sweep(path);
    this.#paths = paths;
    await this.#sandbox.mount(files);
  }

  /** A folder that holds nothing any more goes too: a file may be given its name. */
  async #sweep(path: string): Promise<void> {
    const folder = path.slice(0, Math.max(0, path.lastIndexOf('/')));
    if (folder === '') return;
    const names = await this.#sandbox.fs.readdir(folder).catch(() => undefined);
    if (names === undefined || names.length > 0) return;
    await this.#sandbox.fs.rm(folder, { recursive: true });
    await this.#sweep(folder);
  }
}
