// Buffer: every encoding, reads and writes, searches, fills, errors with their codes.
const { Buffer, constants, kMaxLength, isUtf8, isAscii, transcode, SlowBuffer } = require('node:buffer');
const attempt = (name, body) => {
  try {
    console.log(name, body());
  } catch (e) {
    console.log(name, 'THROWS', e.name, e.code, e.message);
  }
};
const encodings = [
  'utf8',
  'utf-8',
  'UTF8',
  'hex',
  'base64',
  'base64url',
  'latin1',
  'binary',
  'ascii',
  'ucs2',
  'utf16le',
];
const texts = [
  '',
  'a',
  'héé',
  '€uro',
  '😀x',
  '\ud800',
  'a\udc00b',
  'Zm9v',
  'Zm9vYg',
  'Zm9vYg==',
  'Z m\n9-v_/+',
  'ff0g',
  'abc',
  'ABCDEF0',
  '\0\x01\x7f\x80\xff',
];
for (const encoding of encodings)
  for (const text of texts) {
    attempt(`${encoding} ${JSON.stringify(text)}`, () => {
      const b = Buffer.from(text, encoding);
      return `${b.toString('hex')} ${JSON.stringify(b.toString(encoding))} ${Buffer.byteLength(text, encoding)}`;
    });
  }
const bytes = Buffer.from([
  0, 1, 0x7f, 0x80, 0xc3, 0xa9, 0xe2, 0x82, 0xac, 0xf0, 0x9f, 0x98, 0x80, 0xff, 0xfe, 0xc3,
]);
for (const encoding of encodings)
  attempt(`decode ${encoding}`, () =>
    JSON.stringify([
      bytes.toString(encoding),
      bytes.toString(encoding, 3, 9),
      bytes.toString(encoding, -5),
      bytes.toString(encoding, 5, 2),
      bytes.toString(encoding, 0, 1000),
    ]),
  );
const methods = Object.getOwnPropertyNames(Buffer.prototype)
  .filter((n) => /^(read|write)[A-Z]/.test(n))
  .sort();
console.log(methods.length);
for (const name of methods) {
  const big = /Big/.test(name),
    float = /Float|Double/.test(name);
  const sized = /Int(LE|BE)$/.test(name) && !/\d/.test(name);
  if (name.startsWith('read')) {
    for (const offset of [0, 3, 15, 16, -1, 1.5, 'x', undefined])
      attempt(`${name} ${offset}`, () => String(sized ? bytes[name](offset ?? 0, 3) : bytes[name](offset)));
  } else {
    for (const value of big
      ? [0n, 255n, -1n, 2n ** 64n, 2n ** 63n, 5]
      : float
        ? [0, 1.5, -2.25, NaN, Infinity, 'x']
        : [0, 1, -1, 127, 128, 255, 256, 65535, 65536, -129, 2 ** 31, 2 ** 32, 1.7, 'x', '12', null]) {
      attempt(`${name} ${String(value)}`, () => {
        const b = Buffer.alloc(8);
        const n = sized ? b[name](value, 1, 3) : b[name](value, 0);
        return `${n} ${b.toString('hex')}`;
      });
    }
    attempt(`${name} range`, () =>
      sized ? Buffer.alloc(2)[name](1, 0, 6) : Buffer.alloc(0)[name](big ? 1n : 1, 0),
    );
    attempt(`${name} offset`, () =>
      sized ? Buffer.alloc(8)[name](1, 9, 2) : Buffer.alloc(8)[name](big ? 1n : 1, 100),
    );
  }
}
attempt('readIntLE length', () => bytes.readIntLE(0, 7));
attempt('readUIntBE length', () => bytes.readUIntBE(0, 0));
attempt('alloc', () => [
  Buffer.alloc(3, 'ab'),
  Buffer.alloc(4, 1),
  Buffer.alloc(5, 'YQ==', 'base64'),
  Buffer.alloc(2, Buffer.from('xyz')),
  Buffer.alloc(3, ''),
  Buffer.allocUnsafe(0),
]);
for (const bad of [-1, 'x', NaN, 2 ** 60, null]) attempt(`alloc ${bad}`, () => Buffer.alloc(bad));
for (const bad of [5, null, undefined, true, {}, Symbol('x'), () => {}])
  attempt(`from ${String(bad)}`, () => Buffer.from(bad));
attempt('from', () => [
  Buffer.from([1, 256, -1, 'x', 3.9]),
  Buffer.from(new Uint8Array([1, 2])),
  Buffer.from(new Uint16Array([1, 258])),
  Buffer.from(new ArrayBuffer(3)),
  Buffer.from(new Uint8Array([1, 2, 3, 4]).buffer, 1, 2),
  Buffer.from(new String('s')),
  Buffer.from({ length: 2, 0: 7, 1: 8 }),
  Buffer.from({ type: 'Buffer', data: [1, 2] }),
  Buffer.from({
    valueOf() {
      return 'v';
    },
  }),
]);
attempt('from range', () => Buffer.from(new ArrayBuffer(3), 4));
attempt('from length', () => Buffer.from(new ArrayBuffer(3), 1, 5));
attempt('from enc', () => Buffer.from('x', 'nope'));
attempt('toString enc', () => bytes.toString('nope'));
attempt('write enc', () => Buffer.alloc(3).write('x', 'nope'));
attempt('write', () => {
  const b = Buffer.alloc(8);
  return [
    b.write('€€', 1),
    b.write('abc', 5, 10),
    b.write('ff', 'hex'),
    b.write('zz', 2, 1, 'latin1'),
    b.toString('hex'),
  ];
});
attempt('write off', () => Buffer.alloc(3).write('x', 5));
attempt('write type', () => Buffer.alloc(3).write(5));
attempt('concat', () => [
  Buffer.concat([Buffer.from('a'), Buffer.from('bc')]),
  Buffer.concat([Buffer.from('abc')], 2),
  Buffer.concat([Buffer.from('a')], 3),
  Buffer.concat([]),
]);
attempt('concat bad', () => Buffer.concat('x'));
attempt('concat bad 2', () => Buffer.concat(['x']));
attempt('compare', () => [
  Buffer.compare(Buffer.from('a'), Buffer.from('b')),
  Buffer.from('abc').compare(Buffer.from('xabcx'), 1, 4),
  Buffer.from('b').equals(Buffer.from('b')),
  Buffer.from('ab').compare(Buffer.from('a')),
]);
attempt('compare bad', () => Buffer.compare('a', 'b'));
attempt('equals bad', () => Buffer.from('a').equals('a'));
const hay = Buffer.from('this is a buffer, is it?');
attempt('indexOf', () => [
  hay.indexOf('is'),
  hay.indexOf('is', 3),
  hay.indexOf('is', -8),
  hay.lastIndexOf('is'),
  hay.lastIndexOf('is', 10),
  hay.lastIndexOf('is', -20),
  hay.indexOf(98),
  hay.indexOf(98 + 256),
  hay.indexOf(Buffer.from('buf')),
  hay.indexOf(''),
  hay.indexOf('', 100),
  hay.lastIndexOf(''),
  hay.includes('zz'),
  hay.indexOf('aXMg', 0, 'base64'),
  hay.indexOf('is', 'x'),
  hay.indexOf('is', NaN),
  hay.lastIndexOf('is', NaN),
  hay.lastIndexOf('this', 0),
  hay.lastIndexOf('s', 2),
  hay.indexOf('i', Infinity),
]);
attempt('indexOf ucs2', () => {
  const u = Buffer.from('abcabc', 'ucs2');
  return [
    u.indexOf('c', 0, 'ucs2'),
    u.indexOf('c', 5, 'ucs2'),
    u.lastIndexOf('c', -1, 'ucs2'),
    u.indexOf('bc', 1, 'utf16le'),
  ];
});
attempt('indexOf bad', () => hay.indexOf({}));
attempt('fill', () => [
  Buffer.alloc(5).fill('ab'),
  Buffer.alloc(5).fill('é'),
  Buffer.alloc(5).fill(258),
  Buffer.alloc(5).fill('x', 1, 3),
  Buffer.alloc(5).fill('ff', 'hex'),
  Buffer.alloc(5).fill(Buffer.from([1, 2])),
  Buffer.alloc(3).fill(''),
  Buffer.alloc(3).fill(true),
]);
attempt('fill bad', () => Buffer.alloc(5).fill('zz', 'hex'));
attempt('fill range', () => Buffer.alloc(5).fill('a', 0, 9));
attempt('fill range 2', () => Buffer.alloc(5).fill('a', -1));
attempt('copy', () => {
  const t = Buffer.alloc(4);
  return [Buffer.from('abcdef').copy(t, 1, 2, 9), t.toString('latin1'), Buffer.from('ab').copy(t, 10)];
});
attempt('copy bad', () => Buffer.from('ab').copy(Buffer.alloc(2), -1));
attempt('copy bad 2', () => Buffer.from('ab').copy('x'));
attempt('slice', () => [
  hay.subarray(5, 7),
  hay.slice(-3),
  hay.subarray(3, 1).length,
  hay.slice(0, 4).buffer === hay.buffer,
]);
attempt('swap', () => [
  Buffer.from([1, 2, 3, 4]).swap16(),
  Buffer.from([1, 2, 3, 4]).swap32(),
  Buffer.from([1, 2, 3, 4, 5, 6, 7, 8]).swap64(),
]);
attempt('swap bad', () => Buffer.from([1]).swap16());
attempt('json', () => JSON.stringify(Buffer.from('hi')));
attempt('iter', () => [...Buffer.from('ab').entries()].concat([...Buffer.from('ab').keys()]));
attempt('inspect', () => [
  Buffer.from('x'.repeat(60)),
  Object.assign(Buffer.from('a'), { extra: 1 }),
  Buffer.alloc(0),
]);
attempt('statics', () => [
  Buffer.isBuffer(new Uint8Array(1)),
  Buffer.isEncoding('BASE64URL'),
  Buffer.isEncoding('x'),
  Buffer.poolSize,
  constants.MAX_LENGTH === kMaxLength,
  Buffer.of(1, 2, 300),
]);
attempt('isUtf8', () => [
  isUtf8(Buffer.from('é')),
  isUtf8(Buffer.from([0xc3])),
  isAscii(Buffer.from('é')),
  isAscii(Buffer.from('e')),
]);
attempt('atob', () => [atob('aGk='), atob(' a G k'), btoa('hi\xff')]);
for (const bad of ['a', 'aGk=a', 'é', '====']) attempt(`atob ${bad}`, () => atob(bad));
attempt('btoa bad', () => btoa('€'));
attempt('readonly', () => Buffer.from('abc').at(-1));
attempt('toLocale', () => Buffer.from('abc').toLocaleString('hex'));
attempt('parent', () => [
  typeof Buffer.from('abc').parent,
  typeof Buffer.from('abc').offset,
  Buffer.name,
  Buffer.from.name,
  Buffer.prototype.constructor.name,
]);
attempt('copyBytesFrom', () => Buffer.copyBytesFrom(new Uint16Array([1, 2, 3]), 1, 1));
