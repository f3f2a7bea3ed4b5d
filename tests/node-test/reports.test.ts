import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { openBrowserEngine } from '../loader/in-browser.ts';
import { runOnNode } from '../loader/program.ts';

const fixtures = fileURLToPath(new URL('fixtures', import.meta.url));

/** Without what differs from run to run (times) and what the engine leaves out (frames of Node's own library). */
function comparable(report: string): string {
  return report
    .split('\n')
    .filter(
      (line) =>
        !/^[ #]*(?:at )?(?:async )?(?:.* \()?node:|\(node:[a-z_/]+:\d+:\d+\)|async Promise\.all/.test(line),
    )
    .map((line) => line.replace(/ \([\d.]+ms\)/, '').replace(/(duration_ms:?) [\d.]+/, '$1'))
    .map((line) => line.replace(/(:\d+:\d+\)?)(?: \{|,)$/, '$1').trimEnd())
    .join('\n')
    .replaceAll(/^ *stack: \|-\n(?= *\.\.\.$)/gm, '');
}

describe('a check reports in the browser what it reports on Node.js', { concurrency: 2 }, () => {
  let engine: Awaited<ReturnType<typeof openBrowserEngine>>;
  before(async () => {
    engine = await openBrowserEngine();
  });
  after(() => engine.close());

  for (const name of readdirSync(fixtures)) {
    for (const flags of [
      [],
      ['--test-reporter=tap'],
      ['--test-name-pattern=/fails|one/', '--test-reporter=tap'],
      ['--test-only'],
    ]) {
      it(['node', ...flags, name].join(' '), async () => {
        const [expected, actual] = await Promise.all([
          runOnNode(join(fixtures, name), fixtures, flags),
          engine.run(fixtures, [...flags, name]),
        ]);
        assert.equal(comparable(actual.stdout), comparable(expected.stdout));
        assert.equal(actual.code, expected.code);
      });
    }
  }
});
