/**
 * `node src/sandbox/webcontainer/build.ts`: writes what goes into a container, and the probe of every engine, beside the
 * engine (`.build/engine/container-*.js`): modules for a Node.js of an unknown version.
 */
import { renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const PROJECT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../../..');
const ENGINE = path.join(PROJECT, '.build/engine');

const PROGRAMS = {
  'container-place.js': 'src/sandbox/webcontainer/inside/index.ts',
  'container-probe.js': 'src/sandbox/probe/main.js',
};

for (const [name, entry] of Object.entries(PROGRAMS)) {
  const { outputFiles } = await build({
    entryPoints: [path.join(PROJECT, entry)],
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node18.20',
    legalComments: 'none',
    write: false,
  });
  const file = path.join(ENGINE, name);
  writeFileSync(`${file}.${process.pid}`, outputFiles[0].text);
  renameSync(`${file}.${process.pid}`, file);
}
