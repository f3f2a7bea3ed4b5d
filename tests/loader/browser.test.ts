// The same programs as in programs.test.ts, in the engine's worker instead of under Node.js.
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { openBrowserEngine } from './in-browser.ts';
import { runOnNode } from './program.ts';

const programs = fileURLToPath(new URL('fixtures', import.meta.url));

describe('a program prints in the browser what it prints on Node.js', { concurrency: 2 }, () => {
  let engine: Awaited<ReturnType<typeof openBrowserEngine>>;
  before(async () => {
    engine = await openBrowserEngine();
  });
  after(() => engine.close());

  for (const name of readdirSync(programs)) {
    const folder = join(programs, name);
    const main = readdirSync(folder).find((file) => file.startsWith('main.')) as string;
    it(name, async () => {
      const [expected, actual] = await Promise.all([
        runOnNode(join(folder, main), folder),
        engine.run(folder, [main]),
      ]);
      assert.deepEqual(actual, expected);
    });
  }
});
