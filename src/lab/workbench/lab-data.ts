import type { Lab, WorldFiles } from '../../lesson/index.ts';
import { fetchPreloaded, type KnownSyntaxTable, type NeededAhead } from '../../sandbox/index.ts';

/** What the build writes beside the lesson's page as `lab.json`. */
export interface LabData {
  slug: string;
  lab: Lab;
  /** Names this state of the lesson's files: edits made to another state are offered a new start. */
  version: string;
  files: Record<string, string>;
  /** What the engine need not parse again. */
  syntax: KnownSyntaxTable;
  /** What the engine will be asked for as soon as something runs. */
  needs: NeededAhead;
  /** Files of the solution that differ, as text and as coloured HTML from the build. */
  solution: Record<string, { text: string; html: string }>;
  /** Files that differ in the fixes that worlds are made of, as text, by the fix's name. */
  fixes: Record<string, Record<string, string>>;
  /** How many plausible fixes can be tried; they are in `fixes.json`. */
  fixCount: number;
}

/** The files of a world that does not have the reader's own. */
export function worldFiles(data: LabData, variant: Exclude<WorldFiles, 'yours'>): Record<string, string> {
  if (variant === 'lab') return data.files;
  if (variant !== 'solution') return { ...data.files, ...data.fixes[variant.slice('fixes/'.length)] };
  const solution = Object.entries(data.solution).map(([path, { text }]) => [path, text]);
  return { ...data.files, ...Object.fromEntries(solution) };
}

/** Fetches it from beside the page. A failure is not kept: the network may come back. */
export async function fetchLabData(slug: string): Promise<LabData> {
  const response = await fetchPreloaded(`/lessons/${slug}/lab.json`);
  if (!response.ok) throw new Error(`The lab could not be loaded: the server answered ${response.status}.`);
  return response.json();
}
