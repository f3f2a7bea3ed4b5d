/** What a lab's browser prints and how it complains, said once for every engine. */

/**
 * Each is without its line feed. A page's own lines come before those of its scripts, whichever was quicker. What the
 * browser itself writes to the console is not printed, only what scripts do.
 */
export const lines = {
  /** After a navigation has loaded; the URL is the final one. Then title and text. */
  page: ({
    status,
    address,
    title,
    text,
  }: {
    status: number;
    address: string;
    title: string;
    text: string;
  }) => [`page: ${status} ${address}`, `title: ${title}`, ...textLines(text).map((line) => `text: ${line}`)],
  /** A fetch or XMLHttpRequest of a script; `outcome` is the status, or why there was none. */
  request: (method: string, url: string, outcome: number | 'cors' | 'network') =>
    `request: ${method} ${url} ${typeof outcome === 'number' ? outcome : `failed ${outcome}`}`,
  console: (text: string) => `console: ${text}`,
  /** `error` as Chromium says it: `Uncaught TypeError: …`, `Uncaught (in promise) …`. */
  scriptError: (error: string) => `script error: ${error}`,
  /** `error` is Chromium's name of a net error. */
  refused: (error: string, url: string) => `refused: ${error} ${url}`,
};

/** The lines of a body's `innerText` that are not empty. */
function textLines(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

const listed = (names: readonly string[]) =>
  names.length > 0 ? `it has ${names.map((name) => `"${name}"`).join(', ')}` : 'it has none';

/** What `perform` rejects with when the page lacks what the person looks for. */
export const complaints = {
  noField: (label: string, address: string, there: readonly string[]) =>
    `There is no field "${label}" on ${address}: ${listed(there)}.`,
  noControl: (text: string, address: string, there: readonly string[]) =>
    `There is no button or link "${text}" on ${address}: ${listed(there)}.`,
  noPage: (action: string) => `There is no page yet to ${action}.`,
};
