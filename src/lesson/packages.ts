import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { LabFiles } from './files.ts';
import { LessonError } from './lesson-error.ts';

/** What the project's `package.json` says about packages: those that it compiles for labs, and the versions it has. */
interface Project {
  labPackages: readonly string[];
  devDependencies: Readonly<Record<string, string>>;
}

/**
 * The packages that a lab's `package.json` names must be the ones the site brings, in the same exact versions, so that a
 * lab does the same in the page, on real Node.js here, and downloaded: there `npm ci` needs the lockfile. `folder` is that
 * of the lab, relative to `root`.
 */
export function checkPackages(root: string, files: LabFiles, folder: string): void {
  const { dependencies = {} } = json(files['package.json']);
  const wanted = Object.entries(dependencies as Record<string, string>);
  if (wanted.length === 0) return;
  const file = `${folder}/package.json`;
  const project: Project = json(readFileSync(path.join(root, 'package.json'), 'utf8'));
  for (const [name, version] of wanted) {
    const field = `dependencies.${name}`;
    if (!project.labPackages.includes(name)) {
      throw new LessonError({
        code: 'unknown-package',
        file,
        field,
        expected: `one of the packages that the site compiles for labs: ${project.labPackages.join(', ')}`,
        actual: `"${name}"`,
        remedy: "Add it to labPackages and devDependencies of the project's package.json, or do without.",
      });
    }
    const compiled = project.devDependencies[name];
    if (version !== compiled) {
      throw new LessonError({
        code: 'other-version',
        file,
        field,
        expected: `the exact version that the site compiles: "${compiled}"`,
        actual: `"${version}"`,
        remedy: 'Write that version here and in package-lock.json.',
      });
    }
  }
  checkLockfile(files, wanted, folder);
}

interface Lockfile {
  packages?: Record<string, { version?: string; integrity?: string; resolved?: string }>;
}

function checkLockfile(
  files: LabFiles,
  wanted: readonly (readonly [string, string])[],
  folder: string,
): void {
  const fault = (field: string, expected: string, actual: string) =>
    new LessonError({
      code: 'bad-lockfile',
      file: `${folder}/package-lock.json`,
      field,
      expected,
      actual,
      remedy: 'In a copy of the lab run: npm install --package-lock-only --omit-lockfile-registry-resolved',
    });
  if (!('package-lock.json' in files)) throw fault('', 'the lockfile that npm ci needs', 'no such file');
  const { packages = {} }: Lockfile = json(files['package-lock.json']);
  for (const [name, version] of wanted) {
    const field = `packages.node_modules/${name}`;
    const locked = packages[`node_modules/${name}`];
    if (locked?.version !== version || !locked.integrity)
      throw fault(field, `version ${version} with its integrity`, JSON.stringify(locked ?? 'nothing'));
  }
  // Without an address npm asks the registry that the reader's own npm uses.
  for (const [place, { resolved }] of Object.entries(packages)) {
    if (resolved !== undefined) throw fault(`packages.${place}.resolved`, 'no address', resolved);
  }
}

// biome-ignore lint/suspicious/noExplicitAny: its readers say what they look for.
const json = (source: string | Uint8Array | undefined): any =>
  JSON.parse(typeof source === 'string' ? source : '{}');
