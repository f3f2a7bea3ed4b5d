import path from 'node:path';
import querystring from 'node:querystring';
import url, { domainToASCII, fileURLToPath, pathToFileURL, urlToHttpOptions } from 'node:url';

const show = (name, body) => {
  try {
    console.log(name, body());
  } catch (e) {
    console.log(name, e.name, e.code, e.message, e.input);
  }
};
for (const u of [
  'http://a/b?c#d',
  'HTTP://User:Pa%20ss@EXAMPLE.com:80/a/../b/./c?x=1&y=é#frag',
  'https://[::1]:8443/',
  'file:///a%20b',
  'mailto:x@y.z',
  'data:text/plain,hi',
  'nope',
  '',
  'http://',
  'http://a b',
  'javascript:alert(1)',
  'https://bücher.example/ä',
  'ws://h:8080?',
  'foo://bar/baz//',
  'http://1.2.3',
  'http://h:99999/',
  'blob:https://a/b',
  'web+x:/.//p',
])
  show(JSON.stringify(u), () => {
    const it = new URL(u);
    return [
      it.href,
      it.origin,
      it.protocol,
      it.username,
      it.password,
      it.host,
      it.hostname,
      it.port,
      it.pathname,
      it.search,
      it.hash,
    ];
  });
show('base', () => new URL('../x?y', 'http://a/b/c/d').href);
show('bad base', () => new URL('x', 'y'));
for (const given of [['nope'], ['x', 'y'], ['x', undefined]]) {
  try {
    new URL(...given);
  } catch (e) {
    console.log(e.stack.split('\n')[0], Object.entries(e), String(e));
  }
}
show('set', () => {
  const u = new URL('http://a/b');
  u.port = '81';
  u.pathname = 'x y';
  u.search = 'q=1';
  u.hash = 'h';
  u.username = 'u';
  u.password = 'p';
  u.hostname = 'z';
  u.protocol = 'https';
  u.host = 'k:9';
  const a = u.href;
  u.search = '';
  u.hash = '';
  u.port = '';
  return [a, u.href, JSON.stringify(u), String(u)];
});
show('set bad', () => {
  const u = new URL('http://a');
  u.href = 'bad';
});
show('params', () => {
  const u = new URL('http://a/?x=1&y=2&x=3');
  u.searchParams.append('z', 'a b&c');
  u.searchParams.delete('y');
  u.searchParams.sort();
  return [
    u.href,
    u.searchParams.getAll('x'),
    [...u.searchParams],
    u.searchParams.size,
    u.searchParams.has('x', '3'),
  ];
});
show('params2', () => [
  new URLSearchParams({ a: 1, b: 'é' }).toString(),
  new URLSearchParams([
    ['a', '1'],
    ['a', '2'],
  ]).toString(),
  new URLSearchParams('?a=%zz&b=+').toString(),
]);
show('params bad', () => new URLSearchParams([['a']]));
show('canParse', () => [
  URL.canParse('x:'),
  URL.canParse('x'),
  URL.canParse('/a', 'http://b'),
  URL.parse('zz'),
]);
console.log(new URL('http://u:p@a:1/b?c#d'), new URLSearchParams('a=1'), [new URL('file:///x')]);
for (const u of [
  'http://u:p@host:80/p/a?q=1#h',
  '//h/p',
  '/a?b',
  'mailto:a@b',
  'http://a.com:x/',
  'HTTP://A/ b',
])
  show(u, () => JSON.stringify(url.parse(u)));
show('parse query', () => url.parse('/a?b=1&b=2', true).query);
show('format', () => [
  url.format({ protocol: 'http', host: 'a', pathname: '/b', query: { c: 1 } }),
  url.format(new URL('http://u:p@a/é?x#y'), { auth: false, fragment: false, search: false }),
  url.resolve('http://a/b/c', '../d'),
  url.resolve('/one/two', 'three'),
]);
show('file', () => [
  fileURLToPath('file:///a%20b'),
  pathToFileURL('/x y#z?').href,
  fileURLToPath(new URL('file:///q')),
]);
show('file bad', () => fileURLToPath('http://a'));
show('file bad2', () => fileURLToPath('file:///a%2Fb'));
show('file bad3', () => fileURLToPath('file://host/a'));
show('http options', () => urlToHttpOptions(new URL('http://u:p@[::1]:1/a?b#c')));
show('ascii', () => [domainToASCII('español.com'), domainToASCII('xn--iñvalid.com')]);
show('qs', () => [
  querystring.stringify({ a: ['1', 2], b: 'ü &', c: true, d: null, e: 1n, f: Infinity }),
  querystring.parse('a=1&a=2&b=%C3%BC&c&=d&e=%zz&f=a+b'),
  querystring.parse('a:1;b:2', ';', ':'),
  querystring.escape('é\ud83d\ude00 ~'),
  querystring.unescape('%41%zz'),
  querystring.parse('a=1&b=2&c=3', null, null, { maxKeys: 2 }),
]);
show('qs bad', () => querystring.stringify({ a: '\ud800' }));
show('path', () => [
  path.join('/a', '..', 'b', './c/'),
  path.resolve('/x', 'y', '../z'),
  path.relative('/a/b/c', '/a/d'),
  path.parse('/home/u/file.tar.gz'),
  path.format({ dir: '/a', base: 'b.c' }),
  path.normalize('/a//b/../c/.'),
  path.basename('/a/b.html', '.html'),
  path.extname('a.b.'),
  path.dirname('/a/b/'),
  path.isAbsolute('a'),
  path.sep,
  path.win32.join('a', '..\\b'),
  path.win32.parse('C:\\x\\y.z'),
  path.posix === path,
  path.matchesGlob === undefined,
]);
show('path bad', () => path.join('a', 5));
show('path bad2', () => path.parse({}));
