import type { FollowAwaits } from '../../../node/index.ts';
import { drawArrow, fromNode, locate, setArrow } from './arrows.ts';
import type { CommonJs } from './commonjs.ts';
import type { Compiled } from './compile.ts';
import { compileModule } from './compile.ts';
import type { CompiledFile, FindCompiled } from './compiled-packages.ts';
import { evaluate } from './evaluate.ts';
import { cjsExports, moduleSyntax } from './known-syntax.ts';
import { type Linker, link } from './link.ts';
import type { ModuleRequest, ModuleSyntax } from './module-syntax.ts';
import { createNamespace } from './namespace.ts';
import { nodeError } from './node-error.ts';
import {
  asyncRequireFrames,
  linkingFrames,
  loadingOrigin,
  requiredSyntaxFrames,
  resolvingOrigin,
  type StartedBy,
} from './node-frames.ts';
import type { PackageReader } from './package-json.ts';
import { directoryOf, extensionOf, resolvePath, toFileUrl, toPath } from './paths.ts';
import {
  type Binding,
  type ModuleBody,
  type ModuleRecord,
  type Resolution,
  SourceTextModule,
  SyntheticModule,
} from './records.ts';
import { resolveImport } from './resolve-import.ts';
import { handOver } from './scripts.ts';
import { setHeadFrames, withDeepStacks } from './stack.ts';

export interface EsLoaderHost {
  readonly packages: PackageReader;
  run(
    compiled: Compiled,
    file: { kind: 'module'; name: string; source: string; startedBy: StartedBy },
  ): unknown;
  readonly commonJs: CommonJs;
  isBuiltin(id: string): boolean;
  builtin(id: string): unknown;
  readText(path: string): string;
  /** Whether a file whose package says nothing about its type is an ES module. */
  detectsAsModule(source: string, path: string): boolean;
  readonly compiledFile: FindCompiled;
  warn(message: string, type?: string, code?: string): void;
  /** The error to throw for text that does not parse. */
  syntaxError(error: unknown, source: string, url: string, frames: readonly string[]): unknown;
  readonly follow?: FollowAwaits;
  mainUrl(): string | undefined;
}

type Format = 'module' | 'commonjs' | 'json' | 'builtin';
type ModuleFunction = (
  define: ((exports: Record<string, () => unknown>) => void) & { named(read: () => object): void },
  meta: object,
  importCall: (specifier: unknown, options?: unknown) => Promise<object>,
  imports: () => Record<string, unknown>,
  scope: object,
) => ModuleBody;

/** Loads, links and evaluates ES modules; the bridge between them and everything else that can be imported. */
export class EsLoader implements Linker {
  readonly #host: EsLoaderHost;
  readonly #modules = new Map<string, ModuleRecord>();
  readonly #builtins = new Map<string, SyntheticModule>();

  constructor(host: EsLoaderHost) {
    this.#host = host;
  }

  resolve(specifier: string, parentUrl: string): string {
    const { packages, commonJs } = this.#host;
    return resolveImport(
      {
        packages,
        isBuiltin: (id) => this.#host.isBuiltin(id),
        resolveAsCommonJs: (request, parent) => commonJs.resolveFrom(request, parent),
      },
      specifier,
      parentUrl,
    );
  }

  async import(
    specifier: string,
    parentUrl: string,
    attributes: ModuleRequest['attributes'] = {},
  ): Promise<object> {
    // Even what needs no waiting starts in a promise job, as in Node.
    await undefined;
    const startedBy = specifier === this.#host.mainUrl() && parentUrl === specifier ? 'main' : 'import';
    const module = this.#prepare(specifier, parentUrl, attributes, startedBy);
    try {
      await evaluate(module);
    } catch (error) {
      throw this.#explain(error, module);
    }
    return module.namespace;
  }

  /**
   * `import()` in a module or a CommonJS file, and what follows awaiting with it. Not `async` itself: a stack is followed
   * through one promise, not two.
   */
  importCall(parentUrl: string): (specifier: unknown, options?: unknown) => Promise<object> {
    const call = (specifier: unknown, options?: unknown) => {
      try {
        return this.import(`${specifier}`, parentUrl, readAttributes(options));
      } catch (error) {
        return Promise.reject(error);
      }
    };
    return Object.assign(call, this.#host.follow);
  }

  /** `require()` of an ES module. Its graph must not wait for anything. */
  require(filename: string, source: string, requireStack: string[]): unknown {
    const url = toFileUrl(filename);
    const key = moduleKey(url, {});
    this.#startedBy = 'require';
    if (!this.#modules.has(key)) this.#remember(key, () => this.#parse(url, source));
    const module = this.#prepare(url, url, {}, 'require') as SourceTextModule;
    if (module.status === 'evaluating') throw requireCycle(filename, requireStack[0], true);
    if (waitsSomewhere(module, new Set())) {
      let message =
        'require() cannot be used on an ESM graph with top-level await. Use import() instead. To see where the' +
        ` top-level await comes from, use --experimental-print-required-tla.\nRequired module: ${filename}`;
      if (requireStack.length > 0) message += `\nRequire stack:\n- ${requireStack.join('\n- ')}`;
      const error = nodeError('ERR_REQUIRE_ASYNC_MODULE', message);
      Object.defineProperty(error, 'requireStack', {
        value: requireStack,
        configurable: true,
        writable: true,
      });
      setHeadFrames(error, asyncRequireFrames());
      throw error;
    }
    // Nothing in the graph waits, so the promise is settled already; its error is thrown here instead.
    evaluate(module).catch(() => {});
    if (module.error) throw this.#explain(module.error.value, module);
    return exportsForRequire(module);
  }

  /** The place where a module that never finishes waits, as an excerpt of its text. */
  describeUnsettled(url: string): string | undefined {
    const seen = new Set<ModuleRecord>();
    const find = (module: ModuleRecord | undefined): SourceTextModule | undefined => {
      if (!(module instanceof SourceTextModule) || seen.has(module)) return undefined;
      seen.add(module);
      if (module.status !== 'evaluating-async') return undefined;
      for (const requested of module.requested ?? []) {
        const found = find(requested);
        if (found) return found;
      }
      return module;
    };
    const module = find(this.#modules.get(moduleKey(url, {})));
    if (module?.syntax.lastAwait === undefined) return undefined;
    const { line, column } = locate(module.syntax.source, module.syntax.lastAwait);
    return drawArrow(module.url, module.syntax.source, line, column);
  }

  isEvaluating(filename: string): boolean {
    const module = this.#modules.get(moduleKey(toFileUrl(filename), {}));
    return module instanceof SourceTextModule && module.status === 'evaluating';
  }

  /** `module.syncBuiltinESMExports()`. */
  syncBuiltins(): void {
    for (const module of this.#builtins.values()) module.refresh();
  }

  /** Whether an `import` declaration or an `import()` asks for what is being loaded. */
  #how: 'static' | 'dynamic' = 'dynamic';

  /** Why the graph at hand is being loaded: it decides the frames that errors show. */
  #startedBy: StartedBy = 'import';

  /** Everything before the first line of the program's code runs: no code of the program is called in it. */
  #prepare(
    specifier: string,
    parentUrl: string,
    attributes: ModuleRequest['attributes'],
    startedBy: StartedBy,
  ): ModuleRecord {
    this.#startedBy = startedBy;
    return withDeepStacks(() => {
      const url = this.#resolveFor(specifier, parentUrl, 'dynamic');
      const module = this.#load(url, attributes, 'dynamic');
      this.#loadGraph(module);
      link(module, this);
      return module;
    });
  }

  #resolveFor(specifier: string, parentUrl: string, how: 'static' | 'dynamic'): string {
    try {
      return this.resolve(specifier, parentUrl);
    } catch (error) {
      const { code, url } = error as { code?: string; url?: string };
      if (code === undefined) throw error;
      throw fromNode(error as Error, resolvingOrigin(code, code === 'ERR_MODULE_NOT_FOUND' && !url, how));
    }
  }

  /** Resolves each module's requests before it loads any of them, breadth first: the order in which Node finds errors. */
  #loadGraph(root: ModuleRecord): void {
    const queue = [root];
    for (const module of queue) {
      if (!(module instanceof SourceTextModule) || module.requested) continue;
      const urls = module.syntax.requests.map(({ specifier }) =>
        this.#resolveFor(specifier, module.url, 'static'),
      );
      const requested = urls.map((url, index) =>
        this.#load(url, module.syntax.requests[index].attributes, 'static'),
      );
      queue.push(...requested);
      module.requested = requested;
    }
  }

  #load(url: string, attributes: ModuleRequest['attributes'], how: 'static' | 'dynamic'): ModuleRecord {
    const key = moduleKey(url, attributes);
    this.#how = how;
    try {
      if (url.startsWith('node:')) {
        checkAttributes(url, 'builtin', attributes);
        return this.#builtin(url);
      }
      return this.#modules.get(key) ?? this.#remember(key, () => this.#loadFile(url, attributes));
    } catch (error) {
      const { code } = error as { code?: string };
      throw code === undefined ? error : fromNode(error as Error, loadingOrigin(code, how));
    }
  }

  /** Only what loads is remembered: an import that failed is tried again, as in Node. */
  #remember(key: string, load: () => ModuleRecord): ModuleRecord {
    const module = load();
    this.#modules.set(key, module);
    return module;
  }

  #loadFile(url: string, attributes: ModuleRequest['attributes']): ModuleRecord {
    const { protocol, pathname } = new URL(url);
    let source: string;
    let format: Format;
    if (protocol === 'file:') {
      source = this.#host.readText(toPath(url));
      format = this.#formatOf(url, source);
    } else if (protocol === 'data:') {
      ({ source, format } = readDataUrl(url, pathname));
    } else {
      throw nodeError(
        'ERR_UNSUPPORTED_ESM_URL_SCHEME',
        `Only URLs with a scheme in: ${/^https?:$/.test(protocol) ? 'file and data' : 'file, data, and node'} are supported by the default ESM loader. Received protocol '${protocol}'`,
      );
    }
    checkAttributes(url, format, attributes);
    if (format === 'json') return this.#json(url, source);
    if (format === 'commonjs') return this.#commonJs(url, source);
    return this.#parse(url, source);
  }

  #formatOf(url: string, source: string): Format {
    const path = toPath(url);
    const extension = extensionOf(path);
    if (extension === '.mjs') return 'module';
    if (extension === '.cjs') return 'commonjs';
    if (extension === '.json') return 'json';
    if (extension !== '.js' && extension !== '') {
      throw nodeError('ERR_UNKNOWN_FILE_EXTENSION', `Unknown file extension "${extension}" for ${path}`, {
        base: TypeError,
      });
    }
    const scope = this.#host.packages.scopeOf(path);
    if (scope && scope.type !== 'none') return scope.type;
    const compiled = this.#host.compiledFile(path, source);
    if (compiled ? compiled.exports : !this.#host.detectsAsModule(source, path)) return 'commonjs';
    if (extension === '.js' && scope) this.warnTypeless(url, scope.path);
    return 'module';
  }

  readonly #warnedTypeless = new Set<string>();

  warnTypeless(url: string, packagePath: string): void {
    if (url.includes('/node_modules/') || this.#warnedTypeless.has(packagePath)) return;
    this.#warnedTypeless.add(packagePath);
    this.#host.warn(
      `Module type of ${url} is not specified and it doesn't parse as CommonJS.\n` +
        'Reparsing as ES module because module syntax was detected. This incurs a performance overhead.\n' +
        `To eliminate this warning, add "type": "module" to ${packagePath}.`,
      undefined,
      'MODULE_TYPELESS_PACKAGE_JSON',
    );
  }

  #parse(url: string, source: string): SourceTextModule {
    let syntax: ModuleSyntax;
    try {
      const known = this.#compiled(url, source)?.syntax;
      syntax = known ? { ...known, source } : moduleSyntax(source);
    } catch (error) {
      throw this.#host.syntaxError(error, source, url, this.#syntaxFrames());
    }
    return new SourceTextModule(url, syntax);
  }

  #compiled(url: string, source: string): CompiledFile | undefined {
    return url.startsWith('file:') ? this.#host.compiledFile(toPath(url), source) : undefined;
  }

  /** Says more about `require is not defined` and its like. Node's words. */
  #explain(error: unknown, module: ModuleRecord): unknown {
    if (!(error instanceof ReferenceError) || !(module instanceof SourceTextModule)) return error;
    const [, name] =
      /^(require|module|exports|__filename|__dirname) is not defined$/.exec(error.message) ?? [];
    if (!name) return error;
    if (waitsSomewhere(module, new Set())) {
      error.message = `Cannot determine intended module format because both '${name}' and top-level await are present. If the code is intended to be CommonJS, wrap await in an async function. If the code is intended to be an ES module, ${ADVICE[name]}.`;
      (error as Error & { code?: string }).code = 'ERR_AMBIGUOUS_MODULE_SYNTAX';
      return error;
    }
    error.message += ' in ES module scope';
    if (name === 'require') error.message += ', you can use import instead';
    const scope = /^file:[^?#]*\.js(?:[?#]|$)/.test(module.url)
      ? this.#host.packages.scopeOf(toPath(module.url))
      : undefined;
    if (scope?.type === 'module') {
      error.message +=
        "\nThis file is being treated as an ES module because it has a '.js' file extension and " +
        `'${scope.path}' contains "type": "module". To treat it as a CommonJS script, rename it to use the '.cjs' file extension.`;
    }
    return error;
  }

  #syntaxFrames(): readonly string[] {
    return this.#startedBy === 'require'
      ? requiredSyntaxFrames()
      : (loadingOrigin('syntax', this.#how)?.frames ?? []);
  }

  #builtin(url: string): SyntheticModule {
    const known = this.#builtins.get(url);
    if (known) return known;
    if (!this.#host.isBuiltin(url)) {
      throw nodeError('ERR_UNKNOWN_BUILTIN_MODULE', `No such built-in module: ${url}`);
    }
    const exports = this.#host.builtin(url) as Record<string, unknown>;
    const names = Object.keys(exports);
    const module = new SyntheticModule(url, 'builtin', [...names, 'default'], (set) => {
      for (const name of names) {
        // A getter may load another part of the library, or warn: only a program that uses the name should see that.
        const property = Object.getOwnPropertyDescriptor(exports, name);
        const value = property?.value;
        set(name, property?.get ? () => exports[name] : () => value);
      }
      set('default', () => exports);
    });
    this.#builtins.set(url, module);
    return module;
  }

  #json(url: string, source: string): SyntheticModule {
    const path = url.startsWith('file:') ? toPath(url) : url;
    const cached = this.#host.commonJs.Module._cache[path];
    let value: unknown;
    if (cached?.loaded) value = cached.exports;
    else {
      try {
        value = JSON.parse(source);
      } catch (error) {
        (error as Error).message = `${path}: ${(error as Error).message}`;
        throw fromNode(error as Error, loadingOrigin('json', this.#how));
      }
    }
    return new SyntheticModule(url, 'json', ['default'], (set) => set('default', () => value));
  }

  #commonJs(url: string, source: string): SyntheticModule {
    const path = toPath(url);
    const names = this.#cjsNames(path, source, new Set());
    return new SyntheticModule(url, 'commonjs', [...names, 'default', 'module.exports'], (set) => {
      const { exports } = this.#host.commonJs.load(path);
      if ((typeof exports === 'object' && exports !== null) || typeof exports === 'function') {
        for (const name of names) {
          if (!Object.hasOwn(exports, name)) continue;
          try {
            const value = (exports as Record<string, unknown>)[name];
            set(name, () => value);
          } catch {
            // A getter that throws leaves the name undefined, as in Node.
          }
        }
      }
      set('default', () => exports);
      set('module.exports', () => exports);
    });
  }

  #cjsNames(path: string, source: string, seen: Set<string>): Set<string> {
    seen.add(path);
    const { names, reexports } = this.#host.compiledFile(path, source)?.exports ?? cjsExports(source);
    const found = new Set(names);
    for (const specifier of reexports) {
      const target = this.#host.commonJs.resolveFrom(specifier, path);
      if (target === undefined || seen.has(target) || !/^(?:|\.c?js)$/.test(extensionOf(target))) continue;
      for (const name of this.#cjsNames(target, this.#host.readText(target), seen)) found.add(name);
    }
    found.delete('default');
    found.delete('module.exports');
    return found;
  }

  /** Compiles a module now that its imports are known, and runs it to where its exports are declared. */
  instantiate(module: SourceTextModule, imports: ReadonlyMap<string, Binding>): void {
    const isConstant = (local: string) => !module.inCycle && (imports.get(local) as Binding).constant;
    const { source } = module.syntax;
    const file = { kind: 'module', name: module.url, source, startedBy: this.#startedBy } as const;
    let start: ModuleFunction;
    try {
      start = (this.#compiled(module.url, source)?.start(file) ??
        this.#host.run(
          compileModule(module.syntax, handOver, isConstant, this.#host.follow !== undefined),
          file,
        )) as ModuleFunction;
    } catch (error) {
      throw this.#host.syntaxError(error, module.syntax.source, module.url, this.#syntaxFrames());
    }
    const define = Object.assign(
      (exports: Record<string, () => unknown>) => {
        Object.assign(module.locals, exports);
      },
      { named: nameDefault },
    );
    const body = start.call(
      undefined,
      define,
      this.#meta(module.url),
      this.importCall(module.url),
      () =>
        Object.fromEntries(
          [...imports].map(([local, binding]) => [local, isConstant(local) ? binding.read() : undefined]),
        ),
      createScope(imports),
    );
    module.body = body;
    body.next();
  }

  #meta(url: string): object {
    const meta: Record<string, unknown> = Object.create(null);
    if (url.startsWith('file:')) {
      meta.dirname = directoryOf(toPath(url));
      meta.filename = resolvePath('/', toPath(url));
    }
    meta.main = url === this.#host.mainUrl();
    meta.resolve = (specifier: unknown): string => {
      try {
        return this.resolve(`${specifier}`, url);
      } catch (error) {
        const { code, url: found } = error as { code?: string; url?: string };
        if (found && (code === 'ERR_MODULE_NOT_FOUND' || code === 'ERR_UNSUPPORTED_DIR_IMPORT')) return found;
        throw error;
      }
    };
    Object.defineProperty(meta.resolve, 'name', { value: 'resolve' });
    meta.url = url;
    return meta;
  }

  unresolvable(
    module: SourceTextModule,
    target: { request: number; imported: string; start: number; end: number },
    resolution: Exclude<Resolution, Binding>,
  ): Error {
    const { specifier } = module.syntax.requests[target.request];
    const { line, column } = locate(module.syntax.source, target.start);
    const arrow = drawArrow(module.url, module.syntax.source, line, column, target.end - target.start);
    let message = `The requested module '${specifier}' does not provide an export named '${target.imported}'`;
    const requested = module.requested?.[target.request];
    const isCommonJs = requested instanceof SyntheticModule && requested.kind === 'commonjs';
    if (resolution === 'ambiguous') {
      message = `The requested module '${specifier}' contains conflicting star exports for name '${target.imported}'`;
    } else if (isCommonJs && this.#startedBy !== 'require') {
      const [names] = /\{.*\}/.exec(arrow.split('\n')[1]) ?? [];
      const destructuring = names ? `const ${names.replace(/\s+as\s+/g, ': ')} = pkg;\n` : '';
      message =
        `Named export '${target.imported}' not found. The requested module '${specifier}' is a CommonJS module, which` +
        ' may not support all module.exports as named exports.\nCommonJS modules can always be imported via the' +
        ` default export, for example using:\n\nimport pkg from '${specifier}';\n${destructuring}`;
    }
    const error = new SyntaxError(message);
    setArrow(error, arrow);
    setHeadFrames(error, linkingFrames(this.#startedBy));
    if (this.#startedBy !== 'require') error.stack = arrow + error.stack;
    return error;
  }
}

const ADVICE: Record<string, string> = {
  require: 'replace require() with import',
  module: 'use export instead of module.exports/exports',
  exports: 'use export instead of module.exports/exports',
  __filename: 'use import.meta.filename instead',
  __dirname: 'use import.meta.dirname instead',
};

function moduleKey(url: string, attributes: ModuleRequest['attributes']): string {
  return attributes.type === undefined ? url : `${attributes.type}:${url}`;
}

/** Setters throw what V8 throws for an assignment to an import; getters read the live binding. */
function createScope(imports: ReadonlyMap<string, Binding>): object {
  const scope = Object.create(null);
  for (const [local, binding] of imports) {
    Object.defineProperty(scope, local, {
      get: binding.read,
      set: () => {
        throw new TypeError('Assignment to constant variable.');
      },
    });
  }
  return scope;
}

/** An anonymous function or class that is exported as default is called "default". ECMA-262 §16.2.3.7. */
function nameDefault(read: () => object): void {
  const value = read();
  const name = Object.getOwnPropertyDescriptor(value, 'name');
  if (name?.configurable && typeof name.value === 'string') {
    Object.defineProperty(value, 'name', { ...name, value: 'default' });
  }
}

function waitsSomewhere(module: ModuleRecord, seen: Set<ModuleRecord>): boolean {
  if (seen.has(module) || !(module instanceof SourceTextModule)) return false;
  seen.add(module);
  return (
    module.syntax.hasTopLevelAwait || (module.requested ?? []).some((child) => waitsSomewhere(child, seen))
  );
}

/** What `require()` gives for an ES module: its namespace, marked for transpiled code if it has a default export. */
function exportsForRequire(module: ModuleRecord): unknown {
  const names = module.exportedNames();
  if (names.includes('module.exports'))
    return (module.namespace as Record<string, unknown>)['module.exports'];
  if (!names.includes('default') || names.includes('__esModule')) return module.namespace;
  const bindings = new Map<string, () => unknown>([['__esModule', () => true]]);
  for (const name of names) {
    const resolution = module.resolveExport(name);
    if (typeof resolution !== 'string') bindings.set(name, resolution.read);
  }
  return createNamespace(bindings);
}

/** An ES module is required again while it runs. `explained` is for the module's own file, not for its cached `module`. */
export function requireCycle(filename: string, parent: string | undefined, explained: boolean): Error {
  let message = `Cannot require() ES Module ${filename} in a cycle.`;
  if (parent !== undefined) message += ` (from ${parent})`;
  if (explained) {
    message +=
      ' A cycle involving require(esm) is not allowed to maintain invariants mandated by the ECMAScript specification.' +
      ' Try making at least part of the dependency in the graph lazily loaded.';
  }
  return nodeError('ERR_REQUIRE_CYCLE_MODULE', message);
}

/** The second argument of `import()`: `{ with: { type: 'json' } }`. */
function readAttributes(options: unknown): Record<string, string> {
  if (options === undefined) return {};
  if (typeof options !== 'object' || options === null) {
    throw new TypeError('The second argument of import() must be an object');
  }
  const attributes = (options as { with?: unknown }).with;
  if (attributes === undefined) return {};
  if (typeof attributes !== 'object' || attributes === null) {
    throw new TypeError("The 'options' argument of import() must be an object");
  }
  for (const value of Object.values(attributes)) {
    if (typeof value !== 'string') throw new TypeError('Import attribute value must be a string');
  }
  return { ...(attributes as Record<string, string>) };
}

/** Node's `validateAttributes`: `type: 'json'` for JSON and for nothing else. */
function checkAttributes(url: string, format: Format, attributes: ModuleRequest['attributes']): void {
  const fail = (code: string, message: string) => nodeError(code, message, { base: TypeError });
  for (const [key, value] of Object.entries(attributes)) {
    if (key === 'type') continue;
    throw fail(
      'ERR_IMPORT_ATTRIBUTE_UNSUPPORTED',
      `Import attribute "${key}" with value "${value}" is not supported in ${url}`,
    );
  }
  const { type } = attributes;
  if (format === 'json' ? type === 'json' : type === undefined) return;
  if (type === undefined) {
    throw fail('ERR_IMPORT_ATTRIBUTE_MISSING', `Module "${url}" needs an import attribute of "type: json"`);
  }
  if (type !== 'json') {
    throw fail(
      'ERR_IMPORT_ATTRIBUTE_UNSUPPORTED',
      `Import attribute "type" with value "${type}" is not supported in ${url}`,
    );
  }
  throw fail('ERR_IMPORT_ATTRIBUTE_TYPE_INCOMPATIBLE', `Module "${url}" is not of type "${type}"`);
}

function readDataUrl(url: string, pathname: string): { source: string; format: Format } {
  const match = /^([^/]+\/[^;,]+)[^,]*?(;base64)?,([\s\S]*)$/.exec(pathname);
  const mime = match?.[1] ?? '';
  const format = /^(?:text|application)\/javascript$/i.test(mime)
    ? 'module'
    : mime === 'application/json'
      ? 'json'
      : null;
  if (!match || !format) {
    throw nodeError('ERR_UNKNOWN_MODULE_FORMAT', `Unknown module format: ${mime} for URL ${url}`, {
      base: RangeError,
    });
  }
  const body = decodeURIComponent(match[3] + new URL(url).search);
  if (!match[2]) return { source: body, format };
  const bytes = Uint8Array.from(atob(body), (character) => character.charCodeAt(0));
  return { source: new TextDecoder().decode(bytes), format };
}
