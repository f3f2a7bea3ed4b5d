// "Download this lab" must give a project that works: each lab is complete by itself.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import ts from 'typescript';
import { actors, type Lab, type LabStep, variantFiles, variantsOf } from '../../src/lesson/index.ts';
import { withOwnAddresses } from '../support/own-addresses.ts';
import { LIMIT, lessons, root } from './runs.ts';

const network = readFileSync(path.join(root, 'src/sandbox/node/network.mjs'), 'utf8');

for (const { slug, lab, files, folder } of lessons) {
  const manifest = JSON.parse(String(files['package.json']));

  test(`${slug}: the lab carries network.mjs as it is in src/sandbox/node, and loads it`, () => {
    assert.equal(files['network.mjs'], network);
    assert.match(String(files['.npmrc']), /^node-options=--import=\.\/network\.mjs$/m);
  });

  test(`${slug}: package.json and lab.ts agree on hosts and on who runs where`, () => {
    const hosts = Object.fromEntries(lab.hosts.map(({ name, address }) => [name, address]));
    assert.deepEqual(manifest.handfast.hosts, hosts);
    const scripts = Object.fromEntries(lab.processes.map(({ script, host }) => [script, host]));
    assert.deepEqual(manifest.handfast.scripts, { ...scripts, test: lab.exercise.host });
    assert.deepEqual(Object.keys(manifest.scripts).sort(), Object.keys(manifest.handfast.scripts).sort());
  });

  test(`${slug}: programs import only node:*, their own files and the packages they name`, () => {
    const own = Object.keys(manifest.dependencies ?? {});
    for (const [file, source] of Object.entries(files)) {
      if (!/\.m?js$/.test(file)) continue;
      for (const { fileName } of ts.preProcessFile(String(source), true, true).importedFiles) {
        const beside = path.posix.join(path.posix.dirname(file), fileName);
        const allowed = fileName.startsWith('.')
          ? beside in files
          : own.includes(fileName) || (fileName.startsWith('node:') && isBuiltin(fileName));
        assert.ok(allowed, `${file} imports ${fileName}`);
      }
    }
  });

  test(`${slug}: npm run works in a copy of the lab, with nothing else around`, {
    timeout: LIMIT,
  }, async () => {
    const copy = mkdtempSync(path.join(tmpdir(), 'handfast-copy-'));
    cpSync(path.join(folder, 'lab'), copy, { recursive: true });
    const own = await withOwnAddresses(String(files['package.json']));
    writeFileSync(path.join(copy, 'package.json'), own.manifest);
    for (const name of Object.keys(manifest.dependencies ?? {})) {
      // As `npm ci` would put it there.
      const place = path.join(copy, 'node_modules', name);
      mkdirSync(path.dirname(place), { recursive: true });
      symlinkSync(path.join(root, 'node_modules', name), place);
    }
    const env = {
      PATH: `${path.dirname(process.execPath)}${path.delimiter}${process.env.PATH}`,
      HOME: copy,
      npm_config_update_notifier: 'false',
    };
    const npmRun = (name: string) => {
      const script = String(lab.processes.find((each) => each.name === name)?.script);
      return ['run', '--silent', script];
    };
    const runToEnd = (name: string) =>
      spawnSync('npm', npmRun(name), { cwd: copy, env, encoding: 'utf8', timeout: 120_000 });
    const step = stepWithoutBrowser(lab);
    for (const name of lab.prepare ?? []) {
      const { status, stderr } = runToEnd(name);
      assert.equal(status, 0, stderr);
    }
    const started = step.servers.map((name) =>
      spawn('npm', npmRun(name), { cwd: copy, env, detached: true, stdio: ['ignore', 'pipe', 'inherit'] }),
    );
    try {
      // Every server of a lab says when it is ready.
      for (const { stdout } of started) await once(stdout, 'data');
      for (const name of actors(step.run)) {
        const { stdout, stderr } = runToEnd(name);
        for (const { process, says } of step.expect) {
          if (process !== name) continue;
          for (const text of [says ?? []].flat()) assert.ok(stdout.includes(text), `${stdout}\n${stderr}`);
        }
      }
    } finally {
      for (const each of started) process.kill(-Number(each.pid), 'SIGKILL');
      own.release();
      rmSync(copy, { recursive: true, force: true });
    }
  });
}

/**
 * The step of the honest client, or, where a person must act in that, the first in which nobody must. Where a person acts
 * in all of them, what is left is that the servers start.
 */
function stepWithoutBrowser({ steps, exercise }: Lab): Pick<LabStep, 'servers' | 'run' | 'expect'> {
  const alone = steps.filter(({ run, worlds }) => !worlds && run.every((act) => typeof act === 'string'));
  const isHonest = ({ id }: LabStep) => id === exercise.honest;
  const servers = steps.find(isHonest)?.servers ?? [];
  return alone.find(isHonest) ?? alone[0] ?? { servers, run: [], expect: [] };
}

test('the programs of every variant of every lab are sound JavaScript with sound JSDoc types', () => {
  mkdirSync(path.join(root, '.build'), { recursive: true });
  // Inside the project, so that Node's types are found; each variant whole, as it would run.
  const folder = mkdtempSync(path.join(root, '.build/lab-types-'));
  try {
    for (const lesson of lessons) {
      for (const variant of variantsOf(lesson)) {
        for (const [file, content] of Object.entries(variantFiles(lesson, variant))) {
          const place = path.join(folder, lesson.slug, variant, file);
          mkdirSync(path.dirname(place), { recursive: true });
          writeFileSync(place, content);
        }
      }
    }
    const config = { extends: path.join(root, 'lessons/tsconfig.json'), include: ['**/*.js'] };
    writeFileSync(path.join(folder, 'tsconfig.json'), JSON.stringify(config));
    const tsc = path.join(root, 'node_modules/typescript/bin/tsc');
    const { stdout, status } = spawnSync(process.execPath, [tsc, '-p', folder], { encoding: 'utf8' });
    assert.equal(status, 0, stdout);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
