const assert = require('node:assert');
const cases = {
  ok2: () => assert.ok(null, 'message'),
  none: () => assert.ok(),
  equal: () => assert.equal(1, 2),
  notEqual: () => assert.notEqual(1, 1),
  strict: () => assert.strictEqual(1, 2),
  strictS: () => assert.strictEqual('a\nb\nc', 'a\nx\nc'),
  strictL: () => assert.strictEqual('x'.repeat(10), 'x'.repeat(11)),
  nan: () => assert.strictEqual(NaN, 0),
  notStrict: () => assert.notStrictEqual(1, 1),
  deep: () => assert.deepStrictEqual({ a: 1, b: [1, 2, { c: 3 }] }, { a: 1, b: [1, 2, { c: 4 }] }),
  deepKeys: () => assert.deepStrictEqual({ a: 1 }, { b: 1 }),
  deepProto: () => assert.deepStrictEqual([], {}),
  deepMap: () => assert.deepStrictEqual(new Map([[1, 2]]), new Map([[1, 3]])),
  deepSet: () => assert.deepStrictEqual(new Set([1]), new Set([2])),
  deepDate: () => assert.deepStrictEqual(new Date(0), new Date(1)),
  deepErr: () => assert.deepStrictEqual(new Error('a'), new Error('b')),
  deepLoose: () => assert.deepEqual({ a: '1' }, { a: 2 }),
  loosePass: () => assert.deepEqual({ a: '1' }, { a: 1 }),
  notDeep: () => assert.notDeepStrictEqual({ a: 1 }, { a: 1 }),
  long: () =>
    assert.deepStrictEqual(
      Array.from({ length: 60 }, (_, i) => i),
      Array.from({ length: 60 }, (_, i) => (i === 30 ? -1 : i)),
    ),
  match: () => assert.match('abc', /x/),
  noMatch: () => assert.doesNotMatch('abc', /b/),
  throwsNone: () => assert.throws(() => {}),
  throwsType: () =>
    assert.throws(() => {
      throw new TypeError('x');
    }, RangeError),
  throwsRe: () =>
    assert.throws(() => {
      throw new Error('abc');
    }, /xyz/),
  throwsObj: () =>
    assert.throws(
      () => {
        throw Object.assign(new Error('abc'), { code: 'A' });
      },
      { message: 'abc', code: 'B' },
    ),
  throwsFn: () =>
    assert.throws(
      () => {
        throw new Error('a');
      },
      () => false,
    ),
  throwsPass: () =>
    assert.throws(
      () => {
        throw new TypeError('ok');
      },
      { name: 'TypeError' },
    ),
  doesNot: () =>
    assert.doesNotThrow(() => {
      throw new Error('inner');
    }, 'why'),
  fail: () => assert.fail(),
  failM: () => assert.fail('failed'),
  failE: () => assert.fail(new RangeError('mine')),
  ifError: () => assert.ifError(new Error('err')),
  ifNull: () => assert.ifError(null),
  partial: () => assert.partialDeepStrictEqual({ a: 1, b: 2 }, { a: 2 }),
  badArg: () => assert.throws('x'),
  bad2: () => assert.match(5, /x/),
  big: () => assert.strictEqual({ a: 1 }, { a: 1 }),
  inst: () => assert.strictEqual([1, 2, 3], [1, 2, 3]),
  sym: () => assert.deepStrictEqual({ [Symbol.for('a')]: 1 }, { [Symbol.for('a')]: 2 }),
  buf: () => assert.deepStrictEqual(Buffer.from('a'), Buffer.from('b')),
  multi: () => assert.strictEqual('line1\nline2', 'line1\nline2\nline3'),
};
for (const [name, body] of Object.entries(cases)) {
  try {
    body();
    console.log(name, 'passes');
  } catch (e) {
    console.log(name, e.name, e.code, e.generatedMessage, e.operator, '\n' + e.message);
  }
}
(async () => {
  for (const body of [
    () => assert.rejects(Promise.resolve(1)),
    () =>
      assert.rejects(async () => {
        throw new Error('a');
      }, /b/),
    () => assert.doesNotReject(Promise.reject(new Error('r'))),
    () => assert.rejects(5),
  ])
    try {
      await body();
    } catch (e) {
      console.log(e.name, e.code, e.message);
    }
  console.log(
    require('node:assert/strict') === assert.strict,
    new assert.AssertionError({ actual: 1, expected: 2, operator: 'strictEqual' }).message,
  );
})();
