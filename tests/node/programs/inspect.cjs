const util = require('node:util');
class Foo extends Map {
  constructor() {
    super([['k', 1]]);
    this.own = 1;
  }
}
class Bar {
  #p = 1;
  get g() {
    return 1;
  }
  static s = 1;
  [Symbol('x')] = 2;
}
const circular = { name: 'c' };
circular.self = circular;
circular.list = [circular];
const values = [
  1,
  -0,
  10n,
  "it's",
  'a"b\'c`',
  'line\nbreak',
  Symbol('s'),
  undefined,
  null,
  true,
  [1, , 3],
  [undefined, null],
  Array(5),
  new Array(150).fill(1),
  { a: { b: { c: { d: 1 } } } },
  new Foo(),
  new Bar(),
  Bar,
  class extends Bar {},
  function named() {},
  () => {},
  async () => {},
  function* gen() {},
  async function* ag() {},
  new Map([[{ a: 1 }, new Set([1, [2]])]]),
  new Set(['a', { b: 1 }]),
  new WeakMap(),
  new WeakSet(),
  new Date(0),
  new Date(NaN),
  /re/gi,
  Object.create(null),
  Object.create({ constructor: { name: 'X' } }),
  Object.assign(Object.create(null), { a: 1 }),
  new Error('boom').message,
  [new TypeError('t')].length,
  circular,
  new Uint8Array([1, 2]),
  new Float64Array(3),
  new ArrayBuffer(4),
  new DataView(new ArrayBuffer(2)),
  Buffer.from('abc'),
  new Number(3),
  new String('str'),
  new Boolean(false),
  Object(Symbol('o')),
  Object(1n),
  (function () {
    return arguments;
  })(1, 2),
  new URL('http://u:p@h:8080/p?q=1#f'),
  new URLSearchParams('a=1&b=2'),
  Object.defineProperty({}, 'hidden', { value: 1 }),
  {
    get a() {
      return 1;
    },
    set a(v) {},
    set b(v) {},
    get c() {
      return 2;
    },
  },
  { 'a-b': 1, 2: 3, valid_id: 4, [Symbol('k')]: 5 },
  'x'.repeat(200),
  ['x'.repeat(100), 'y'.repeat(100)],
  { long: Array.from({ length: 30 }, (_, i) => `item${i}`) },
  [[[[[1]]]]],
  { f() {}, g: class A {} },
  Math,
  JSON,
  globalThis.Atomics,
  new (class extends Array {})(3),
  new (class X extends Error {
    constructor() {
      super('m');
      this.extra = 1;
    }
  })().extra,
  [1.5, 'a', null],
  { __proto__: { a: 1 } },
  new Proxy({ a: 1 }, {}).a,
  Object.freeze([1]),
  process.versions.node,
  new AbortController().signal,
  new Event('e').type,
  new EventTarget(),
  new TextEncoder().encoding,
];
for (const v of values) console.log(util.inspect(v));
for (const o of [
  { depth: 0 },
  { depth: Infinity },
  { compact: false },
  { compact: 1, breakLength: 40 },
  { showHidden: true },
  { colors: true },
  { maxArrayLength: 2 },
  { maxStringLength: 3 },
  { sorted: true },
  { getters: true },
  { numericSeparator: true },
])
  console.log(
    util.inspect(
      {
        b: [1, 2, 3, { x: new Map([[1, { y: 2 }]]) }],
        a: 'string',
        n: 123456.789,
        get g() {
          return 5;
        },
        [Symbol('z')]: null,
        d: new Date(5),
      },
      o,
    ),
  );
console.log(
  util.format(
    '%s %d %i %f %j %o %O %c %% %x',
    'a',
    '12',
    3.7,
    '1.5',
    { a: 1 },
    { b: [1] },
    { c: { d: { e: { f: 1 } } } },
    'css',
    'extra',
    { more: 1 },
  ),
  util.format('%s', Symbol('a'), 1n, -0),
  util.format('%d', 5n, '%s'),
  util.format(1, 2, '3'),
  util.format(
    '%s',
    {
      toString() {
        return 'custom';
      },
    },
    class A {},
    null,
    undefined,
  ),
  util.format('%s', [1, [2, [3]]], new Error('e').message),
);
console.log(
  util.inspect({
    [util.inspect.custom](d, o) {
      return `custom ${d} ${o.stylize('x', 'number')}`;
    },
  }),
  util.inspect(
    new (class {
      [util.inspect.custom]() {
        return { replaced: 1 };
      }
    })(),
  ),
);
console.log(
  util.isDeepStrictEqual({ a: [1, new Map([[{ x: 1 }, 2]])] }, { a: [1, new Map([[{ x: 1 }, 2]])] }),
  util.types.isRegExp(/x/),
  util.types.isDate({}),
  util.types.isPromise(Promise.resolve()),
  util.types.isGeneratorFunction(function* () {}),
  util.types.isAsyncFunction(async () => {}),
  util.types.isTypedArray(new Uint8Array()),
  util.types.isUint8Array(Buffer.alloc(1)),
  util.types.isBoxedPrimitive(Object(1)),
  util.types.isMap(new Map()),
  util.types.isSetIterator(new Set().values()),
  util.types.isArgumentsObject([]),
  util.types.isNativeError(new RangeError()),
  util.types.isModuleNamespaceObject({}),
);
console.log(
  util.inspect(new Map([[1, 2]]).keys()).slice(0, 14),
  util.stripVTControlCharacters('\u001b[31mx\u001b[0m'),
  util.toUSVString('\ud800'),
  util.styleText(['red', 'bold'], 'x', { validateStream: false }) ===
    '\u001b[31m\u001b[1mx\u001b[22m\u001b[39m',
);
const p = util.promisify(setTimeout);
p(1, 'v').then(console.log);
util.callbackify(async (x) => x * 2)(4, (e, v) => console.log(e, v));
util.callbackify(async () => {
  throw null;
})((e) => console.log(e.code, e.message));
const old = util.deprecate(() => 1, 'old is old', 'DEP0');
old();
old();
console.log(
  util.inherits.length,
  util.parseArgs({
    args: ['-f', '--bar', 'b', 'pos'],
    options: { f: { type: 'boolean', short: 'f' }, bar: { type: 'string' } },
    allowPositionals: true,
  }),
);
for (const body of [
  () => util.promisify(1),
  () => util.inspect({}, { depth: 'x' }) && 'fine',
  () => util.inherits(1, 2),
  () => util.parseArgs({ args: ['--x'] }),
  () => util.styleText('nocolor', 'x'),
  () => util.format() === '',
])
  try {
    console.log(body());
  } catch (e) {
    console.log(e.name, e.code, e.message.split('\n')[0].slice(0, 80));
  }
console.dir({ a: { b: { c: {} } } }, { depth: 0 });
console.table([{ a: 1, b: 2 }, { a: 3 }]);
console.group('G');
console.log('in\nside');
console.groupEnd();
console.error('to stderr %d', 5);
console.assert(1 === 2, 'assert %s', 'x');
console.count();
console.count('l');
console.countReset();
console.count();
console.log();
console.info('%o', [1]);
console.warn(new Map([[1, 2]]));
console.timeEnd('none');
console.log('%s', 'a', { b: 1 });
console.debug(-0, [-0]);
console.table(5);
console.table(new Map([['x', 1]]));
console.trace === undefined;
console.log(util.inspect(console).slice(0, 16), Object.keys(util).length);
console.log(
  new util.TextDecoder().decode(Buffer.from('hé')),
  util.getSystemErrorName(-2),
  util.getSystemErrorMessage(-111),
  util.aborted.name,
  util.debuglog('x').enabled,
);
