/**
 * Builds BoGo's runner, BoringSSL's protocol tests, from the source package that Debian carries: `apt-get source` with a
 * configuration of its own, so that the machine's sources stay as they are, then `go build` with the libraries Debian
 * packages. What was built is kept in `.build/bogo` for the next time.
 */
import { type SpawnSyncOptions, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { installPrograms } from '../../../scripts/support/programs.mjs';

const SOURCE = 'android-platform-external-boringssl';
/** The cases that `config.json` names are those of this version. */
const VERSION = '13.0.0+r24-2';
const RELEASE = 'bookworm main';
/** The import path by which the runner's own packages know each other. */
const IMPORT_PATH = 'boringssl.googlesource.com/boringssl';
const DEBIAN_GO_LIBRARIES = '/usr/share/gocode';

const RELAY = fileURLToPath(new URL('relay.go', import.meta.url));
const CACHE = fileURLToPath(new URL('../../../.build/bogo/', import.meta.url));

export interface Runner {
  readonly program: string;
  /** The folder with the certificates and keys it hands to the shim. */
  readonly resources: string;
  /** What it starts as the shim: `relay.go`. */
  readonly relay: string;
}

class CannotBuild extends Error {}

/** The runner, built unless it was already; or why it cannot be had here. */
export function bogoRunner(): Runner | { readonly missing: string } {
  const folder = path.join(CACHE, VERSION);
  const runner = {
    program: path.join(folder, 'runner'),
    resources: path.join(folder, 'resources'),
    relay: path.join(folder, 'relay'),
  };
  try {
    if (!existsSync(runner.program)) buildRunner(runner);
    if (!isNewer(runner.relay, RELAY))
      run('go', ['build', '-o', runner.relay, RELAY], { env: goEnvironment() });
    return runner;
  } catch (error) {
    if (error instanceof CannotBuild) return { missing: error.message };
    throw error;
  } finally {
    rmSync(GO_CACHE, { recursive: true, force: true });
  }
}

function isNewer(made: string, source: string): boolean {
  return existsSync(made) && statSync(made).mtimeMs > statSync(source).mtimeMs;
}

/** Some 50 MB that are of no use afterwards. */
const GO_CACHE = path.join(CACHE, 'go-cache');

/** Go as Debian packages it, with nothing from elsewhere. */
function goEnvironment(goPath = ''): NodeJS.ProcessEnv {
  return {
    ...process.env,
    GO111MODULE: 'off',
    GOPATH: [goPath, DEBIAN_GO_LIBRARIES].filter(Boolean).join(path.delimiter),
    GOCACHE: GO_CACHE,
    GOFLAGS: '',
  };
}

function buildRunner(runner: Runner): void {
  const missing = installPrograms('golang-go', 'golang-golang-x-crypto-dev');
  if (missing.length) throw new CannotBuild(`not installed: ${missing.join(', ')}`);
  const work = path.join(CACHE, 'work');
  rmSync(work, { recursive: true, force: true });
  mkdirSync(path.dirname(runner.program), { recursive: true });
  try {
    const source = path.join(unpackSource(work), 'src');
    const program = compile(source, work);
    rmSync(runner.resources, { recursive: true, force: true });
    renameSync(path.join(source, 'ssl/test/runner'), runner.resources);
    renameSync(program, runner.program);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** Fetches the source package, which apt checks against Debian's signature, and unpacks what the runner is made of. */
function unpackSource(work: string): string {
  const lists = path.join(work, 'lists');
  const download = path.join(work, 'download');
  const source = path.join(work, 'source');
  for (const folder of [path.join(lists, 'partial'), download, source])
    mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(work, 'sources.list'), `deb-src ${debianMirror()} ${RELEASE}\n`);
  const own = [
    `Dir::Etc::SourceList=${path.join(work, 'sources.list')}`,
    'Dir::Etc::SourceParts=-',
    `Dir::State::Lists=${lists}`,
    `Dir::Cache=${work}`,
  ].flatMap((setting) => ['-o', setting]);
  run('apt-get', [...own, 'update'], { cwd: download });
  run('apt-get', [...own, 'source', '--download-only', `${SOURCE}=${VERSION}`], { cwd: download });
  const archive = readdirSync(download).find((name) => name.includes('.orig.tar.'));
  if (!archive) throw new CannotBuild(`the source package ${SOURCE} holds no archive`);
  run('tar', [
    ...['-x', '-f', path.join(download, archive), '-C', source, '--strip-components=1', '--wildcards'],
    ...['*/src/ssl/test/runner/*', '*/src/util/testresult/*'],
  ]);
  return source;
}

/** Where this machine has its Debian packages from: its sources are there too. */
function debianMirror(): string {
  const ask = () =>
    run('apt-get', ['indextargets', '--format', '$(LABEL) $(REPO_URI)', 'Created-By: Packages'])
      .split('\n')
      .find((line) => line.startsWith('Debian '))
      ?.slice('Debian '.length);
  const known = ask();
  if (known) return known;
  // A machine that has never looked knows no labels.
  run('apt-get', ['update']);
  const found = ask();
  if (!found) throw new CannotBuild('this machine has its packages from nowhere that is labelled Debian');
  return found;
}

/**
 * The runner is written as a Go test, and the test binary is the program. Without a module file Go finds packages by
 * folder: so nothing has to be written into the sources.
 */
function compile(source: string, work: string): string {
  const goPath = path.join(work, 'go');
  const own = path.join(goPath, 'src', IMPORT_PATH);
  mkdirSync(own, { recursive: true });
  for (const part of ['ssl', 'util']) renameSync(path.join(source, part), path.join(own, part));
  const program = path.join(work, 'runner');
  run('go', ['test', '-c', '-o', program, `${IMPORT_PATH}/ssl/test/runner`], {
    cwd: own,
    env: goEnvironment(goPath),
  });
  for (const part of ['ssl', 'util']) renameSync(path.join(own, part), path.join(source, part));
  return program;
}

/** Gives what the program printed. */
function run(command: string, args: readonly string[], options: SpawnSyncOptions = {}): string {
  const { error, status, stdout, stderr } = spawnSync(command, args, { ...options, encoding: 'utf8' });
  if (error) throw new CannotBuild(`${command} is not here (${error.message})`);
  if (status !== 0)
    throw new CannotBuild(`${command} ${args.at(-1)} failed: ${String(stderr).trim().slice(-500)}`);
  return stdout;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) console.log(bogoRunner());
