// What the page says of its codes, as far as it can be checked without running them.
import assert from 'node:assert/strict';
import path from 'node:path';
import { test } from 'node:test';
import { readLessons } from '../../src/lesson/index.ts';
import { errorCodes, errorKinds } from '../../src/text/index.ts';

const entries = errorKinds.flatMap(({ entries }) => entries);
const lessons = await readLessons(path.resolve(import.meta.dirname, '../..'));

test('the page explains the codes that are linked to it, in the same order', () => {
  assert.deepEqual(
    entries.map(({ code }) => code),
    errorCodes,
  );
});

test('a step that is named for a code is one in which that code is seen', () => {
  for (const { code, seen = [] } of entries)
    for (const { lesson: slug, step: id } of seen) {
      const lesson = lessons.find((each) => each.slug === slug);
      const step = lesson?.lab.steps.find((each) => each.id === id);
      assert.ok(lesson && step, `${code}: there is no step ${id} in ${slug}`);
      const { attack, refusal = [] } = lesson.lab.exercise;
      const expected = [...step.expect, ...(step.solved ?? []), ...(attack === id ? refusal : [])];
      assert.ok(JSON.stringify(expected).includes(code), `${code} is not expected in ${slug}, ${id}`);
    }
});

test('no fix turns the check off', () => {
  const off = /rejectUnauthorized: false|NODE_TLS_REJECT_UNAUTHORIZED|checkServerIdentity|strict-ssl|curl -k/;
  for (const { code, fix } of entries) assert.doesNotMatch(fix, off, code);
});
