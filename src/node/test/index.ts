/**
 * `node:test` and `node:test/reporters`: Node's own test runner, in a script of its own that is loaded when a program
 * first asks for it. Few programs do, and it is a tenth of the engine.
 */

import { internalBinding } from '../bindings/index.ts';
import type { Any } from '../current.ts';
import { addModules } from '../modules.ts';
import { process } from '../process-object.ts';

/** What the script takes from the engine. It is a global for as long as the script is evaluated. */
export interface TestRunnerEngine {
  readonly primordials: Any;
  readonly internalBinding: (name: string) => Any;
  readonly process: Any;
  require(id: string): Any;
  /** Called by the script with its modules, still unmade. */
  handOver(modules: Record<'test' | 'test/reporters', () => Any>): void;
}

/** The build gives it to every file of src/node, as Node gives it to its own. */
declare const primordials: Any;

/** Name of that global. */
export const ENGINE_GLOBAL = '__handfastTestRunner__';

/** Node's files that the runner needs and the engine has anyway. */
const SHARED: Readonly<Record<string, () => Any>> = {
  assert: () => require('assert'),
  async_hooks: () => require('async_hooks'),
  diagnostics_channel: () => require('diagnostics_channel'),
  events: () => require('events'),
  fs: () => require('fs'),
  os: () => require('os'),
  path: () => require('path'),
  stream: () => require('stream'),
  timers: () => require('timers'),
  'timers/promises': () => require('timers/promises'),
  'internal/abort_controller': () => require('internal/abort_controller'),
  'internal/assert/utils': () => require('internal/assert/utils'),
  'internal/errors': () => require('internal/errors'),
  'internal/event_target': () => require('internal/event_target'),
  'internal/events/abort_listener': () => require('internal/events/abort_listener'),
  'internal/fs/utils': () => require('internal/fs/utils'),
  'internal/options': () => require('internal/options'),
  'internal/priority_queue': () => require('internal/priority_queue'),
  'internal/process/task_queues': () => require('internal/process/task_queues'),
  'internal/streams/readable': () => require('internal/streams/readable'),
  'internal/streams/transform': () => require('internal/streams/transform'),
  'internal/timers': () => require('internal/timers'),
  'internal/url': () => require('internal/url'),
  'internal/util': () => require('internal/util'),
  'internal/util/colors': () => require('internal/util/colors'),
  'internal/util/debuglog': () => require('internal/util/debuglog'),
  'internal/util/types': () => require('internal/util/types'),
  'internal/validators': () => require('internal/validators'),
};

/** Makes `node:test` available. `load` evaluates the script; it runs at most once. */
export function addTestRunner(load: () => void): void {
  let modules: Record<string, () => Any> | undefined;
  const runner = (id: 'test' | 'test/reporters') => () => {
    modules ??= loadModules(load);
    return modules[id]();
  };
  addModules({ test: runner('test'), 'test/reporters': runner('test/reporters') });
}

function loadModules(load: () => void): Record<string, () => Any> {
  let modules: Record<string, () => Any> | undefined;
  internalBinding('util').getCallerLocation = callerLocation;
  const engine: TestRunnerEngine = {
    primordials,
    internalBinding,
    process,
    require(id) {
      if (Object.hasOwn(SHARED, id)) return SHARED[id]();
      throw new Error(`The test runner asks for ${id}, which the engine does not share`);
    },
    handOver(given) {
      modules = given;
    },
  };
  Object.defineProperty(globalThis, ENGINE_GLOBAL, { value: engine, configurable: true });
  try {
    load();
  } finally {
    delete (globalThis as Any)[ENGINE_GLOBAL];
  }
  if (!modules) throw new Error("The test runner's script did not hand over its modules");
  return modules;
}

/** Line, column and file of the program's code that called into the library: the first frame a stack shows. */
function callerLocation(): [number, number, string] | undefined {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 20;
  const { stack } = new Error();
  Error.stackTraceLimit = limit;
  const [, file, line, column] =
    /^\s+at (?:.* \()?((?:file:|\/).*?):(\d+):(\d+)\)?$/m.exec(stack ?? '') ?? [];
  return file === undefined ? undefined : [Number(line), Number(column), file];
}
