import type { Lab } from '../../lesson/index.ts';
import type { KnownSyntaxTable } from '../../sandbox/index.ts';

/** What the build writes beside the lesson's page as `lab.json`. */
export interface LabData {
  slug: string;
  lab: Lab;
  /** Names this state of the lesson's files: edits made to another state are offered a new start. */
  version: string;
  files: Record<string, string>;
  /** What the engine need not parse again. */
  syntax: KnownSyntaxTable;
  /** Files of the solution that differ, as text and as coloured HTML from the build. */
  solution: Record<string, { text: string; html: string }>;
}

/** Fetches it from beside the page. A failure is not kept: the network may come back. */
export async function fetchLabData(slug: string): Promise<LabData> {
  const response = await fetch(`/lessons/${slug}/lab.json`);
  if (!response.ok) throw new Error(`The lab could not be loaded: the server answered ${response.status}.`);
  return response.json();
}
