import { compileModule } from './compile.ts';
import { parseModule } from './module-syntax.ts';
import { handOver } from './scripts.ts';

/** A program with what programs of a lab are made of. */
const PROGRAM = `import { a } from 'node:fs';
export function b(c, { d = 1, ...e } = {}) {
  return a(new URL(\`\${c}\`, import.meta.url), d ?? e);
}
try {
  for (const [f] of []) f.on(() => a?.b);
} catch (g) {
  throw new Error('', { cause: g });
}
`;
const ROUNDS = 8;

/** What a spare process does for the loader while it waits: the first real program then meets a parser that is compiled. */
export function rehearse(): void {
  for (let round = 0; round < ROUNDS; round++) compileModule(parseModule(PROGRAM), handOver, () => true);
}
