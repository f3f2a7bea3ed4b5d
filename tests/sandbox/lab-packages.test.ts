// How a lab's packages get into the embedded engine: compiled by the build, or out of a folder's own node_modules.
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import vm from 'node:vm';
import { readFolder } from '../../scripts/sandbox/folder.ts';
import { readProgram } from '../../src/sandbox/embedded/kernel/pieces.ts';
import { type CompiledPackage, compilePackage } from '../../src/sandbox/embedded/packages/compile.ts';
import { missingPackages } from '../../src/sandbox/embedded/page/packages.ts';

const PACKAGE = {
  'package.json': '{"name":"small","version":"1.2.3","type":"module"}',
  LICENSE: 'Do what you like.',
  'index.js': `/* Several
 lines. */
import { twice } from './twice.js'; // used below
import { sep } from 'node:path';
export const four = () => twice(2) + sep; /* here */ export let changed = 1;
changed++;
`,
  'twice.js': 'export function twice(number) { return number * 2; }\n',
  'old.cjs': "exports.text = 'no // comment'; // a comment\nexports.other = require('node:crypto');\n",
};

const scriptOf = ({ script, files }: CompiledPackage) =>
  script.map((part) => (typeof part === 'string' ? part : files[part.file])).join('');

interface Facts {
  size: number;
  line: number;
  syntax?: { localExports: Map<string, string> };
  exports?: { names: Set<string> };
}

test('a compiled package keeps every line and column of its code, and its comments are blank', () => {
  const { name, version, files } = compilePackage(PACKAGE);
  assert.deepEqual([name, version], ['small', '1.2.3']);
  assert.equal(files.LICENSE, PACKAGE.LICENSE);
  assert.equal(
    files['old.cjs'],
    "exports.text = 'no // comment';\nexports.other = require('node:crypto');\n",
  );
  const [before, afterwards] = [PACKAGE['index.js'], files['index.js']].map((text) => text.split('\n'));
  assert.equal(afterwards.length, before.length);
  assert.equal(afterwards[2], "import { twice } from './twice.js';");
  assert.ok(!/Several|used|here/.test(files['index.js']));
});

test('its script holds the function of every file, in the line it says', () => {
  const compiled = compilePackage(PACKAGE);
  let entries: [string, Facts, unknown][] = [];
  const script = scriptOf(compiled);
  vm.runInThisContext(`(__handfast__) => {${script}}`)((handed: typeof entries) => (entries = handed));
  const facts = new Map(entries.map(([place, known]) => [place, known]));
  assert.deepEqual([...facts.keys()].sort(), ['index.js', 'old.cjs', 'twice.js']);
  for (const [place, { size, line }] of facts) {
    assert.equal(size, compiled.files[place].length);
    const lastOfSource = compiled.files[place].trimEnd().split('\n').length - 1;
    const [text, same] = [compiled.files[place].split('\n'), script.split('\n').slice(line)];
    // The first line follows what the loader's compiler puts before it; imports and exports are gone from an ES module.
    if (place.endsWith('.cjs')) assert.ok(same[0].endsWith(text[0]));
    else assert.ok(same[0].includes('function*'));
    if (lastOfSource > 0) assert.equal(same[lastOfSource], text[lastOfSource]);
  }
  assert.deepEqual([...(facts.get('index.js')?.syntax?.localExports.keys() ?? [])], ['four', 'changed']);
  assert.deepEqual([...(facts.get('old.cjs')?.exports?.names ?? [])], ['text', 'other']);
});

test('a package that does not link is refused when it is compiled', () => {
  const broken = { ...PACKAGE, 'twice.js': 'export const thrice = 3;\n' };
  assert.throws(() => compilePackage(broken), /index\.js: there is no export twice/);
  const { 'twice.js': _, ...without } = PACKAGE;
  assert.throws(() => compilePackage(without), /imports \.\/twice\.js, which the package does not have/);
});

const entry = (place: string, text: string) => ({
  path: place,
  bytes: new TextEncoder().encode(text),
  mtimeMs: 0,
  mode: 0,
});
const asked: string[] = [];
const fetchPackage = async (name: string) => {
  asked.push(name);
  return name === 'small' ? compilePackage(PACKAGE) : undefined;
};
const manifest = (...names: string[]) =>
  JSON.stringify({ dependencies: Object.fromEntries(names.map((name) => [name, '1.2.3'])) });

test('packages that a package.json names are brought where node_modules is missing, and only there', async () => {
  const brought = await missingPackages(
    [entry('./package.json', manifest('small', 'unknown'))],
    fetchPackage,
  );
  assert.deepEqual(asked.splice(0), ['small', 'unknown']);
  const paths = brought.map(({ path: place }) => place);
  assert.ok(
    paths.includes('./node_modules/small/twice.js') && paths.includes('/usr/local/lib/handfast/small.js'),
  );
  const already = new Set(['./node_modules/small']);
  const again = [entry('./package.json', manifest('small'))];
  assert.deepEqual(await missingPackages(again, fetchPackage, already), []);
  const own = [
    entry('/lab/package.json', manifest('small')),
    { path: '/lab/node_modules', mtimeMs: 0, mode: 0 },
  ];
  assert.deepEqual(await missingPackages(own, fetchPackage), []);
  const others = [
    entry('/lab/package.json', 'no JSON'),
    entry('/lab/node_modules/other/package.json', manifest('small')),
    entry('/lab/sub/package.json', manifest('../../etc')),
  ];
  assert.deepEqual(await missingPackages(others, fetchPackage), []);
  assert.deepEqual(asked, []);
});

test('a program with a compiled package gets the pieces that its text and the package’s name, not all of them', async () => {
  const program = [
    entry('/lab/package.json', manifest('small')),
    entry('/lab/a.js', "import { four } from 'small';"),
  ];
  const files = new Map(
    [...program, ...(await missingPackages(program, fetchPackage))].map(({ path: place, bytes }) => [
      place,
      bytes,
    ]),
  );
  const { pieces } = readProgram((place) => files.get(place), '/lab/a.js', {});
  assert.ok(
    pieces.includes('crypto') && !pieces.includes('test-runner') && !pieces.includes('http'),
    pieces.join(),
  );
});

test('links to packages are followed, and links that lead back are not', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'handfast-links-'));
  after(() => rmSync(folder, { recursive: true }));
  const stored = path.join(folder, 'node_modules/.store/small');
  mkdirSync(stored, { recursive: true });
  mkdirSync(path.join(folder, 'elsewhere'));
  writeFileSync(path.join(stored, 'index.js'), 'export {};');
  writeFileSync(path.join(folder, 'elsewhere/file.js'), '');
  symlinkSync('.store/small', path.join(folder, 'node_modules/small'));
  symlinkSync('../..', path.join(stored, 'loop'));
  symlinkSync('elsewhere', path.join(folder, 'linked'));
  const paths = readFolder(folder).entries.map(({ path: place }) => path.relative(folder, place));
  assert.ok(paths.includes('node_modules/small/index.js'), paths.join());
  assert.ok(!paths.some((place) => place.includes('loop') || place.startsWith('linked')), paths.join());
});

test('every package that labs may name is compiled in the version that this project has', () => {
  const root = path.resolve(import.meta.dirname, '../..');
  const { labPackages, devDependencies } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
  assert.ok(labPackages.length > 0);
  for (const name of labPackages) {
    const installed = readFileSync(path.join(root, 'node_modules', name, 'package.json'), 'utf8');
    assert.equal(JSON.parse(installed).version, devDependencies[name]);
  }
});
