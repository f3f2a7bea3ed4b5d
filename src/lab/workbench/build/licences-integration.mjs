// The licences of what is sent to a reader's browser, in one file beside the site. The engine carries its own.
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../../../..');
const folderOf = (name) => path.join(root, 'node_modules', name);

/** The packages named here, and all that they depend on. */
function withDependencies(names, found = new Set()) {
  for (const name of names) {
    if (found.has(name)) continue;
    found.add(name);
    const { dependencies = {} } = createRequire(import.meta.url)(path.join(folderOf(name), 'package.json'));
    withDependencies(Object.keys(dependencies), found);
  }
  return [...found].sort();
}

/** @returns {import('astro').AstroIntegration} */
export function licences(packages) {
  return {
    name: 'handfast:licences',
    hooks: {
      'astro:build:done': ({ dir }) => {
        const texts = withDependencies(packages).map((name) => {
          const text = readFileSync(path.join(folderOf(name), 'LICENSE'), 'utf8');
          return `${name}\n${'='.repeat(name.length)}\n\n${text.trim()}\n`;
        });
        writeFileSync(path.join(fileURLToPath(dir), 'licences.txt'), texts.join('\n\n'));
      },
    },
  };
}
