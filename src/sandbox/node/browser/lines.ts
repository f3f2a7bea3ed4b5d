/** The lines that a browser prints. */

/** A page that has loaded: its status, its title and each line of its text. */
export function page(status: number, address: string, title: string, text: string): string[] {
  const words = text.split('\n').map((line) => line.trim());
  return [
    `page: ${status} ${address}`,
    `title: ${title}`,
    ...words.filter(Boolean).map((line) => `text: ${line}`),
  ];
}

/** A page that did not come; `code` is Chromium's name of the net error. */
export function refused(code: string, address: string): string {
  return `refused: ${code} ${address}`;
}

/** What a script asked for: the status of the reply, or why there is none. */
export function request(method: string, url: string, outcome: number | 'cors' | 'network'): string {
  return `request: ${method} ${url} ${typeof outcome === 'number' ? outcome : `failed ${outcome}`}`;
}

export function console(text: readonly string[]): string {
  return `console: ${text.join(' ')}`;
}

export function scriptError(message: string): string {
  return `script error: ${message}`;
}
