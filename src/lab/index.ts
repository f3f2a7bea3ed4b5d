/** The door of this folder: running a lab. The workbench, which shows a run in the page, has its own (`workbench/`). */
export { CHECKS_PROCESS, type CheckResult } from './checks.ts';
export type { Clock } from './clock.ts';
export { type Clause, judgeContract, type LabRun } from './contract.ts';
export type { PrepareResult, ProcessResult, RunnerEvent, RunState, StepResult } from './events.ts';
export { isBreach, type Verdict } from './judge.ts';
export { createRunner, type Runner, type RunnerOptions } from './runner.ts';
export { treeOf } from './tree.ts';
