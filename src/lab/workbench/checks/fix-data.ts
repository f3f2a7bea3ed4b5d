/** A plausible but wrong repair, as the build writes it into `fixes.json` beside the lesson's page. */
export interface Fix {
  name: string;
  /** Only the files that differ from the start. */
  files: Record<string, string>;
  /** Why it is wrong, as HTML. */
  why: string;
}

let fetching: Promise<Fix[]> | undefined;

/** Fetches a lesson's fixes, once. A failure is not kept: the network may come back. */
export function fetchFixes(slug: string): Promise<Fix[]> {
  fetching ??= fetch(`/lessons/${slug}/fixes.json`).then((response) => {
    if (!response.ok) throw new Error(`The server answered ${response.status}.`);
    return response.json();
  });
  fetching.catch(() => {
    fetching = undefined;
  });
  return fetching;
}
