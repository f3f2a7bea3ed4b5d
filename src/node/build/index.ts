/**
 * `node src/node/build/index.ts`: writes `.build/engine/`: the worker and the kernel as classic scripts, the same
 * runtime as a module for tests under plain Node.js, and Node's licence.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { testRunnerPlugin } from '../test/build.ts';
import { extractLibrary, LIBRARY, nodeLicense, PROJECT } from './nodelib.ts';
import { nodeLibrary, type Used } from './plugin.ts';
import { slimAcorn } from './slim-acorn.ts';

const ENGINE = path.join(PROJECT, '.build/engine');

interface Bundle {
  /** What reads it: `worker.js`, say. */
  name: string;
  entry: string;
  /** Classic scripts for the browser, a module for Node.js. */
  format: 'iife' | 'esm';
  /** Counts against the engine's budget. */
  shipped: boolean;
  /** Loaded only by programs that ask for it: minified, but no part of what every Run loads. */
  lazy?: boolean;
}

const BUNDLES: readonly Bundle[] = [
  { name: 'worker.js', entry: 'src/sandbox/embedded/worker/main.ts', format: 'iife', shipped: true },
  { name: 'kernel.js', entry: 'src/sandbox/embedded/kernel/main.ts', format: 'iife', shipped: true },
  { name: 'test-runner.js', entry: 'src/node/test/piece.ts', format: 'iife', shipped: false, lazy: true },
  {
    name: 'runtime-for-tests.mjs',
    entry: 'tests/support/runtime-for-tests.ts',
    format: 'esm',
    shipped: false,
  },
];

async function bundle({ name, entry, format, shipped, lazy = false }: Bundle): Promise<number> {
  const used: Used = { library: new Set(), overrides: new Set(), empty: new Set() };
  const outfile = path.join(ENGINE, name);
  const result = await build({
    entryPoints: [path.join(PROJECT, entry)],
    outfile,
    bundle: true,
    format,
    platform: 'neutral',
    mainFields: ['module', 'main'],
    conditions: ['import'],
    target: 'es2024',
    minifyWhitespace: shipped || lazy,
    minifySyntax: shipped || lazy,
    // The names of the test runner's classes show in the stacks of failed tests.
    minifyIdentifiers: shipped,
    sourcemap: shipped || lazy ? 'external' : false,
    legalComments: 'none',
    metafile: true,
    // The kernel has nothing of Node's in it.
    inject:
      name === 'kernel.js'
        ? []
        : [path.join(PROJECT, lazy ? 'src/node/test/free-variables.ts' : 'src/node/free-variables.ts')],
    define: { global: 'globalThis' },
    external: format === 'esm' ? ['real:*'] : [],
    nodePaths: [path.join(PROJECT, 'node_modules')],
    plugins: lazy
      ? [testRunnerPlugin((file) => readFileSync(file, 'utf8'))]
      : [realNode, slimAcorn, nodeLibrary(used)],
    logLevel: 'error',
  });
  if (process.argv.includes('--verbose')) report(name, used, result.metafile.outputs);
  const size = gzipSync(readFileSync(outfile), { level: 9 }).length;
  const files = `${used.library.size} files of Node's, ${used.overrides.size} overridden, ${used.empty.size} empty`;
  console.log(`${name}: ${(size / 1000).toFixed(1)} kB gzip (${files})`);
  return size;
}

/** In tests the harness itself needs the real Node.js under the runtime: `real:fs` is that. */
const realNode = {
  name: 'real-node',
  setup(it: import('esbuild').PluginBuild) {
    it.onResolve({ filter: /^real:/ }, (args) => ({ path: `node:${args.path.slice(5)}`, external: true }));
  },
};

function report(
  name: string,
  used: Used,
  outputs: Record<string, { inputs: Record<string, { bytesInOutput: number }> }>,
) {
  const parts = Object.values(outputs)
    .flatMap((output) => Object.entries(output.inputs))
    .map(([file, { bytesInOutput }]) => ({ file, bytes: bytesInOutput }))
    .sort((a, b) => b.bytes - a.bytes);
  console.log(`${name}: empty: ${[...used.empty].join(' ')}`);
  for (const { file, bytes } of parts.slice(0, 140)) console.log(`  ${bytes} ${file}`);
}

async function main() {
  const only = process.argv.slice(2).filter((word) => !word.startsWith('--'));
  mkdirSync(ENGINE, { recursive: true });
  if (extractLibrary()) console.log(`Node's library written to ${path.relative(PROJECT, LIBRARY)}`);
  writeFileSync(path.join(ENGINE, 'LICENSE-node.txt'), nodeLicense());
  let shipped = 0;
  for (const one of BUNDLES) {
    if (only.length > 0 && !only.includes(one.name)) continue;
    if (!existsSync(path.join(PROJECT, one.entry))) {
      console.log(`${one.name}: ${one.entry} is not there yet`);
      continue;
    }
    const size = await bundle(one);
    if (one.shipped) shipped += size;
  }
  console.log(`engine: ${(shipped / 1000).toFixed(1)} kB gzip`);
}

await main();
