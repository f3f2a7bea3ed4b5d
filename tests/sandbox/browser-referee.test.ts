// A person does the same in both engines: what the browser prints, and what the servers are sent, must be equal.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { before, describe, test } from 'node:test';
import { bootNode } from '../../src/sandbox/node/index.ts';
import { type Played, playScenario } from './support/browser-scenario.ts';
import { openEnginePage } from './support/engine-page.ts';
import { webVisits } from './support/web-visits.ts';

const skip =
  spawnSync('certutil', ['-H']).error !== undefined &&
  'certutil is not here (Debian: apt-get install libnss3-tools)';

describe('the browser of the embedded engine beside a real Chromium', { skip }, () => {
  const visits = webVisits();
  let real: Played;
  let ours: Played;

  before(async () => {
    const engine = await openEnginePage();
    try {
      [real, ours] = await Promise.all([
        playScenario(bootNode, visits),
        // `sandbox` is `src/sandbox/embedded/index.ts`, bundled for the page.
        engine.page.evaluate(
          `(${playScenario})(sandbox.bootEmbedded, ${JSON.stringify(visits)})`,
        ) as Promise<Played>,
      ]);
    } finally {
      await engine.close();
    }
  });

  test('prints the same', () => {
    // Where one scene ends and the next begins is chance: lines take their time to come.
    const lines = ({ scenes }: Played) =>
      scenes.flatMap(({ prints, complains }) => [...prints, complains ?? []].flat());
    assert.deepEqual(lines(ours), lines(real));
    assert.ok(lines(real).length > visits.scenes.length);
  });

  for (const { host } of visits.servers) {
    test(`sends ${host} the same: methods, cookies, Origin, Referer, bodies`, () => {
      // What a page loads at the same time comes in any order.
      const requests = ({ servers }: Played) => servers[host].split('\n').sort();
      assert.deepEqual(requests(ours), requests(real));
      assert.ok(requests(real).length > 2);
    });
  }
});
