/**
 * Code as HTML, coloured at build. Tokens become one-letter classes rather than inline styles: a page holds thousands
 * of them, and colours then follow the theme without a second copy.
 */
import { createCssVariablesTheme, createHighlighter, type ThemedToken } from 'shiki';

const theme = createCssVariablesTheme({ name: 'handfast', variablePrefix: '--code-' });
const highlighter = await createHighlighter({
  themes: [theme],
  langs: ['javascript', 'json', 'shellscript', 'http'],
});

const classes: Record<string, string> = {
  'var(--code-token-comment)': 't-c',
  'var(--code-token-keyword)': 't-k',
  'var(--code-token-string)': 't-s',
  'var(--code-token-string-expression)': 't-s',
  'var(--code-token-constant)': 't-n',
  'var(--code-token-function)': 't-f',
  'var(--code-token-punctuation)': 't-p',
};

export function languageOf(path: string): string {
  if (/\.(js|mjs|cjs)$/.test(path)) return 'javascript';
  if (/\.json$/.test(path)) return 'json';
  if (/\.sh$/.test(path)) return 'shellscript';
  return 'text';
}

const escapeHtml = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** One line's tokens; neighbours of one colour become one span, and spaces join whichever stands before them. */
function lineHtml(tokens: ThemedToken[]): string {
  const runs: { style: string; text: string }[] = [];
  for (const { content, color } of tokens) {
    const style = classes[color ?? ''] ?? '';
    const last = runs.at(-1);
    if (last && (last.style === style || content.trim() === '')) last.text += content;
    else runs.push({ style, text: content });
  }
  return runs
    .map(({ style, text }) => (style ? `<span class=${style}>${escapeHtml(text)}</span>` : escapeHtml(text)))
    .join('');
}

/** The inside of a `<code>` element; with `numbered`, each line is an element that a counter can number. */
export function highlight(code: string, language: string, { numbered = false } = {}): string {
  const text = code.replace(/\n$/, '');
  const lines = highlighter.codeToTokensBase(text, { lang: language as 'javascript', theme }).map(lineHtml);
  return numbered ? lines.map((line) => `<span class=l>${line}</span>`).join('\n') : lines.join('\n');
}
