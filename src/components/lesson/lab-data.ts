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
  /** What the engine need not parse again: the programs among the files, and those of the solution. */
  syntax: KnownSyntaxTable;
  /** Files of the solution that differ, as text and as coloured HTML from the build. */
  solution: Record<string, { text: string; html: string }>;
}

export const lessonSlugs = (): string[] => slugsIn(process.cwd());

export async function labData(slug: string): Promise<LabData> {
  const { lab, start, solution } = await lessonFiles(slug);
  const files = Object.fromEntries(start);
  return {
    slug,
    lab,
    version: createHash('sha256').update(JSON.stringify(files)).digest('base64url').slice(0, 16),
    files,
    syntax: syntaxAhead(programs([...start, ...solution])),
    solution: Object.fromEntries(
      [...solution].map(([path, text]) => [
        path,
        { text, html: highlight(text, languageOf(path), { numbered: true }) },
      ]),
    ),
  };
}

const programs = (files: [path: string, text: string][]) =>
  files.filter(([path]) => /\.[cm]?js$/.test(path)).map(([, text]) => text);
