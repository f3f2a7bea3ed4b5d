// The file `_headers`, read by Netlify's own parser: which of the site's pages a static host would isolate.
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { parseAllHeaders } from '@netlify/headers-parser';
import { dist } from '../pages/support/site.ts';

const pages = readdirSync(dist, { recursive: true, encoding: 'utf8' })
  .filter((file) => path.basename(file) === 'index.html')
  .map((file) => `/${path.dirname(file)}/`.replace('/./', '/'));

test('the headers that isolate a page go with the pages for WebContainers, and with no other', async () => {
  const { headers, errors } = await parseAllHeaders({
    headersFiles: [path.join(dist, '_headers')],
    configHeaders: [],
    minimal: false,
  });
  assert.deepEqual(errors, []);
  const rules = headers as { forRegExp: RegExp; values: Record<string, string> }[];
  const sent = (page: string) =>
    Object.assign({}, ...rules.filter(({ forRegExp }) => forRegExp.test(page)).map(({ values }) => values));
  const isolated = pages.filter((page) => page.endsWith('/webcontainer/') || page === '/engine-check/');
  assert.ok(isolated.length > 3);
  for (const page of isolated) {
    assert.deepEqual(
      sent(page),
      { 'Cross-Origin-Opener-Policy': 'same-origin', 'Cross-Origin-Embedder-Policy': 'require-corp' },
      page,
    );
  }
  for (const page of pages.filter((page) => !isolated.includes(page))) assert.deepEqual(sent(page), {}, page);
});
