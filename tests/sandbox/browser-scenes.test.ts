// The scenes that every engine plays, in the embedded engine. `node-browser.test.ts` has the same for real Node.js.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { browserScenario, type Played, playScenario } from './support/browser-scenario.ts';
import { openEnginePage } from './support/engine-page.ts';

test('the embedded engine prints at every scene what Chromium prints over real Node.js', async (t) => {
  const scenario = browserScenario();
  const engine = await openEnginePage();
  try {
    // `sandbox` is `src/sandbox/embedded/index.ts`, bundled for the page.
    const played: Played = await engine.page.evaluate(
      `(${playScenario})(sandbox.bootEmbedded, ${JSON.stringify(scenario)})`,
    );
    for (const [index, { title, prints, complains }] of scenario.scenes.entries()) {
      await t.test(title, () => {
        assert.deepEqual(played.scenes[index], { prints, ...(complains ? { complains } : {}) });
      });
    }
  } finally {
    await engine.close();
  }
});
