import type { Files } from '../../../node/host.ts';
import type { FollowAwaits, Runtime } from '../../../node/index.ts';
import { type CjsFunction, type CjsModule, CommonJs } from './commonjs.ts';
import { type Compiled, compileCommonJs } from './compile.ts';
import { createCompiledPackages } from './compiled-packages.ts';
import { EsLoader, requireCycle } from './es-loader.ts';
import { detectsAsModule, knowSyntax } from './known-syntax.ts';
import { createModuleBuiltin } from './module-builtin.ts';
import { commonJsSyntaxFrames } from './node-frames.ts';
import { PackageReader } from './package-json.ts';
import { toFileUrl } from './paths.ts';
import { handOver, type LoadedFile, runScript } from './scripts.ts';
import { installStackTraces, locateError, withDeepStacks } from './stack.ts';
import { locateInBrowser, makeSyntaxError, type SyntaxErrorPlace } from './syntax-error.ts';
import type { KnownSyntaxTable } from './syntax-table.ts';
import { setUncaughtContext } from './uncaught.ts';

export { isModuleNamespace } from './namespace.ts';
export { installStackTraces } from './stack.ts';
export { formatUncaught } from './uncaught.ts';

export interface LoaderOptions {
  readonly files: Pick<Files, 'read' | 'stat'>;
  readonly runtime: {
    isBuiltin(id: string): boolean;
    builtin(id: string): unknown;
    readonly builtinIds?: readonly string[];
    locateErrors?: Runtime['locateErrors'];
  };
  /**
   * Runs classic script text in the global scope (no `eval`: a blob and `importScripts`, or `vm` in tests). What it returns
   * is not used: the text hands its function over through a global that exists only meanwhile. A syntax error is thrown.
   */
  evaluate(script: string, name: string): unknown;
  /** Where a syntax error thrown by `evaluate` lies in its script, counted from 1, if the environment can tell. */
  locate?(error: unknown): SyntaxErrorPlace | undefined;
  /** What is known of files' syntax ahead: these are not parsed. */
  readonly syntax?: KnownSyntaxTable;
  /** Given for a program that names AsyncLocalStorage. */
  readonly follow?: FollowAwaits;
}

export interface Loader {
  /**
   * Runs a file as the program. A CommonJS file runs before this returns and what it throws is thrown here;
   * an ES module starts in a promise job and the promise tells how it ends.
   */
  runMain(path: string): Promise<void>;
  import(specifier: string, parentUrl: string): Promise<object>;
  /** Where the main module waits, when nothing is left that could end its waiting: an excerpt as above an error. */
  describeUnsettled(): string | undefined;
  createRequire(parentPath: string): NodeJS.Require;
}

/** Node's module loader: ES modules and CommonJS over a virtual file tree. */
export function createLoader(options: LoaderOptions): Loader {
  const { files, runtime } = options;
  knowSyntax(options.syntax ?? {});
  installStackTraces();
  runtime.locateErrors?.(locateError);
  let mainError: unknown;
  setUncaughtContext({
    inspect: (runtime.builtin('util') as { inspect(value: unknown, options: object): string }).inspect,
    endedMain: (error) => error === mainError,
  });
  const packages = new PackageReader(files);
  const run = (compiled: Compiled, file: Omit<LoadedFile, 'positions'>) =>
    runScript(options.evaluate, compiled, file);
  const compiledFile = createCompiledPackages(files, options.evaluate);
  const decoder = new TextDecoder();
  const process = () =>
    runtime.builtin('process') as Omit<NodeJS.Process, 'mainModule'> & { mainModule?: CjsModule };
  let mainUrl: string | undefined;
  let main: Promise<void> | undefined;

  const readText = (path: string): string => {
    const bytes = files.read(path);
    if (bytes) return decoder.decode(bytes);
    throw Object.assign(new Error(`ENOENT: no such file or directory, open '${path}'`), {
      errno: -2,
      code: 'ENOENT',
      syscall: 'open',
      path,
    });
  };
  const isBuiltin = (id: string) => id === 'module' || id === 'node:module' || runtime.isBuiltin(id);
  const builtin = (id: string): unknown =>
    id === 'module' || id === 'node:module' ? moduleBuiltin : runtime.builtin(id);
  const warn = (message: string, type?: string, code?: string) =>
    process().emitWarning(message, { type, code });
  const locate = options.locate ?? locateInBrowser;
  const syntaxError = (
    kind: 'module' | 'commonjs',
    error: unknown,
    source: string,
    name: string,
    frames: readonly string[],
  ) => makeSyntaxError(error, { kind, source, name, frames }, { evaluate: options.evaluate, locate });

  const commonJs: CommonJs = new CommonJs({
    packages,
    isBuiltin,
    builtin,
    readText,
    warn,
    compile(source, filename, format, startedBy) {
      const compiled = compiledFile(filename, source);
      if (format === undefined && !compiled && detectsAsModule(source)) {
        const scope = packages.scopeOf(filename);
        if (scope) esLoader.warnTypeless(toFileUrl(filename), scope.path);
        return null;
      }
      try {
        const file = { kind: 'commonjs', name: filename, source, startedBy } as const;
        const wrap = (compiled?.start(file) ??
          run(compileCommonJs(source, handOver, options.follow !== undefined), file)) as (
          importCall: unknown,
        ) => CjsFunction;
        return wrap(esLoader.importCall(toFileUrl(filename)));
      } catch (error) {
        throw withDeepStacks(() =>
          syntaxError('commonjs', error, source, filename, commonJsSyntaxFrames(startedBy)),
        );
      }
    },
    requireModule: (filename, source, _module, parent) =>
      esLoader.require(filename, source, commonJs.requireStack(parent)),
    startMain(filename) {
      main = startModule(filename);
    },
    setMain(module) {
      process().mainModule = module;
    },
    getMain: () => process().mainModule,
    assertNotInCycle(module, parent) {
      if (module.filename && esLoader.isEvaluating(module.filename)) {
        throw requireCycle(module.filename, parent?.filename ?? undefined, false);
      }
    },
  });
  const esLoader: EsLoader = new EsLoader({
    packages,
    run,
    commonJs,
    isBuiltin,
    builtin,
    readText,
    warn,
    syntaxError: (error, source, url, frames) => syntaxError('module', error, source, url, frames),
    detectsAsModule,
    compiledFile,
    follow: options.follow,
    mainUrl: () => mainUrl,
  });
  const moduleBuiltin = createModuleBuiltin(commonJs, esLoader, {
    isBuiltin,
    builtinIds: runtime.builtinIds ?? [],
  });

  async function startModule(path: string): Promise<void> {
    mainUrl = toFileUrl(path);
    try {
      await esLoader.import(mainUrl, mainUrl);
    } catch (error) {
      mainError = error;
      throw error;
    }
  }

  return {
    runMain(path) {
      const found = commonJs.resolveFrom(path, '/');
      const isModule =
        found?.endsWith('.mjs') ||
        (found !== undefined && !found.endsWith('.cjs') && packages.scopeOf(found)?.type === 'module');
      if (found !== undefined && isModule) return startModule(found);
      // A file that is not there is looked for as CommonJS, whatever it is called.
      commonJs.runMain(path);
      return main ?? Promise.resolve();
    },
    import: (specifier, parentUrl) => esLoader.import(specifier, parentUrl),
    describeUnsettled: () => (mainUrl === undefined ? undefined : esLoader.describeUnsettled(mainUrl)),
    createRequire: (parentPath) => commonJs.Module.createRequire(parentPath) as unknown as NodeJS.Require,
  };
}
