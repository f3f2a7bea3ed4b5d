import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { type Lab, lessonSlugs as slugsIn } from '../../lesson/index.ts';
import type { NeededAhead } from '../../sandbox/index.ts';
import { type CompiledPackage, neededAhead } from '../../sandbox/needed-ahead.ts';
import { type KnownSyntaxTable, syntaxAhead } from '../../sandbox/syntax-ahead.ts';
import { highlight, languageOf } from './highlight.ts';
import { lessonFiles } from './lesson-files.ts';
import { whyHtml } from './why.ts';

export interface LabData {
  slug: string;
  lab: Lab;
  /** Names this state of the lesson's files: edits made to another state are offered a new start. */
  version: string;
  files: Record<string, string>;
  /** What the engine need not parse again: the programs among the files, of the solution and of the worlds. */
  syntax: KnownSyntaxTable;
  /** What the engine will be asked for as soon as something runs. */
  needs: NeededAhead;
  /** Files of the solution that differ, as text and as coloured HTML from the build. */
  solution: Record<string, { text: string; html: string }>;
  /** Files that differ in the fixes that worlds are made of, as text, by the fix's name. */
  fixes: Record<string, Record<string, string>>;
  /** How many plausible fixes can be tried. */
  fixCount: number;
}

export const lessonSlugs = (): string[] => slugsIn(process.cwd());

export async function labData(slug: string): Promise<LabData> {
  const { lab, start, solution, fixes, wrong } = await lessonFiles(slug);
  const files = Object.fromEntries(start);
  const syntax = syntaxAhead(
    programs([...start, ...solution, ...[...fixes.values()].flatMap((fix) => [...fix])]),
  );
  const scripts = lab.processes.map(({ script }) => script);
  return {
    slug,
    lab,
    version: createHash('sha256').update(JSON.stringify(files)).digest('base64url').slice(0, 16),
    files,
    syntax,
    needs: await neededAhead(files, scripts, syntax, compiledPackage),
    solution: Object.fromEntries(
      [...solution].map(([path, text]) => [
        path,
        { text, html: highlight(text, languageOf(path), { numbered: true }) },
      ]),
    ),
    fixes: Object.fromEntries([...fixes].map(([name, files]) => [name, Object.fromEntries(files)])),
    fixCount: wrong.length,
  };
}

/** `fixes.json`: each plausible fix with its files and why it is wrong. */
export async function fixData(slug: string): Promise<object[]> {
  const { folder, wrong } = await lessonFiles(slug);
  return wrong.map(({ name, files, why }) => ({
    name,
    files: Object.fromEntries(files),
    why: whyHtml(why, `lessons/${folder}/fixes/${name}/why.md`),
  }));
}

/** As the site serves it to the engine. */
async function compiledPackage(name: string): Promise<CompiledPackage> {
  const file = path.join(process.cwd(), '.build/engine/packages', `${name.replace('/', '+')}.json`);
  return JSON.parse(readFileSync(file, 'utf8'));
}

const programs = (files: [path: string, text: string][]) =>
  files.filter(([path]) => /\.[cm]?js$/.test(path)).map(([, text]) => text);
