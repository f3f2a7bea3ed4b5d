// What the build knows of a file's syntax is what the loader would find, whichever way the file is loaded.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readProgram } from '../../src/sandbox/embedded/kernel/pieces.ts';
import * as loader from '../../src/sandbox/embedded/loader/known-syntax.ts';
import { fingerprint } from '../../src/sandbox/embedded/loader/syntax-table.ts';
import { syntaxAhead } from '../../src/sandbox/syntax-ahead.ts';

const texts = {
  'an ES module': "import { a } from './a.js';\nexport const b = a;\n",
  'a module by its await': 'await 1;\n',
  'a CommonJS file': "exports.a = require('./a.js');\n",
  'a file of comments': '// Yours to write.\n',
  'a CommonJS file that is no module': 'with (console) log(1);\n',
};

for (const [name, text] of Object.entries(texts)) {
  test(`${name} is the same, known or parsed`, () => {
    loader.knowSyntax({});
    const parsed = loader.detectsAsModule(text);
    const table = syntaxAhead([text]);
    loader.knowSyntax(table);
    assert.equal(loader.detectsAsModule(text), parsed);
    const { m, c } = table[fingerprint(text)];
    // Without the parser there is no second try: a package.json may ask for a module, where the text can be one.
    assert.equal(m !== undefined, canBeModule(text));
    assert.equal(c !== undefined, !parsed);
    const { pieces } = readProgram(() => new TextEncoder().encode(text), '/lab/main.js', table);
    assert.ok(!pieces.includes('parser'));
  });
}

test('a file that calls import() from CommonJS is left to the parser', () => {
  assert.deepEqual(syntaxAhead(["import('./a.js').then(exports.take);\n"]), {});
});

function canBeModule(text: string): boolean {
  loader.knowSyntax({});
  try {
    loader.moduleSyntax(text);
    return true;
  } catch {
    return false;
  }
}
