import { compileModule } from './compile.ts';
import { parseModule } from './module-syntax.ts';
import { handOver } from './scripts.ts';

/** A program with what programs of a lab are made of. */
const PROGRAM = `import { readFileSync } from 'node:fs';
import * as tls from 'node:tls';
import { helper as renamed } from './helper.js';
export { renamed };
export function read(name, { encoding = 'utf8', ...rest } = {}) {
  return readFileSync(new URL(\`files/\${name}\`, import.meta.url), encoding ?? rest);
}
export default class Caller {
  #count = 0;
  async call([first, ...others]) {
    for (const other of others) this.#count += other?.length ?? 0;
    try {
      return await import(first);
    } catch (error) {
      throw new Error('no', { cause: error });
    } finally {
      tls.connect({ host: 'a.example', port: 8443, ca: read('ca.pem') }, () => console.log(this.#count));
    }
  }
}
`;
const ROUNDS = 8;

/** What a spare process does for the loader while it waits: the first real program then meets a parser that is compiled. */
export function rehearse(): void {
  for (let round = 0; round < ROUNDS; round++) compileModule(parseModule(PROGRAM), handOver, () => true);
}
