import { readFileSync } from 'node:fs';
import path from 'node:path';
import { dist } from '../../pages/support/site.ts';

/** The file of a chunk of the built site's JavaScript. */
export const inFolder = (chunk: string): string => path.join(dist, '_astro', chunk);

/** A chunk and every chunk that it imports at once, and these; not those that it asks for later. */
export function closureOf(chunk: string, found: Set<string> = new Set()): Set<string> {
  if (found.has(chunk)) return found;
  found.add(chunk);
  const text = readFileSync(inFolder(chunk), 'utf8');
  for (const [, imported] of text.matchAll(/(?:\bfrom|\bimport)\s*["'`]\.\/([^"'`]+\.js)["'`]/g))
    closureOf(imported, found);
  return found;
}
