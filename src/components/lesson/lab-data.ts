import { createHash } from 'node:crypto';
import type { Lab } from '../../lesson/index.ts';
import { highlight, languageOf } from './highlight.ts';
import { filesOf, lessonFiles } from './lesson-files.ts';

export interface LabData {
  slug: string;
  lab: Lab;
  /** Names this state of the lesson's files: edits made to another state are offered a new start. */
  version: string;
  files: Record<string, string>;
  /** Files of the solution that differ, as text and as coloured HTML from the build. */
  solution: Record<string, { text: string; html: string }>;
}

export const lessonSlugs = (): string[] => [...lessonFiles.keys()];

export function labData(slug: string): LabData {
  const { lab, start, solution } = filesOf(slug);
  const files = Object.fromEntries(start);
  return {
    slug,
    lab,
    version: createHash('sha256').update(JSON.stringify(files)).digest('base64url').slice(0, 16),
    files,
    solution: Object.fromEntries(
      [...solution].map(([path, text]) => [
        path,
        { text, html: highlight(text, languageOf(path), { numbered: true }) },
      ]),
    ),
  };
}
