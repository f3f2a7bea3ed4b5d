/** Entry of the test runner's script, `.build/engine/test-runner.js`. Its modules are made when they are asked for. */
import type { TestRunnerEngine } from './index.ts';

const engine = (globalThis as unknown as { __handfastTestRunner__: TestRunnerEngine }).__handfastTestRunner__;

engine.handOver({
  test: () => require('test'),
  'test/reporters': () => require('test/reporters'),
});
