// Which of the site's pages a static host would isolate: by the file `_headers`, read by Netlify's own parser, and by the
// notes for Vercel, read by Vercel's own.
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { parseAllHeaders } from '@netlify/headers-parser';
import { getTransformedRoutes } from '@vercel/routing-utils';
import { engineCheckWords } from '../../src/text/index.ts';
import { dist } from '../pages/support/site.ts';

const pages = readdirSync(dist, { recursive: true, encoding: 'utf8' })
  .filter((file) => path.basename(file) === 'index.html')
  .map((file) => `/${path.dirname(file)}/`.replace('/./', '/'));

const isolated = pages.filter((page) => page.endsWith('/webcontainer/') || page === '/engine-check/');
const others = pages.filter((page) => !isolated.includes(page));
const wanted = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
};

test('there are pages of both kinds', () => {
  assert.ok(isolated.length > 3 && others.length > 3);
});

test('Netlify: the headers that isolate a page go with the pages for WebContainers, and with no other', async () => {
  const { headers, errors } = await parseAllHeaders({
    headersFiles: [path.join(dist, '_headers')],
    configHeaders: [],
    minimal: false,
  });
  assert.deepEqual(errors, []);
  const rules = headers as { forRegExp: RegExp; values: Record<string, string> }[];
  const sent = (page: string) =>
    Object.assign({}, ...rules.filter(({ forRegExp }) => forRegExp.test(page)).map(({ values }) => values));
  for (const page of isolated) assert.deepEqual(sent(page), wanted, page);
  for (const page of others) assert.deepEqual(sent(page), {}, page);
});

test('Vercel, as its notes say: the same, with and without the last slash', () => {
  const { code } = engineCheckWords.hosts.list.find(({ name }) => name === 'Vercel') ?? {};
  assert.ok(code);
  const { routes, error } = getTransformedRoutes(JSON.parse(code));
  assert.equal(error, null);
  const rules = (routes ?? []).flatMap((route) =>
    'headers' in route ? [{ pattern: new RegExp(route.src), values: route.headers }] : [],
  );
  assert.ok(rules.length > 0);
  const sent = (path: string) =>
    Object.assign({}, ...rules.filter(({ pattern }) => pattern.test(path)).map(({ values }) => values));
  for (const form of [
    (page: string) => page,
    (page: string) => page.slice(0, -1) || '/',
    (page: string) => `${page}index.html`,
  ]) {
    for (const page of isolated) assert.deepEqual(sent(form(page)), wanted, form(page));
    for (const page of others) assert.deepEqual(sent(form(page)), {}, form(page));
  }
});
