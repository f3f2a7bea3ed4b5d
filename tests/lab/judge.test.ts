// What became of an expectation, in words that are true of a process that runs, has ended, or never began.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { judge } from '../../src/lab/judge.ts';

const ends = { process: 'client', words: 'The client ends well.', exit: 0 };
const shown = (exit?: number) => new Map([['client', { stdout: '', stderr: '', exit }]]);

test('who has not ended still runs, or was never started', () => {
  assert.equal(judge(ends, new Map()).came, 'not started');
  assert.equal(judge(ends, shown()).came, 'still running');
  assert.equal(judge(ends, shown(1)).came, 'exit code 1');
  assert.equal(judge(ends, shown(0)).met, true);
});
