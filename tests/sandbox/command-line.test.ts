// The command lines that a process of the sandbox may be started with, as the kernel reads them.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { readCommand } from '../../src/sandbox/embedded/kernel/command.ts';
import { wordsOf } from '../../src/sandbox/embedded/kernel/words.ts';

const files = (scripts: Record<string, string>, more: object = {}) => ({
  read: (path: string) =>
    path === '/lab/package.json' ? new TextEncoder().encode(JSON.stringify({ scripts, ...more })) : undefined,
});
const read = (scripts: Record<string, string>, command: string, ...args: string[]) =>
  readCommand(files(scripts), '/lab', command, args);

describe('words of a shell’s line', () => {
  test('quotes, escapes, assignments and && are a shell’s', () => {
    assert.deepEqual(wordsOf(`A=1 B='x y' node a\\ b.js "c \\"d\\"" ''e && node f.js`), [
      { assigned: { A: '1', B: 'x y' }, words: ['node', 'a b.js', 'c "d"', 'e'] },
      { assigned: {}, words: ['node', 'f.js'] },
    ]);
    assert.deepEqual(wordsOf('node a.js B=2'), [{ assigned: {}, words: ['node', 'a.js', 'B=2'] }]);
  });

  test('what needs a real shell is refused, by the character that asks for one', () => {
    for (const [line, sign] of [
      ['node a.js | cat', '|'],
      ['node a.js > out', '>'],
      ['node a.js & node b.js', '&'],
      ['node $HOME', '$'],
      ['node *.js', '*'],
      ['node `date`', '`'],
      ['node a.js; node b.js', ';'],
      ['node "$HOME"', '"'],
    ]) {
      assert.throws(
        () => wordsOf(line),
        { code: 'ERR_COMMAND', message: new RegExp(`\\(\`\\${sign}\``) },
        line,
      );
    }
    assert.throws(() => wordsOf('node a.js &&'), /empty command/);
    assert.throws(() => wordsOf('&& node a.js'), /empty command/);
  });
});

describe('commands', () => {
  test('node: flags, the file, its arguments', () => {
    const { steps } = read({}, 'node', '--enable-source-maps', 'a.js', '--flag', 'b');
    assert.deepEqual(steps, [
      { execArgv: ['--enable-source-maps'], main: '/lab/a.js', args: ['/lab/a.js', '--flag', 'b'], env: {} },
    ]);
  });

  test('node -e: the code is the program, and no file stands among its arguments', () => {
    const [step] = read({}, '/usr/local/bin/node', '-e', 'console.log(1)', 'x').steps;
    assert.equal(step.main, '/lab/[eval].cjs');
    assert.deepEqual(step.args, ['x']);
    assert.equal(new TextDecoder().decode(step.text), 'console.log(1)');
    assert.match(read({}, 'node', '-e', 'import "node:fs"').steps[0].main, /mjs$/);
  });

  test('npm run: assignments, several commands, scripts that run scripts, arguments for the last', () => {
    const scripts = { all: 'npm run one && NAME=b node two.js', one: 'NAME=a node one.js' };
    const { steps } = read(scripts, 'npm', 'run', 'all', '--', 'three');
    assert.deepEqual(
      steps.map(({ args, env }) => [args, env]),
      [
        [['/lab/one.js'], { npm_lifecycle_event: 'one', NAME: 'a' }],
        [['/lab/two.js', 'three'], { npm_lifecycle_event: 'all', NAME: 'b' }],
      ],
    );
  });

  test('npm run: a script of the lab’s package.json runs on the host it names', () => {
    const lab = files({ server: 'node s.js' }, { handfast: { scripts: { server: 'api.tally.example' } } });
    assert.equal(readCommand(lab, '/lab', 'npm', ['run', 'server']).host, 'api.tally.example');
  });

  test('whatever else is asked is refused in words', () => {
    const scripts = { odd: 'vite build', loop: 'npm run loop', pipe: 'node a.js | cat' };
    assert.throws(() => read(scripts, 'ls'), /not `ls`/);
    assert.throws(() => read(scripts, 'node'), /without a file/);
    assert.throws(() => read(scripts, 'node', '--test'), /one file/);
    assert.throws(() => read(scripts, 'node', '--test', 'a.js', 'b.js'), /one file/);
    assert.throws(() => read(scripts, 'npm', 'install'), /npm install/);
    assert.throws(() => read(scripts, 'npm', 'run', 'none'), /Missing script: "none"/);
    assert.throws(() => read(scripts, 'npm', 'run', 'odd'), /vite build/);
    assert.throws(() => read(scripts, 'npm', 'run', 'loop'), /runs itself/);
    assert.throws(() => read(scripts, 'npm', 'run', 'pipe'), /needs a shell/);
  });
});
