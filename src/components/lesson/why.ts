const escapeHtml = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** What else Markdown has: the text of a fix needs none of it, and nothing is to be shown as the marks it is written in. */
const unknown = /^\s*(?:[#>|]|[-+*] |\d+\. |```)|!?\[[^\]]*\]\(/m;

/**
 * `why.md` as HTML: paragraphs with `code`, _emphasis_ and **strong** words; everything else is text. Throws where the
 * author has used more, so that the build stops there.
 */
export function whyHtml(markdown: string, file: string): string {
  const found = unknown.exec(markdown);
  if (found)
    throw new Error(`${file}: paragraphs with code and emphasis only; "${found[0].trim()}" is more.`);
  const paragraphs = markdown.trim().split(/\n\s*\n/);
  return paragraphs.map((text) => `<p>${inlineHtml(text.replaceAll(/\s*\n\s*/g, ' '))}</p>`).join('');
}

/** Code first: what it holds is not emphasis. */
function inlineHtml(text: string): string {
  return escapeHtml(text)
    .split('`')
    .map((part, at) => (at % 2 === 1 ? `<code>${part}</code>` : emphasised(part)))
    .join('');
}

const emphasised = (text: string) =>
  text
    .replaceAll(/\*\*([^*]+)\*\*/g, '<strong>$1</strong>')
    .replaceAll(/(?<!\w)_([^_]+)_(?!\w)/g, '<em>$1</em>')
    .replaceAll(/\*([^*]+)\*/g, '<em>$1</em>');
