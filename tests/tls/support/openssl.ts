import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';

/** An `openssl s_client` or `s_server`, with all that it printed. */
export class OpenSsl {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #exited: Promise<void>;
  #output = '';
  #changed: () => void = () => {};
  #running = true;

  constructor(args: readonly string[]) {
    this.#child = spawn('openssl', args);
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

  type(text: string): void {
    this.#child.stdin.write(text);
  }

  async until(pattern: RegExp): Promise<RegExpMatchArray> {
    for (;;) {
      const match = this.#output.match(pattern);
      if (match) return match;
      if (!this.#running) throw new Error(`openssl ended without printing ${pattern}:\n${this.#output}`);
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
