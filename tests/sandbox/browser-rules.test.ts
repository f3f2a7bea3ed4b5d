// The rules of the embedded browser that need no page: cookies, sites, the policy of a server, the name `location`.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CookieJar } from '../../src/sandbox/embedded/browser/cookies.ts';
import { redirectedMethod, refererFor } from '../../src/sandbox/embedded/browser/fetching.ts';
import { renameLocation } from '../../src/sandbox/embedded/browser/location-names.ts';
import { FORBIDDEN_TAG } from '../../src/sandbox/embedded/browser/markup.ts';
import { ServerPolicy } from '../../src/sandbox/embedded/browser/server-policy.ts';
import { isSameSite } from '../../src/sandbox/embedded/browser/sites.ts';

const APP = 'https://app.tally.example:8443/notes/one';
const server = { script: false, crossSite: false };
const script = { script: true, crossSite: false };

function jarWith(...lines: string[]) {
  let now = 1_000_000;
  const jar = new CookieJar(() => now);
  for (const line of lines) jar.set(line, APP, server);
  return { jar, sent: (url = APP) => jar.header(url, {}), pass: (ms: number) => (now += ms) };
}

test('RFC 6265bis §5.7: whose cookie it is, and where it goes', () => {
  const { sent } = jarWith('a=1', 'b=2; Path=/', 'c=3; Domain=tally.example; Path=/', 'd=4; Path=/notes/one');
  assert.equal(sent(), 'd=4; a=1; b=2; c=3');
  assert.equal(sent('https://app.tally.example/other'), 'b=2; c=3');
  assert.equal(sent('https://app.tally.example/notesy'), 'b=2; c=3');
  assert.equal(sent('https://api.tally.example/notes/one'), 'c=3');
  assert.equal(sent('https://tally.example/'), 'c=3');
  assert.equal(sent('https://eviltally.example/'), '');
});

test('RFC 6265bis §5.7: what a server may not set', () => {
  const { jar, sent } = jarWith(
    ...[
      'a=1; Domain=example',
      'b=1; Domain=mallory.example',
      'c=1; SameSite=None',
      '__Secure-d=1',
      '__Host-e=1; Secure',
    ],
    ...['__Host-f=1; Secure; Path=/; Domain=tally.example', 'g=1\u0000', ''],
  );
  assert.equal(sent(), '');
  jar.set('h=1; Secure', 'http://app.tally.example/', server);
  jar.set('i=1', APP, { script: false, crossSite: true });
  assert.equal(sent(), '');
  jar.set('__Host-j=1; Secure; Path=/', APP, server);
  jar.set('k=1; Secure; SameSite=None; Path=/', APP, { script: false, crossSite: true });
  assert.equal(sent(), '__Host-j=1; k=1');
  assert.equal(sent('http://app.tally.example/'), '');
});

test('RFC 6265bis §5.7: who is not secure does not replace what is', () => {
  const { jar, sent } = jarWith('session=s; Secure; Path=/');
  jar.set('session=mine; Path=/', 'http://app.tally.example/', server);
  assert.equal(sent(), 'session=s');
});

test('RFC 6265bis §5.7: scripts neither see, set nor replace what is HttpOnly', () => {
  const { jar, sent } = jarWith('session=s; HttpOnly; Path=/', 'seen=1; Path=/');
  assert.equal(jar.header(APP, { script: true }), 'seen=1');
  jar.set('session=mine; Path=/', APP, script);
  jar.set('other=1; HttpOnly', APP, script);
  assert.equal(sent(), 'session=s; seen=1');
});

test('RFC 6265bis §5.6: a cookie ends with Max-Age, which goes before Expires, or with Expires', () => {
  const later = new Date(1_000_000 + 60_000).toUTCString();
  const { jar, sent, pass } = jarWith(`a=1; Max-Age=10; Expires=${later}`, `b=1; Expires=${later}`, 'c=1');
  assert.equal(sent(), 'a=1; b=1; c=1');
  pass(11_000);
  assert.equal(sent(), 'b=1; c=1');
  pass(60_000);
  assert.equal(sent(), 'c=1');
  jar.set('c=; Max-Age=0', APP, server);
  assert.equal(sent(), '');
});

test('RFC 6265bis §5.8.3: what goes along from another site', () => {
  const { jar, pass } = jarWith(
    's=1; SameSite=Strict',
    'l=1; SameSite=Lax',
    'n=1; SameSite=None; Secure',
    'd=1',
  );
  const from = (site: 'same' | 'cross-safe-navigation' | 'cross-navigation' | 'cross') =>
    jar.header(APP, { site });
  assert.equal(from('same'), 's=1; l=1; n=1; d=1');
  assert.equal(from('cross-safe-navigation'), 'l=1; n=1; d=1');
  assert.equal(from('cross-navigation'), 'n=1; d=1');
  pass(121_000);
  assert.equal(from('cross-navigation'), 'n=1');
  assert.equal(from('cross'), 'n=1');
});

test('a site is a registrable domain with its scheme', () => {
  assert.ok(isSameSite('https://app.tally.example:8443/', 'https://auth.tally.example/'));
  assert.ok(isSameSite(undefined, 'https://auth.tally.example/'));
  assert.ok(!isSameSite('http://app.tally.example/', 'https://app.tally.example/'));
  assert.ok(!isSameSite('https://mallory.example/', 'https://tally.example/'));
  assert.ok(!isSameSite('https://10.0.0.1/', 'https://20.0.0.1/'));
});

test('Fetch §4.4: the method after a redirect; Referrer Policy: what the next server is told', () => {
  assert.deepEqual(
    [301, 302, 303, 307, 308].map((status) => redirectedMethod(status, 'POST')),
    ['GET', 'GET', 'GET', 'POST', 'POST'],
  );
  assert.deepEqual([redirectedMethod(302, 'PUT'), redirectedMethod(303, 'PUT')], ['PUT', 'GET']);
  assert.equal(refererFor(`${APP}#x`, 'https://app.tally.example:8443/'), APP);
  assert.equal(refererFor(APP, 'https://mallory.example/'), 'https://app.tally.example:8443/');
  assert.equal(refererFor(APP, 'http://app.tally.example/'), undefined);
});

test('CSP level 3: sources, nonces, hashes, and what falls back on what', async () => {
  const policy = (text: string) => {
    const made = new ServerPolicy(APP);
    made.add(text);
    return made;
  };
  const allows = (text: string, url: string, destination: 'script' | 'connect' | 'image' = 'script') =>
    policy(text).fetching(destination, url) === undefined;
  const own = 'https://app.tally.example:8443/x.js';
  const api = 'https://api.tally.example:8443/x.js';
  assert.ok(allows("script-src 'self'", own) && !allows("script-src 'self'", api));
  assert.ok(allows('script-src https:', api) && !allows("script-src 'none'", own));
  assert.ok(
    allows('script-src https://*.tally.example:8443', api) && !allows('script-src *.tally.example', api),
  );
  assert.ok(allows('script-src api.tally.example:*', api) && allows('script-src *', api));
  assert.ok(allows('script-src https://api.tally.example:8443/x.js', api));
  assert.ok(!allows('script-src https://api.tally.example:8443/y/', api));
  assert.ok(
    !allows("default-src 'self'", api, 'connect') &&
      allows("default-src 'self'; connect-src *", api, 'connect'),
  );
  assert.ok(!allows("script-src *, script-src 'self'", api), 'every policy must allow it');
  assert.ok(allows('img-src data:', api) && !allows('img-src data:', api, 'image'));

  const runs = async (text: string, code = 'run()', nonce = '') =>
    (await policy(text).inline('script', code, nonce)) === undefined;
  assert.ok((await runs("script-src 'unsafe-inline'")) && (await runs("img-src 'none'")));
  assert.ok(!(await runs("script-src 'self'")) && !(await runs("default-src 'self'")));
  assert.ok(
    !(await runs("script-src 'unsafe-inline' 'nonce-n'")) && (await runs("script-src 'nonce-n'", 'x', 'n')),
  );
  const hash = "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='";
  assert.ok((await runs(`script-src ${hash}`, '')) && !(await runs(`script-src ${hash}`, ' ')));
  assert.ok((await policy("script-src 'nonce-n'").handler('x()')) !== undefined);
  assert.ok((await policy(`script-src ${hash}`).handler('')) !== undefined);
  assert.equal(await policy(`script-src 'unsafe-hashes' ${hash}`).handler(''), undefined);
  assert.deepEqual(policy("script-src 'unsafe-inline'").later, {
    handlers: true,
    scripts: true,
    evaluation: false,
  });
  assert.deepEqual(policy('').later, { handlers: true, scripts: true, evaluation: true });
});

test('location is renamed where it is the page’s own, and nowhere else', async () => {
  const renamed = async (text: string) => (await renameLocation(text)).replaceAll('handfastLocation', 'L');
  assert.equal(
    await renamed('fetch(location.origin + window.location.search)'),
    'fetch(L.origin + window.L.search)',
  );
  assert.equal(await renamed('const { pathname } = document.location'), 'const { pathname } = document.L');
  assert.equal(
    await renamed('headers.location; ({ location: 1 }); "location"'),
    'headers.location; ({ location: 1 }); "location"',
  );
  assert.equal(await renamed('({ location })'), '({ location: L })');
  assert.equal(await renamed('location = "/x"'), 'L = "/x"');
  assert.equal(await renamed('this is location, no script'), 'this is location, no script');
});

test('no text that a parser could make a forbidden element of passes', () => {
  for (const text of [
    '<link>',
    '<LINK rel=x>',
    '<p><iframe/src=x>',
    '<h:link>',
    '<meta\n',
    'a <li',
    '<base>',
    '<object ',
    '<',
  ]) {
    assert.match(text, FORBIDDEN_TAG);
  }
  for (const text of [
    '<p>a &lt;link></p>',
    '<li>',
    '<header>',
    '<link-list></link-list>',
    '<p title="a">x',
    '<a href="x">y</a>',
  ]) {
    assert.doesNotMatch(text, FORBIDDEN_TAG);
  }
});
