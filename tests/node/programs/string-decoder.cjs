const { StringDecoder } = require('node:string_decoder');
const data = Buffer.from('a€😀é\u0800z', 'utf8');
for (const enc of ['utf8', 'utf16le', 'base64', 'base64url', 'hex', 'latin1', 'ascii']) {
  const source = enc === 'utf16le' ? Buffer.from('a€😀éz', 'utf16le') : data;
  for (const size of [1, 2, 3, 4, 5]) {
    const d = new StringDecoder(enc);
    const parts = [];
    for (let i = 0; i < source.length; i += size)
      parts.push(d.write(source.subarray(i, i + size)), d.lastNeed, d.lastTotal);
    parts.push(d.end());
    console.log(enc, size, JSON.stringify(parts));
  }
}
for (const hex of [
  'e2',
  'e282',
  'f09f',
  'c3c3',
  'e228',
  'e28228',
  'f0908041',
  'ff',
  '80',
  'c0af',
  'eda080',
  'f4908080',
  'e282e282ac',
]) {
  const d = new StringDecoder('utf8');
  const whole = d.write(Buffer.from(hex, 'hex')) + '|' + d.end();
  const e = new StringDecoder('utf8');
  let bytewise = '';
  for (const b of Buffer.from(hex, 'hex')) bytewise += `${e.write(Buffer.from([b]))}.`;
  console.log(hex, JSON.stringify(whole), JSON.stringify(bytewise + e.end(Buffer.from('z'))));
}
for (const bad of [
  () => new StringDecoder('nope'),
  () => new StringDecoder().write(5),
  () => new StringDecoder('utf8').write('text'),
])
  try {
    console.log(bad());
  } catch (e) {
    console.log(e.code, e.message);
  }
