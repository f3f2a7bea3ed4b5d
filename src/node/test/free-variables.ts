/** The free variables of Node's files inside the test runner's script: they come from the engine that evaluates it. */
import type { TestRunnerEngine } from './index.ts';

const engine = (globalThis as unknown as { __handfastTestRunner__: TestRunnerEngine }).__handfastTestRunner__;

export const { primordials, internalBinding, process } = engine;
export const requireFromEngine = engine.require;
