// "Download this lab" must give a project that works: each lab is complete by itself.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import ts from 'typescript';
import { actors, variantFiles, variantsOf } from '../../src/lesson/index.ts';
import { lessons, root } from './runs.ts';

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

  test(`${slug}: npm run works in a copy of the lab, with nothing else around`, async () => {
    const copy = mkdtempSync(path.join(tmpdir(), 'handfast-copy-'));
    cpSync(path.join(folder, 'lab'), copy, { recursive: true });
    const env = {
      PATH: `${path.dirname(process.execPath)}${path.delimiter}${process.env.PATH}`,
      HOME: copy,
      npm_config_update_notifier: 'false',
    };
    const processOf = (name: string) => lab.processes.find((each) => each.name === name);
    const honest = lab.steps.find(({ id }) => id === lab.exercise.honest);
    assert.ok(honest);
    const started = honest.servers.map((name) =>
      spawn('npm', ['run', '--silent', String(processOf(name)?.script)], { cwd: copy, env, detached: true }),
    );
    try {
      // Every server of a lab says when it is ready.
      for (const { stdout } of started) await once(stdout, 'data');
      for (const name of actors(honest.run)) {
        const script = String(processOf(name)?.script);
        const { stdout, stderr } = spawnSync('npm', ['run', '--silent', script], {
          cwd: copy,
          env,
          encoding: 'utf8',
        });
        for (const { process, says } of honest.expect) {
          if (process !== name) continue;
          for (const text of [says ?? []].flat()) assert.ok(stdout.includes(text), `${stdout}\n${stderr}`);
        }
      }
    } finally {
      for (const each of started) process.kill(-Number(each.pid), 'SIGKILL');
      rmSync(copy, { recursive: true, force: true });
    }
  });
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
