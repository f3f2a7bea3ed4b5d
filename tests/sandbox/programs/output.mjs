// Bytes come out as they went in, whatever they are.
process.stdout.write(Buffer.from([0x61, 0xff, 0x00, 0xc3]));
process.stdout.write(Buffer.from([0xa9, 0xef, 0xbb, 0xbf]));
process.stderr.write('\ufeffWörter \u{1f512}\r\n');
console.log('%s of %d: %j', 'one', 2, { three: [4] });
console.error(new Map([['key', { deep: { deeper: { deepest: 1 } } }]]));
console.table([{ a: 1, b: 'x' }]);
