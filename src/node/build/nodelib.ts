/**
 * Node's own library as text. The pinned npm package `node` carries its `lib/` inside the binary; we ask that binary
 * for it, compare every file with the committed sums and write the files to the git-ignored folder `.build/nodelib/`.
 * Nothing of Node's is committed: the sums are enough to know that it is the library this project was written against.
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const PROJECT = fileURLToPath(new URL('../../../', import.meta.url));
export const LIBRARY = path.join(PROJECT, '.build/nodelib');
const SUMS = fileURLToPath(new URL('./sums.json', import.meta.url));
const DONE = path.join(LIBRARY, '.complete');

interface Sums {
  /** The version of Node these sums belong to, e.g. `v24.21.0`. */
  version: string;
  /** SHA-256 in hex by library id, e.g. `internal/errors`. */
  files: Record<string, string>;
}

interface Library {
  version: string;
  sources: Record<string, string>;
}

export class NodeLibraryError extends Error {
  readonly code = 'NODE_LIBRARY_DIFFERS';
}

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

/** The pinned binary where npm put it, else the Node.js that runs this: the sums decide whether it will do. */
function nodeBinary(): string {
  const pinned = path.join(PROJECT, 'node_modules/node/bin/node');
  return existsSync(pinned) ? pinned : process.execPath;
}

/** Reads the library out of a Node.js binary. `natives` is the map of id to source that Node's own loader uses. */
function askForLibrary(binary: string): Library {
  const program = `process.stdout.write(JSON.stringify({
    version: process.version,
    sources: Object.fromEntries(Object.entries(process.binding('natives')).filter(([, source]) => typeof source === 'string')),
  }))`;
  const json = execFileSync(binary, ['--no-deprecation', '-e', program], { maxBuffer: 64 << 20 });
  return JSON.parse(json.toString('utf8'));
}

const readSums = (): Sums => JSON.parse(readFileSync(SUMS, 'utf8'));

function differences(sums: Sums, library: Library): string[] {
  const ids = new Set([...Object.keys(sums.files), ...Object.keys(library.sources)]);
  return [...ids].filter((id) => {
    const source = library.sources[id];
    return source === undefined || sums.files[id] !== sha256(source);
  });
}

/** Makes `.build/nodelib/` hold exactly the library the sums describe. Returns false when it did already. */
export function extractLibrary(): boolean {
  const stamp = sha256(readFileSync(SUMS, 'utf8'));
  if (existsSync(DONE) && readFileSync(DONE, 'utf8') === stamp) return false;
  const sums = readSums();
  const binary = nodeBinary();
  const library = askForLibrary(binary);
  const wrong = differences(sums, library);
  if (wrong.length > 0) {
    throw new NodeLibraryError(
      `The library inside ${binary} (${library.version}) is not that of Node.js ${sums.version}: ` +
        `${wrong.length} files differ (${wrong.slice(0, 5).join(', ')}…).\n` +
        `Run "npm ci" to get the pinned Node.js. After changing the pin on purpose, run ` +
        `"node src/node/build/sums.ts" and review what changed.`,
    );
  }
  rmSync(LIBRARY, { recursive: true, force: true });
  for (const [id, source] of Object.entries(library.sources)) {
    const file = path.join(LIBRARY, `${id}.js`);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, source);
  }
  writeFileSync(DONE, stamp);
  return true;
}

/** Takes the sums of the library inside the installed Node.js: the step after changing the pin. */
export function rewriteSums(): Sums {
  const library = askForLibrary(nodeBinary());
  const ids = Object.keys(library.sources).sort();
  const sums: Sums = {
    version: library.version,
    files: Object.fromEntries(ids.map((id) => [id, sha256(library.sources[id])])),
  };
  writeFileSync(SUMS, `${JSON.stringify(sums, null, 2)}\n`);
  return sums;
}

/** What npm calls Node.js for this platform; on a Mac of today the name is another. */
const PLATFORM_PACKAGES = ['node', 'node-bin'].map((name) => `${name}-${process.platform}-${process.arch}`);

/**
 * The licence that must travel with the bundle: Node's own file where the package still carries it (npm prunes it at
 * times), else put together from the MIT text that Node's library files themselves begin with. Either way the parts of
 * the library that come from elsewhere are in `LICENSES.txt`.
 */
export function nodeLicense(): string {
  const folders = ['node_modules', 'node_modules/node/node_modules'];
  const files = folders.flatMap((folder) =>
    PLATFORM_PACKAGES.map((name) => path.join(PROJECT, folder, name, 'LICENSE')),
  );
  const file = files.find((each) => existsSync(each));
  if (file) return readFileSync(file, 'utf8');

  const source = readFileSync(path.join(LIBRARY, 'net.js'), 'utf8');
  const notice =
    /^(?:\/\/.*\n)+/
      .exec(source)?.[0]
      .replace(/^\/\/ ?/gm, '')
      .trim() ?? '';
  const terms = notice.slice(notice.indexOf('Permission is hereby granted'));
  if (!notice.startsWith('Copyright Joyent') || terms === notice)
    throw new NodeLibraryError('net.js does not begin with the licence of Node.js');
  const { version } = readSums();
  return `Node.js is licensed for use as follows:

"""
Copyright Node.js contributors. All rights reserved.

${terms}
"""

This license applies to parts of Node.js originating from the
https://github.com/joyent/node repository:

"""
Copyright Joyent, Inc. and other Node contributors. All rights reserved.

${terms}
"""

The licenses of the libraries that Node.js itself uses are in its repository:
https://github.com/nodejs/node/blob/${version}/LICENSE
`;
}
