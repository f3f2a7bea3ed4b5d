import type { LabRun, ProcessResult } from '../../src/lab/index.ts';

/** What a run showed, in a form that two engines must agree on. */
export interface Transcript {
  steps: { step: string; state: string; outcome: string; verdicts: string[]; processes: ProcessLines[] }[];
  checks: string[];
  prepare: { name: string; exit?: number; lines: string[] }[];
}

interface ProcessLines {
  process: string;
  stdout: string[];
  stderr: string[];
  exit?: number;
}

/**
 * What differs from run to run, or from OpenSSL to us, and is no event: times, random values, OpenSSL's wording (its
 * codes stay) and the names of key-exchange groups.
 */
const INCIDENTAL: [RegExp, string][] = [
  [/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g, '<time>'],
  [/\b[12]\d{9}(\d{3})?\b/g, '<time>'],
  [/\b\d+(\.\d+)? ?ms\b/g, '<duration>'],
  [/\b[0-9A-Fa-f]{8}-([0-9A-Fa-f]{4}-){3}[0-9A-Fa-f]{12}\b/g, '<random>'],
  [/(?:[0-9A-F]{2}:){15,}[0-9A-F]{2}/g, '<random>'],
  [/\b(?=\w*\d)[0-9a-f]{16,}\b/g, '<random>'],
  // base64url of 16 bytes and more: words have not both cases within them at such a length
  [/(?<![\w-])(?=[\w-]*[A-Z])(?=[\w-]*[a-z])[\w-]{22,}/g, '<random>'],
  [/\b[0-9A-F]{8,}:error:[0-9A-F]{8}:.*|\berror:[0-9A-F]{8}:.*/g, '<OpenSSL>'],
  [/\b(X25519MLKEM768|X25519|x25519|secp256r1|prime256v1|P-256)\b/g, '<group>'],
];

export function linesOf(text: string): string[] {
  let settled = text;
  for (const [pattern, word] of INCIDENTAL) settled = settled.replaceAll(pattern, word);
  const lines = settled.split('\n');
  // What follows the last line feed is a line that was cut short, or none.
  return settled.endsWith('\n') ? lines.slice(0, -1) : lines;
}

/**
 * Both runs' transcripts. A server, and a browser, is stopped when its step is over, and may be cut short in one of them:
 * its lines are compared as far as both have them.
 */
export function transcripts(one: LabRun, other: LabRun): [Transcript, Transcript] {
  return [transcript(one, other), transcript(other, one)];
}

function transcript(run: LabRun, other: LabRun): Transcript {
  return {
    steps: run.steps.map(({ id, state, outcome, verdicts, processes }) => ({
      step: id,
      state,
      outcome,
      verdicts: verdicts.map(
        ({ met, words, world }) => `${world ?? ''} ${met ? 'seen' : 'missed'}: ${words}`,
      ),
      processes: processes.map((process) => processLines(process, counterpart(process, id, other))),
    })),
    checks: run.checks.map(({ name, state }) => `${name} ${state}`),
    prepare: [...(run.prepare ?? [])]
      .sort((one, other) => ((one.world ?? '') < (other.world ?? '') ? -1 : 1))
      .map(({ name, exit, stdout }) => ({ name, exit, lines: linesOf(stdout) })),
  };
}

function counterpart(process: ProcessResult, step: string, run: LabRun): ProcessResult | undefined {
  const found = run.steps.find(({ id }) => id === step);
  return found?.processes.find(({ name, world }) => name === process.name && world === process.world);
}

function processLines(process: ProcessResult, other: ProcessResult | undefined): ProcessLines {
  const { name, world, exit } = process;
  const both = (stream: 'stdout' | 'stderr') => {
    const lines = linesOf(process[stream]);
    if (exit !== undefined || other === undefined) return lines;
    return lines.slice(0, Math.min(lines.length, linesOf(other[stream]).length));
  };
  const who = world === undefined ? name : `${world}: ${name}`;
  return {
    process: who,
    stdout: both('stdout'),
    stderr: both('stderr'),
    ...(exit !== undefined && { exit }),
  };
}
