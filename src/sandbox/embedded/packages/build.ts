/**
 * `node src/sandbox/embedded/packages/build.ts`: writes `.build/engine/packages/NAME.json` for each of `labPackages` in
 * the project's package.json. A lab that names such a package finds it in its `node_modules`.
 */
import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { compilePackage } from './compile.ts';

const PROJECT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../../../..');
const PACKAGES = path.join(PROJECT, '.build/engine/packages');

/** Of a package only what a program can use, and its licence. */
const USEFUL = /^(?:package\.json|LICEN[CS]E[^/]*|(?!dist\/types\/|flash\/).*\.(?:[cm]?js|json))$/;
/** Files that repeat the package's other files in one, for pages. */
const BUNDLED = /\.(?:min|bundle|umd)\.js$/;

/** The package's files by path, sorted. */
function readPackage(folder: string): Record<string, string> {
  const files: Record<string, string> = {};
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) =>
    name.split(path.sep).join('/'),
  );
  for (const name of names.sort()) {
    if (USEFUL.test(name) && !BUNDLED.test(name)) files[name] = readFileSync(path.join(folder, name), 'utf8');
  }
  return files;
}

function main(): void {
  const { labPackages, devDependencies } = JSON.parse(
    readFileSync(path.join(PROJECT, 'package.json'), 'utf8'),
  );
  mkdirSync(PACKAGES, { recursive: true });
  for (const name of labPackages as string[]) {
    const compiled = compilePackage(readPackage(path.join(PROJECT, 'node_modules', name)));
    if (compiled.version !== devDependencies[name]) {
      throw new Error(
        `package.json, devDependencies.${name}: expected the exact version of what is installed, ${compiled.version}; ` +
          `found ${devDependencies[name] ?? 'nothing'}. Correct it, then run npm install.`,
      );
    }
    const file = path.join(PACKAGES, `${name.replace('/', '+')}.json`);
    // Written aside and put in place at once, as the engine is: somebody may be reading.
    writeFileSync(`${file}.${process.pid}`, JSON.stringify(compiled));
    renameSync(`${file}.${process.pid}`, file);
    console.log(`package ${name} ${compiled.version}: ${Object.keys(compiled.files).length} files`);
  }
}

main();
