import path from 'node:path';

export const USAGE = `Usage: npm run --silent sandbox -- [--cwd DIR] [--timeout MS] ENTRY.js [args…]

Runs \`node ENTRY.js args…\` in the embedded engine, in a headless Chromium, with DIR (default: here) as its
working directory. Files the program writes stay in the sandbox.

  --cwd DIR      the folder that the sandbox gets a copy of
  --timeout MS   ends the program after that many milliseconds, with exit code 124 (default: 60000)
`;

export interface SandboxArguments {
  cwd: string;
  timeoutMs: number;
  entry: string;
  args: string[];
}

export class UsageError extends Error {}

const DEFAULT_TIMEOUT_MS = 60_000;

/** Reads the command line; everything after the entry belongs to the program. */
export function readArguments(words: readonly string[], here: string): SandboxArguments {
  const result = { cwd: here, timeoutMs: DEFAULT_TIMEOUT_MS };
  let index = 0;
  for (; index < words.length && words[index].startsWith('--'); index++) {
    const [option, inline] = splitOnce(words[index], '=');
    if (option === '--') {
      index++;
      break;
    }
    if (option !== '--cwd' && option !== '--timeout') throw new UsageError(`Unknown option: ${option}`);
    const value = inline ?? words[++index];
    if (value === undefined) throw new UsageError(`${option} needs a value`);
    if (option === '--cwd') result.cwd = path.resolve(here, value);
    else {
      result.timeoutMs = Number(value);
      if (!/^\d+$/.test(value) || result.timeoutMs === 0)
        throw new UsageError(`--timeout needs a number of milliseconds, not "${value}"`);
    }
  }
  const entry = words[index];
  if (entry === undefined) throw new UsageError('No ENTRY.js given');
  return { ...result, entry, args: words.slice(index + 1) };
}

function splitOnce(text: string, separator: string): [string, string | undefined] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
}
