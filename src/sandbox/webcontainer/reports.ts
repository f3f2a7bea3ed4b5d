/** What `inside/` reports of a process, in its standard output: the one way out of a container that keeps the order. */
export type Report =
  | { type: 'listen' | 'unlisten'; port: number; real: number }
  | { type: 'connection'; to: string; port: number; fromPort: number; status: 'open' | 'refused' };

/** An operating system command of a terminal, ended by BEL (ECMA-48 §8.3.89): were it shown, it would show as nothing. */
export const enclose = (mark: string, report: Report): string =>
  `\u001b]7733;${mark};${JSON.stringify(report)}\u0007`;

/**
 * Takes the reports out of a process's output, in whatever pieces it comes. Without a piece: the output is over, and what
 * looked like the beginning of a report was the program's own.
 */
export function separate(mark: string, onReport: (report: Report) => void): (text?: string) => string {
  const opening = `\u001b]7733;${mark};`;
  let rest = '';
  return (text) => {
    if (text === undefined) return rest.startsWith(opening) ? '' : rest;
    rest += text;
    let shown = '';
    for (;;) {
      const at = rest.indexOf(opening);
      if (at < 0) {
        const kept = startOf(opening, rest);
        shown += rest.slice(0, rest.length - kept);
        rest = rest.slice(rest.length - kept);
        return shown;
      }
      shown += rest.slice(0, at);
      rest = rest.slice(at);
      const end = rest.indexOf('\u0007');
      if (end < 0) return shown;
      onReport(JSON.parse(rest.slice(opening.length, end)));
      rest = rest.slice(end + 1);
    }
  };
}

/** How many characters at the end of the text may be the beginning of a report. */
function startOf(opening: string, text: string): number {
  for (let length = Math.min(opening.length - 1, text.length); length > 0; length -= 1) {
    if (text.endsWith(opening.slice(0, length))) return length;
  }
  return 0;
}
