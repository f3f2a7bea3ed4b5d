import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { runOnLoader, runOnNode } from './program.ts';

const programs = fileURLToPath(new URL('fixtures', import.meta.url));

describe('a program prints under the loader what it prints on Node.js', { concurrency: 2 }, () => {
  for (const name of readdirSync(programs)) {
    const folder = join(programs, name);
    const main = readdirSync(folder).find((file) => file.startsWith('main.')) as string;
    it(name, async () => {
      const [expected, actual] = await Promise.all([
        runOnNode(join(folder, main), folder),
        runOnLoader(join(folder, main), folder),
      ]);
      assert.deepEqual(actual, expected);
    });
  }
});
