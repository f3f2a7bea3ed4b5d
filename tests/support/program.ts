import { type ChildProcessWithoutNullStreams, spawn, spawnSync } from 'node:child_process';

/** A program of somebody else's, with all that it printed. */
export class Program {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #name: string;
  readonly #exited: Promise<void>;
  #output = '';
  #changed: () => void = () => {};
  #running = true;

  constructor(command: string, args: readonly string[]) {
    this.#name = `${command} ${args[0]}`;
    this.#child = spawn(command, args);
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream.setEncoding('utf8');
      stream.on('data', (text: string) => {
        this.#output += text;
        this.#changed();
      });
    }
    // Writing to a client that has already left is no failure of the test.
    this.#child.stdin.on('error', () => {});
    this.#exited = new Promise((resolve) => {
      this.#child.on('close', () => {
        this.#running = false;
        this.#changed();
        resolve();
      });
    });
  }

  get output(): string {
    return this.#output;
  }

  /** How much it has printed so far. */
  get printed(): number {
    return this.#output.length;
  }

  type(text: string): void {
    this.#child.stdin.write(text);
  }

  /** Settles when it prints this; `from` leaves out what it printed before. */
  async until(pattern: RegExp, from = 0): Promise<RegExpMatchArray> {
    for (;;) {
      const match = this.#output.slice(from).match(pattern);
      if (match) return match;
      if (!this.#running)
        throw new Error(`${this.#name} ended without printing ${pattern}:\n${this.#output}`);
      await new Promise<void>((resolve) => {
        this.#changed = resolve;
      });
    }
  }

  async stop(): Promise<void> {
    this.#child.kill();
    await this.#exited;
  }
}

export const isThere = (command: string, ...args: string[]): boolean =>
  spawnSync(command, args).error === undefined;
