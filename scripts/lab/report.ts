import type { CheckResult, Clause, PrepareResult, ProcessResult, StepResult } from '../../src/lab/index.ts';

/** What `--json` prints. */
export interface LabReport {
  lesson: string;
  engine: string;
  variant: string;
  contract: 'held' | 'broken';
  milliseconds: number;
  clauses: readonly Clause[];
  prepare: readonly PrepareResult[];
  steps: readonly StepResult[];
  checks: readonly CheckResult[];
}

/** The same for a person: what ran, what it printed, what was judged. */
export function printed(report: LabReport): string {
  const lines = [`${report.lesson}, ${report.variant}, on ${report.engine}`];
  for (const each of report.prepare) {
    const where = each.world === undefined ? '' : ` in ${each.world}`;
    lines.push('', `prepare ${each.name}${where}: ${Math.round(each.milliseconds)} ms`, ...shown(each));
  }
  for (const step of report.steps) {
    const verdict = { expected: 'as expected', solved: 'as solved', neither: 'NOT as expected' }[
      step.outcome
    ];
    lines.push('', `step ${step.id}: ${verdict}, ${Math.round(step.milliseconds)} ms`);
    if (step.fault) lines.push(`  ${step.fault}`);
    for (const each of step.processes) lines.push(...shown(each));
    for (const { met, world, words, expected, came } of step.verdicts) {
      lines.push(`  ${met ? 'seen' : 'MISSED'}${world === undefined ? '' : ` in ${world}`}: ${words}`);
      if (!met)
        lines.push(`    expected ${expected}`, `    came     ${came.replaceAll('\n', '\n             ')}`);
    }
  }
  lines.push('');
  for (const { name, state, message } of report.checks) {
    lines.push(`check ${name}: ${state}${message ? `\n  ${message.replaceAll('\n', '\n  ')}` : ''}`);
  }
  lines.push('', `contract ${report.contract}, ${report.milliseconds} ms`);
  for (const { claim, held, came } of report.clauses) {
    if (!held) lines.push(`  broken: ${claim}\n    ${came.replaceAll('\n', '\n    ')}`);
  }
  return `${lines.join('\n')}\n`;
}

function shown({ name, world, stdout, stderr, exit }: ProcessResult): string[] {
  const who = world === undefined ? name : `${world}: ${name}`;
  return [
    ...textLines(stdout).map((line) => `  ${who} | ${line}`),
    ...textLines(stderr).map((line) => `  ${who} ! ${line}`),
    ...(exit === undefined ? [] : [`  ${who} ended with ${exit}`]),
  ];
}

function textLines(text: string): string[] {
  return text === '' ? [] : text.replace(/\n$/, '').split('\n');
}
