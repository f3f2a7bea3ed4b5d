/**
 * `node src/node/build/index.ts [NAME …]`: writes `.build/engine/`: the worker, the pieces of Node's library that are
 * loaded on demand, the kernel, the same runtime as a module for tests under plain Node.js, and Node's licence.
 */
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { type BuildOptions, build, type Plugin, type PluginBuild } from 'esbuild';
import { type AssetName, type PieceName, pieceNames } from '../pieces/list.ts';
import { replacedInTestRunner } from '../test/replaced.ts';
import { licenses } from './licenses.ts';
import { nobleRandom } from './noble-random.ts';
import { extractLibrary, LIBRARY, nodeLicense, PROJECT } from './nodelib.ts';
import {
  FREE_VARIABLES,
  keysIn,
  onlyPiece,
  pieceEntry,
  refuseDuplicates,
  type Wanted,
  withoutPieces,
} from './pieces.ts';
import { codesIn, nodeLibrary, type Used } from './plugin.ts';
import { slimAcorn } from './slim-acorn.ts';
import { squeeze } from './squeeze.ts';
import { wordlessTls } from './wordless-tls.ts';

const ENGINE = path.join(PROJECT, '.build/engine');
const inProject = (file: string) => path.join(PROJECT, file);

const COMMON: BuildOptions = {
  bundle: true,
  platform: 'neutral',
  mainFields: ['module', 'main'],
  conditions: ['import'],
  target: 'es2024',
  define: { global: 'globalThis' },
  nodePaths: [inProject('node_modules')],
  absWorkingDir: PROJECT,
  legalComments: 'none',
  logLevel: 'error',
  metafile: true,
  write: false,
};

/** Classic scripts for the browser. */
const SCRIPT: BuildOptions = { format: 'iife', minify: true };

const unused = (): Used => ({ library: new Set(), overrides: new Set(), empty: new Set() });

interface Bundled {
  code: string;
  /** Bytes of each source file in the output. */
  inputs: Record<string, { bytesInOutput: number }>;
}

async function bundle(options: BuildOptions): Promise<Bundled> {
  const { outputFiles = [], metafile } = await build({ ...COMMON, ...options });
  const [{ inputs }] = Object.values(metafile?.outputs ?? {});
  return { code: outputFiles[0].text, inputs };
}

function engine(wanted: Wanted, codes?: ReadonlySet<string>): Promise<Bundled> {
  return bundle({
    ...SCRIPT,
    entryPoints: [inProject('src/sandbox/embedded/worker/main.ts')],
    inject: [inProject('src/node/free-variables.ts')],
    plugins: [
      ...withoutPieces(wanted),
      slimAcorn,
      nobleRandom,
      wordlessTls,
      nodeLibrary(unused(), {}, codes),
    ],
  });
}

/** The engine and the pieces it is cut into. */
async function worker(): Promise<Record<string, Bundled>> {
  const first = await engine(new Map());
  const shared = keysIn(first.inputs, PROJECT);
  const wanted: Wanted = new Map();
  const pieces = new Map<PieceName, Bundled>();
  for (const name of pieceNames) {
    const isTestRunner = name === 'test-runner';
    const replaced = Object.fromEntries(
      Object.entries(isTestRunner ? replacedInTestRunner : {}).map(([id, file]) => [
        id,
        inProject(`src/node/test/lib/${file}`),
      ]),
    );
    const bundled = await bundle({
      ...SCRIPT,
      // The names of the test runner's classes show in the stacks of failed tests.
      minifyIdentifiers: !isTestRunner,
      stdin: { contents: pieceEntry(name), resolveDir: PROJECT, sourcefile: `piece ${name}` },
      inject: [FREE_VARIABLES],
      plugins: [onlyPiece(name, shared, wanted), slimAcorn, nobleRandom, nodeLibrary(unused(), replaced)],
    });
    pieces.set(name, bundled);
  }
  refuseDuplicates(new Map([...pieces].map(([name, { inputs }]) => [name, keysIn(inputs, PROJECT)])));
  const scripts = [...pieces].map(([name, bundled]) => [`${name}.js`, bundled] as const);
  const sources = [first, ...pieces.values()].flatMap(({ inputs }) => Object.keys(inputs));
  const codes = new Set(sources.filter((file) => !file.endsWith('internal/errors.js')).flatMap(codesOf));
  // Used inside the file that defines them.
  for (const code of codesIn(
    readFileSync(path.join(LIBRARY, 'internal/errors.js'), 'utf8').replace(/^E\('\w+'/gm, ''),
  )) {
    codes.add(code);
  }
  return { 'worker.js': await engine(wanted, codes), ...Object.fromEntries(scripts) };
}

/** The error codes that a file of a bundle names. */
function codesOf(input: string): string[] {
  const file = inProject(input);
  return existsSync(file) ? codesIn(readFileSync(file, 'utf8')) : [];
}

async function kernel(): Promise<Record<string, Bundled>> {
  const bundled = await bundle({
    ...SCRIPT,
    entryPoints: [inProject('src/sandbox/embedded/kernel/main.ts')],
  });
  return { 'kernel.js': bundled };
}

/** What a lab's browser is made of besides its page's side: the program of its network, and what runs in its pane. */
const BROWSER = ['browser-network.js', 'browser-frame.js'];

async function browser(): Promise<Record<string, Bundled>> {
  const part = (file: string) => inProject(`src/sandbox/embedded/browser/${file}`);
  const [network, frame] = await Promise.all([
    bundle({ format: 'cjs', minify: true, external: ['node:*'], entryPoints: [part('network/main.ts')] }),
    bundle({ ...SCRIPT, entryPoints: [part('frame/main.ts')] }),
  ]);
  return { 'browser-network.js': network, 'browser-frame.js': frame };
}

/** In tests the harness itself needs the real Node.js under the runtime: `real:fs` is that. */
const realNode: Plugin = {
  name: 'real-node',
  setup(it: PluginBuild) {
    it.onResolve({ filter: /^real:/ }, (args) => ({ path: `node:${args.path.slice(5)}`, external: true }));
  },
};

async function runtimeForTests(): Promise<Record<string, Bundled>> {
  // The test runner is a piece of its own; the programs that this bundle runs do without.
  const absent = inProject('src/node/test/lib/unavailable.js');
  const replaced = { test: absent, 'test/reporters': absent };
  const bundled = await bundle({
    format: 'esm',
    entryPoints: [inProject('tests/support/runtime-for-tests.ts')],
    inject: [inProject('src/node/free-variables.ts')],
    external: ['real:*'],
    plugins: [realNode, slimAcorn, nobleRandom, nodeLibrary(unused(), replaced)],
  });
  return { 'runtime-for-tests.mjs': bundled };
}

/** Our own TLS and cryptography for a Node.js that lacks them. */
async function hosted(): Promise<Record<string, Bundled>> {
  const absent = inProject('src/node/test/lib/unavailable.js');
  const bundled = await bundle({
    format: 'esm',
    minify: true,
    entryPoints: [inProject('src/node/hosted/main.ts')],
    // Evaluated in this order, before anything else.
    inject: [inProject('src/node/hosted/turns.ts'), inProject('src/node/free-variables.ts')],
    external: ['real:*'],
    plugins: [
      realNode,
      slimAcorn,
      nobleRandom,
      nodeLibrary(unused(), { test: absent, 'test/reporters': absent }),
    ],
  });
  return { 'container-tls.js': bundled };
}

/** What pieces need beside their scripts, and where it is from. */
const ASSETS: Readonly<Record<AssetName, string>> = {
  'sqlite.wasm': 'node_modules/@sqlite.org/sqlite-wasm/dist/sqlite3.wasm',
};

/** What a Run of any lesson loads, whatever its programs ask for. */
const ALWAYS = ['worker.js', 'kernel.js'];

function report(name: string, { code, inputs }: Bundled): number {
  const size = gzipSync(code, { level: 9 }).length;
  console.log(`${name}: ${(size / 1000).toFixed(1)} kB gzip`);
  if (process.argv.includes('--verbose')) {
    const parts = Object.entries(inputs).sort(([, a], [, b]) => b.bytesInOutput - a.bytesInOutput);
    for (const [file, { bytesInOutput }] of parts)
      console.log(`  ${bytesInOutput} ${path.relative(LIBRARY, inProject(file))}`);
  }
  return size;
}

/** Written aside and put in place at once: whoever reads meanwhile reads the old file or the new one. */
function write(name: string, text: string | Uint8Array): void {
  const file = path.join(ENGINE, name);
  const aside = `${file}.${process.pid}`;
  writeFileSync(aside, text);
  renameSync(aside, file);
}

async function main() {
  const only = process.argv.slice(2).filter((word) => !word.startsWith('--'));
  const asked = (names: readonly string[]) => only.length === 0 || names.some((name) => only.includes(name));
  mkdirSync(ENGINE, { recursive: true });
  if (extractLibrary()) console.log(`Node's library written to ${path.relative(PROJECT, LIBRARY)}`);
  write('LICENSE-node.txt', nodeLicense());
  for (const [name, file] of Object.entries(ASSETS)) write(name, readFileSync(inProject(file)));
  const outputs = {
    ...(asked(['worker.js', ...pieceNames.map((name) => `${name}.js`)]) && (await worker())),
    ...(asked(['kernel.js']) && (await kernel())),
    ...(asked(BROWSER) && (await browser())),
    ...(asked(['container-tls.js']) && (await hosted())),
    ...(asked(['runtime-for-tests.mjs']) && (await runtimeForTests())),
  };
  let always = 0;
  for (const [name, bundled] of Object.entries(outputs)) {
    // The test runner keeps its names, see above.
    const isPlain = name.endsWith('.mjs') || name === 'test-runner.js';
    const code = isPlain ? bundled.code : squeeze(name, bundled.code);
    const size = report(name, { ...bundled, code });
    if (ALWAYS.includes(name)) always += size;
    write(name, code);
  }
  if (only.length === 0) {
    const scripts = Object.entries(outputs).filter(([name]) => name.endsWith('.js'));
    const inputs = [...scripts.flatMap(([, { inputs }]) => Object.keys(inputs)), ...Object.values(ASSETS)];
    const sources = new Set(inputs.map(inProject));
    write('LICENSES.txt', licenses([...sources].filter((file) => existsSync(file)).sort()));
  }
  if (always > 0) console.log(`engine: ${(always / 1000).toFixed(1)} kB gzip`);
}

await main();
