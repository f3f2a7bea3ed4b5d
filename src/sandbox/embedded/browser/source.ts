import { header } from './fetching.ts';
import type { NetworkResponse } from './network/client.ts';

/** The HTML to show for a response: its own, or its text in a `<pre>`, as browsers show what is no HTML. */
export function htmlOf(response: NetworkResponse): string {
  const type = header(response, 'content-type') ?? '';
  const text = decode(response.body, /charset\s*=\s*"?([\w-]+)/i.exec(type)?.[1]);
  const isHtml = /html/i.test(type) || (type === '' && /^\s*</.test(text));
  if (isHtml || text === '') return text;
  return `<!doctype html><body><pre>${text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')}</pre></body>`;
}

function decode(body: Uint8Array<ArrayBuffer>, charset = 'utf-8'): string {
  try {
    return new TextDecoder(charset).decode(body);
  } catch {
    return new TextDecoder().decode(body);
  }
}
