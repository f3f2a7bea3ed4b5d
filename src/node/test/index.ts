/** `node:test` and `node:test/reporters`: Node's own test runner, a piece of its own. Few programs ask for it. */
import type { Any } from '../current.ts';
import { internalBinding } from '../free-variables.ts';

/** What `require('node:test')` and `require('node:test/reporters')` give. */
export function testRunner(id: 'test' | 'test/reporters'): Any {
  internalBinding('util').getCallerLocation = callerLocation;
  return id === 'test' ? require('test') : require('test/reporters');
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
