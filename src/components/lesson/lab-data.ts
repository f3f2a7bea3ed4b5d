import { createHash } from 'node:crypto';
import { type Lab, lessonSlugs as slugsIn } from '../../lesson/index.ts';
import { type KnownSyntaxTable, syntaxAhead } from '../../sandbox/syntax-ahead.ts';
import { highlight, languageOf } from './highlight.ts';
import { lessonFiles } from './lesson-files.ts';

export interface LabData {
  slug: string;
  lab: Lab;
  /** Names this state of the lesson's files: edits made to another state are offered a new start. */
  version: string;
  files: Record<string, string>;
  /** What the engine need not parse again: the programs among the files, of the solution and of the worlds. */
  syntax: KnownSyntaxTable;
  /** Files of the solution that differ, as text and as coloured HTML from the build. */
  solution: Record<string, { text: string; html: string }>;
  /** Files that differ in the fixes that worlds are made of, as text, by the fix's name. */
  fixes: Record<string, Record<string, string>>;
}

export const lessonSlugs = (): string[] => slugsIn(process.cwd());

export async function labData(slug: string): Promise<LabData> {
  const { lab, start, solution, fixes } = await lessonFiles(slug);
  const files = Object.fromEntries(start);
  return {
    slug,
    lab,
    version: createHash('sha256').update(JSON.stringify(files)).digest('base64url').slice(0, 16),
    files,
    syntax: syntaxAhead(programs([...start, ...solution, ...[...fixes.values()].flatMap((fix) => [...fix])])),
    solution: Object.fromEntries(
      [...solution].map(([path, text]) => [
        path,
        { text, html: highlight(text, languageOf(path), { numbered: true }) },
      ]),
    ),
    fixes: Object.fromEntries([...fixes].map(([name, files]) => [name, Object.fromEntries(files)])),
  };
}

const programs = (files: [path: string, text: string][]) =>
  files.filter(([path]) => /\.[cm]?js$/.test(path)).map(([, text]) => text);
