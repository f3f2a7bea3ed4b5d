import type { CommonJs } from './commonjs.ts';
import type { EsLoader } from './es-loader.ts';

/** What `require('node:module')` gives: the `Module` class with its static members. */
export function createModuleBuiltin(
  commonJs: CommonJs,
  esLoader: EsLoader,
  runtime: { isBuiltin(id: string): boolean; builtinIds: readonly string[] },
): unknown {
  const { Module } = commonJs;
  const builtinModules = ['module', ...runtime.builtinIds].filter((id) => !id.startsWith('node:')).sort();
  Object.assign(Module, {
    builtinModules: Object.freeze(builtinModules),
    isBuiltin: (id: unknown) => typeof id === 'string' && runtime.isBuiltin(id),
    syncBuiltinESMExports: () => esLoader.syncBuiltins(),
    findSourceMap: () => undefined,
    wrapper: ['(function (exports, require, module, __filename, __dirname) { ', '\n});'],
    wrap: (script: string) => (Module.wrapper as string[])[0] + script + (Module.wrapper as string[])[1],
    Module,
  });
  return Module;
}
