/**
 * Reads what `node:test` prints with `--test-reporter=tap`: the outermost tests, each with its title and, when it
 * failed, the message. https://testanything.org/tap-version-14-specification.html
 */
export interface TestResult {
  title: string;
  /** A test that was skipped or is still to be done has not passed. */
  passed: boolean;
  message: string;
  /** Of an assertion that compared two values: which were to be equal, as `node:test` writes them down. */
  expected?: string;
  actual?: string;
}

const testLine = /^(ok|not ok) \d+ - (.*)$/;
const directive = /(?<!\\)#\s*(SKIP|TODO)\b.*$/i;

export function readTap(output: string): TestResult[] {
  const lines = output.split('\n');
  const results: TestResult[] = [];
  lines.forEach((line, index) => {
    const found = testLine.exec(line);
    // `node:test` writes a diagnosis under every result; a line without one was printed by a program.
    if (!found || lines[index + 1]?.trim() !== '---') return;
    const [, verdict, described] = found;
    const skipped = directive.exec(described);
    const diagnosed = diagnosis(lines, index + 1);
    results.push({
      title: described
        .replace(directive, '')
        .trimEnd()
        .replaceAll(/\\([\\#])/g, '$1'),
      passed: verdict === 'ok' && !skipped,
      message: skipped ? `not run: ${skipped[0]}` : (field(diagnosed, 'error') ?? ''),
      ...(!skipped && compared(diagnosed)),
    });
  });
  return results;
}

/** The lines between `---` and `...` that follow a test line, without their indentation. */
function diagnosis(lines: readonly string[], from: number): string[] {
  const margin = lines[from].indexOf('---');
  const end = lines.findIndex(
    (line, index) => index > from && line.slice(margin) === '...' && line.trim() === '...',
  );
  return lines.slice(from + 1, end < 0 ? undefined : end).map((line) => line.slice(margin));
}

/** `node:test` writes a text of one line as `util.inspect` quotes it. */
const escapes: Record<string, string> = { n: '\n', t: '\t', r: '\r', b: '\b', f: '\f', v: '\v' };

/** The two values of an assertion. That `assert.ok` wanted something true says nothing: its message does. */
function compared(diagnosis: readonly string[]): Pick<TestResult, 'expected' | 'actual'> {
  if (field(diagnosis, 'code') !== 'ERR_ASSERTION' || field(diagnosis, 'operator') === '==') return {};
  // An empty text is shown as one, not as nothing.
  const [expected, actual] = ['expected', 'actual'].map(
    (name) => field(diagnosis, name) || quotes(diagnosis, name),
  );
  return { ...(expected && { expected }), ...(actual && { actual }) };
}

const quotes = (diagnosis: readonly string[], name: string) =>
  diagnosis.includes(`${name}: ''`) ? "''" : undefined;

/** A field of the diagnosis: a quoted text, a block after `|-`, or an object whose entries stand below it. */
function field(diagnosis: readonly string[], name: string): string | undefined {
  const at = diagnosis.findIndex((line) => line.startsWith(`${name}:`));
  if (at < 0) return undefined;
  const value = diagnosis[at].slice(name.length + 1).trim();
  if (value === '' || value.startsWith('|')) {
    const rest = diagnosis.slice(at + 1);
    const end = rest.findIndex((line) => line !== '' && !line.startsWith('  '));
    const block = rest.slice(0, end < 0 ? undefined : end);
    return block
      .map((line) => line.slice(2))
      .join('\n')
      .trim();
  }
  if (value === '~') return 'null';
  const quoted = /^(['"`])([\s\S]*)\1$/.exec(value);
  if (quoted) return quoted[2].replaceAll(/\\(.)/g, (_, letter) => escapes[letter] ?? letter);
  return value;
}
