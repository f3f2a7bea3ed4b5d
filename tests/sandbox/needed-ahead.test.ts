// What the site's build tells the engine to fetch while it starts.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type CompiledPackage, neededAhead } from '../../src/sandbox/needed-ahead.ts';
import { syntaxAhead } from '../../src/sandbox/syntax-ahead.ts';

const files = {
  'package.json': JSON.stringify({
    type: 'module',
    scripts: { serve: 'node server.js', keys: 'node keys.js', other: 'node other.js' },
    dependencies: { small: '1.0.0' },
  }),
  'server.js':
    "import { answer } from './answer.js'; import https from 'node:https'; https.createServer(answer);",
  'answer.js': "import 'small'; export const answer = () => {};",
  'keys.js': "import { randomBytes } from 'node:crypto'; randomBytes(8);",
  'other.js': "import { DatabaseSync } from 'node:sqlite'; new DatabaseSync(':memory:');",
};
const syntax = syntaxAhead([files['server.js'], files['answer.js'], files['keys.js'], files['other.js']]);
const small = "import 'node:child_process';";
const compiled = async (): Promise<CompiledPackage> => ({
  name: 'small',
  version: '1.0.0',
  files: { 'package.json': '{"type":"module"}', 'index.js': small },
  script: [{ file: 'index.js' }],
});

const needsOf = (...scripts: string[]) => neededAhead(files, scripts, syntax, compiled);

test('the packages that the lab names, and the pieces that its scripts name', async () => {
  const { packages, pieces } = await needsOf('keys');
  assert.deepEqual(packages, ['small']);
  assert.ok(pieces.includes('crypto'));
  assert.ok(!pieces.includes('http') && !pieces.includes('sqlite'), pieces.join());
});

test('what its files and packages import counts', async () => {
  const { pieces } = await needsOf('serve');
  assert.ok(pieces.includes('http'));
  assert.ok(pieces.includes('child-process'), 'in the package');
});

test('with a piece come the bytes that it needs', async () => {
  assert.ok((await needsOf('other')).pieces.includes('sqlite.wasm'));
});

test('a lab without packages or pieces needs nothing ahead', async () => {
  const alone = { 'package.json': '{"scripts":{"say":"node say.cjs"}}', 'say.cjs': 'console.log(1);' };
  const known = syntaxAhead([alone['say.cjs']]);
  assert.deepEqual(await neededAhead(alone, ['say'], known, compiled), { packages: [], pieces: [] });
});
