/**
 * The licences of everything in the engine, in one file that travels with it. What is in the engine is read from
 * what the bundler read, so that nothing can be bundled and be forgotten here.
 */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { LIBRARY, NodeLibraryError, nodeLicense, PROJECT } from './nodelib.ts';

const PACKAGES = path.join(PROJECT, 'node_modules');
const ISC = `Permission to use, copy, modify, and/or distribute this software for any
purpose with or without fee is hereby granted, provided that the above
copyright notice and this permission notice appear in all copies.

THE SOFTWARE IS PROVIDED "AS IS" AND THE AUTHOR DISCLAIMS ALL WARRANTIES
WITH REGARD TO THIS SOFTWARE INCLUDING ALL IMPLIED WARRANTIES OF
MERCHANTABILITY AND FITNESS. IN NO EVENT SHALL THE AUTHOR BE LIABLE FOR
ANY SPECIAL, DIRECT, INDIRECT, OR CONSEQUENTIAL DAMAGES OR ANY DAMAGES
WHATSOEVER RESULTING FROM LOSS OF USE, DATA OR PROFITS, WHETHER IN AN
ACTION OF CONTRACT, NEGLIGENCE OR OTHER TORTIOUS ACTION, ARISING OUT OF OR
IN CONNECTION WITH THE USE OR PERFORMANCE OF THIS SOFTWARE.`;

/** Files of Node's library that come from elsewhere and do not say so themselves: Node's LICENSE speaks for them. */
const SILENT: Record<string, string> = {
  punycode:
    'Copyright Mathias Bynens <https://mathiasbynens.be/>\n\nUnder the terms of the MIT license, as above.',
  'internal/fs/rimraf': `Copyright (c) Isaac Z. Schlueter and Contributors\n\n${ISC}`,
};

interface Notice {
  /** What it is about: `acorn 8.19.0`, or a file of Node's. */
  title: string;
  text: string;
}

/** The licences that apply to a bundle of these files (absolute paths), as one text. */
export function licenses(sources: readonly string[]): string {
  const notices: Notice[] = [
    { title: 'Handfast', text: readFileSync(path.join(PROJECT, 'LICENSE'), 'utf8') },
    { title: 'Node.js', text: nodeLicense() },
    ...sources.filter((file) => file.startsWith(LIBRARY + path.sep)).flatMap(noticesIn),
    ...packagesOf(sources).map(packageLicense),
  ];
  return notices
    .map(({ title, text }) => `${title}\n${'='.repeat(title.length)}\n\n${text.trim()}\n`)
    .join('\n\n');
}

/** The copyright of others that a file of Node's library names. Comments may be several blocks with blank lines between. */
function noticesIn(file: string): Notice[] {
  const id = path.relative(LIBRARY, file).replace(/\.js$/, '').replaceAll(path.sep, '/');
  const title = `Node.js, lib/${id}.js`;
  if (SILENT[id]) return [{ title, text: SILENT[id] }];
  const comments = readFileSync(file, 'utf8').match(/^\/\/.*\n(?:\n*\/\/.*\n)*/gm) ?? [];
  return comments
    .map((comment) => comment.replace(/^\/\/ ?/gm, ''))
    .filter((text) => /^Copyright|\blicense: MIT\b/im.test(text) && !/^Copyright Joyent/.test(text))
    .map((text) => ({ title, text }));
}

/** Names of the npm packages that the files are from. */
function packagesOf(sources: readonly string[]): string[] {
  const names = sources
    .filter((file) => file.startsWith(PACKAGES + path.sep))
    .map((file) => path.relative(PACKAGES, file).split(path.sep))
    .map(([first, second]) => (first.startsWith('@') ? `${first}/${second}` : first));
  return [...new Set(names)];
}

function packageLicense(name: string): Notice {
  const folder = path.join(PACKAGES, name);
  const file = readdirSync(folder).find((entry) => /^licen[cs]e(\.|$)/i.test(entry));
  const { version, main, license } = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'));
  const text = file ? readFileSync(path.join(folder, file), 'utf8') : licenseInScript(folder, main, license);
  if (!text) throw new NodeLibraryError(`${name} is in the engine and carries no licence`);
  return { title: `${name} ${version}`, text };
}

/** What a package without a licence file says at the beginning of its main script, and of itself. */
function licenseInScript(folder: string, main: string, license: string): string | undefined {
  const comment = /\/\* @preserve\n([\s\S]*?)\*\//.exec(readFileSync(path.join(folder, main), 'utf8'))?.[1];
  const text = comment?.replace(/^[ \t]*\*\*[ \t]?/gm, '').trim();
  return text && `${text}\n\nThe npm package names as its licence: ${license}`;
}
