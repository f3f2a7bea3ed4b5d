// Brings a fresh machine to where a command can run: packages, the pinned Node, the engine, the site.
// Plain JavaScript that Node 18 runs, because it is what runs before anything is installed.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const inRoot = (...parts) => path.join(root, ...parts);
const pinnedVersion = JSON.parse(readFileSync(inRoot('package.json'), 'utf8')).devDependencies.node;

/** Ends the command with a message a person can act on. */
export function fail(message) {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}

/** Runs a program; its standard output goes to our standard error, so that a command's own stdout stays clean. */
function run(command, args, { shell = false } = {}) {
  const result = spawnSync(command, args, { cwd: root, stdio: ['ignore', 2, 2], shell });
  return result.status === 0;
}

/** SHA-256 over the names and contents of files and folders, relative to the project. */
function digest(...entries) {
  const hash = createHash('sha256');
  const visit = (entry) => {
    const absolute = inRoot(entry);
    if (!existsSync(absolute)) return;
    if (statSync(absolute).isDirectory()) {
      for (const name of readdirSync(absolute).sort()) visit(path.join(entry, name));
    } else {
      hash.update(entry).update('\0').update(readFileSync(absolute)).update('\0');
    }
  };
  entries.forEach(visit);
  return hash.digest('hex');
}

/** Does `work` unless the stamp file says that it was done for these inputs. */
function once(stampFile, inputs, work) {
  const stamp = inRoot(stampFile);
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === inputs) return;
  rmSync(stamp, { force: true });
  work();
  mkdirSync(path.dirname(stamp), { recursive: true });
  writeFileSync(stamp, inputs);
}

/**
 * One command at a time prepares the machine; a second one waits for it.
 * The lock is a folder (creating one is atomic) that names its owner, so that a dead owner's lock is taken over.
 */
function exclusively(work) {
  const lock = inRoot('.build', 'setup.lock');
  const owner = path.join(lock, 'pid');
  mkdirSync(inRoot('.build'), { recursive: true });
  for (;;) {
    try {
      mkdirSync(lock);
      break;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
      if (!isAlive(owner)) rmSync(lock, { recursive: true, force: true });
      else Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100);
    }
  }
  try {
    writeFileSync(owner, String(process.pid));
    return work();
  } finally {
    rmSync(lock, { recursive: true, force: true });
  }
}

function isAlive(owner) {
  try {
    process.kill(Number(readFileSync(owner, 'utf8')), 0);
    return true;
  } catch (error) {
    if (error.code === 'EPERM') return true;
    // The owner may be between making the folder and writing its number: believe in it for a moment.
    if (error.code !== 'ENOENT') return false;
    const folder = path.dirname(owner);
    return existsSync(folder) && Date.now() - statSync(folder).mtimeMs < 2000;
  }
}

function worksAsPinned(binary) {
  const result = spawnSync(binary, ['--version'], { encoding: 'utf8' });
  return result.status === 0 && result.stdout.trim() === `v${pinnedVersion}`;
}

/** Path of the Node this project is pinned to. Call `ensureInstalled` first. */
export function pinnedNode() {
  const binary = inRoot('node_modules', '.bin', process.platform === 'win32' ? 'node.cmd' : 'node');
  if (worksAsPinned(binary)) return binary;
  if (worksAsPinned(process.execPath)) return process.execPath;
  return fail(
    `Handfast needs Node.js ${pinnedVersion}. The npm package node@${pinnedVersion} has no binary that runs on ${process.platform}-${process.arch},\n` +
      `and this is Node.js ${process.versions.node}. Install Node.js ${pinnedVersion} and run the command with it.`,
  );
}

/**
 * Whether `node_modules` holds what the lockfile asks for, by npm's own record of what it installed
 * (written last, so an interrupted installation has none). Packages for other platforms may be absent.
 */
function isInstalled() {
  const record = inRoot('node_modules', '.package-lock.json');
  if (!existsSync(record)) return false;
  const present = JSON.parse(readFileSync(record, 'utf8')).packages;
  const wanted = JSON.parse(readFileSync(inRoot('package-lock.json'), 'utf8')).packages;
  return Object.entries(wanted).every(
    ([place, { version, optional }]) => place === '' || optional || present[place]?.version === version,
  );
}

/** Installs the packages of the lockfile unless `node_modules` has them already. */
export function ensureInstalled() {
  if (!isInstalled()) exclusively(install);
  return pinnedNode();
}

function install() {
  if (isInstalled()) return;
  process.stderr.write('Installing packages from the lockfile …\n');
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  // Not `npm ci`: it refuses a lockfile that lacks the packages of other platforms, and a registry need not have them all.
  // `--no-save` takes the versions and checksums of the lockfile and leaves it as it is.
  if (
    !run(npm, ['install', '--no-save', '--no-audit', '--no-fund', '--loglevel=error'], {
      shell: process.platform === 'win32',
    })
  ) {
    fail(
      'npm install failed: the packages could not be installed. The reason is above; with no network it cannot work.',
    );
  }
  // The package `node` fetches its binary in an install script; where npm skips such scripts, run it here.
  if (!worksAsPinned(inRoot('node_modules', '.bin', 'node'))) {
    spawnSync(process.execPath, ['installArchSpecificPackage.js'], {
      cwd: inRoot('node_modules', 'node'),
      stdio: ['ignore', 2, 2],
    });
  }
}

const ENGINE_INPUTS = ['package.json', 'package-lock.json', 'src/node', 'src/tls', 'src/x509', 'src/sandbox'];

/** What writes `.build/engine`, in this order. */
export const ENGINE_BUILDERS = [
  'src/node/build/index.ts',
  'src/sandbox/embedded/packages/build.ts',
  'src/sandbox/webcontainer/build.ts',
];

/** Builds `.build/engine` when its sources have changed. */
export function ensureEngine() {
  const node = pinnedNode();
  exclusively(() =>
    once('.build/engine/.built', digest(...ENGINE_INPUTS), () => {
      process.stderr.write('Building the engine …\n');
      if (!ENGINE_BUILDERS.every((builder) => run(node, [builder])))
        fail('The engine could not be built; the reason is above.');
    }),
  );
}

/** Builds the static site into `dist` when anything it is made of has changed. */
export function ensureSite() {
  ensureEngine();
  const node = pinnedNode();
  const inputs = digest('package-lock.json', 'astro.config.mjs', 'tsconfig.json', 'src', 'lessons', 'public');
  exclusively(() =>
    once('dist/.built', inputs, () => {
      process.stderr.write('Building the site …\n');
      if (!run(node, ['node_modules/astro/bin/astro.mjs', 'build', '--silent'])) {
        fail('The site could not be built; the reason is above.');
      }
    }),
  );
}

/** Hands this command over to a script under the pinned Node; arguments, streams and exit code pass through. */
export function handOver(script, args = process.argv.slice(2)) {
  const result = spawnSync(pinnedNode(), [inRoot(script), ...args], { stdio: 'inherit' });
  if (result.error) fail(String(result.error.message));
  process.exit(result.status ?? 1);
}
