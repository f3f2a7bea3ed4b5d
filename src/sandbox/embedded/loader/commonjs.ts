import { fromNode } from './arrows.ts';
import { nodeError } from './node-error.ts';
import { commonJsJsonFrames, requireOrigin, type StartedBy } from './node-frames.ts';
import type { PackageReader } from './package-json.ts';
import { directoryOf, resolvePath, toPath } from './paths.ts';
import { isRelative, nodeModulePaths, RequireResolver } from './resolve-require.ts';
import { setHeadFrames, withDeepStacks } from './stack.ts';

/** A CommonJS module object, as `module` shows it to its own code. */
export interface CjsModule {
  id: string;
  path: string;
  exports: unknown;
  filename: string | null;
  loaded: boolean;
  children: CjsModule[];
  paths: string[];
  require(id: string): unknown;
  load(filename: string): void;
  _compile(content: string, filename: string, format?: string): unknown;
}

export type Require = ((id: string) => unknown) & {
  resolve: ((request: string, options?: { paths?: string[] }) => string) & {
    paths(request: string): string[] | null;
  };
  main: CjsModule | undefined;
  extensions: Record<string, (module: CjsModule, filename: string) => void>;
  cache: Record<string, CjsModule | undefined>;
};

/** What the CommonJS side asks of the rest of the loader. */
export interface CommonJsHost {
  readonly packages: PackageReader;
  isBuiltin(id: string): boolean;
  builtin(id: string): unknown;
  readText(path: string): string;
  /** Compiles a file's text; `null` if it can only be an ES module. */
  compile(
    source: string,
    filename: string,
    format: 'commonjs' | undefined,
    startedBy: StartedBy,
  ): CjsFunction | null;
  /** Runs an ES module to its end, or throws. The main module starts without being waited for. */
  requireModule(filename: string, source: string, module: CjsModule, parent: CjsModule | undefined): unknown;
  startMain(filename: string): void;
  warn(message: string, type?: string, code?: string): void;
  setMain(module: CjsModule | undefined): void;
  getMain(): CjsModule | undefined;
  /** An ES module that is being evaluated must not be required. */
  assertNotInCycle(module: CjsModule, parent: CjsModule | undefined): void;
}

export type CjsFunction = (
  exports: unknown,
  require: Require,
  module: CjsModule,
  filename: string,
  dirname: string,
) => unknown;

type ModuleConstructor = {
  new (id?: string, parent?: CjsModule | null): CjsModule;
  prototype: CjsModule;
  _load(request: string, parent?: CjsModule | null, isMain?: boolean): unknown;
  _resolveFilename(
    request: string,
    parent?: CjsModule | null,
    isMain?: boolean,
    options?: { paths?: string[] },
  ): string;
  _cache: Record<string, CjsModule | undefined>;
  _extensions: Record<string, (module: CjsModule, filename: string) => void>;
  createRequire(filename: string | URL): Require;
} & Record<string, unknown>;

/** `require` and the `Module` class of `node:module`. */
export class CommonJs {
  readonly Module: ModuleConstructor;
  readonly #host: CommonJsHost;
  readonly #resolver: RequireResolver;
  readonly #parents = new WeakMap<CjsModule, CjsModule | null>();
  readonly #mains = new WeakSet<CjsModule>();

  constructor(host: CommonJsHost) {
    this.#host = host;
    this.#resolver = new RequireResolver(host.packages, (message, type, code) =>
      host.warn(message, type, code),
    );
    this.Module = this.#createClass();
  }

  /** Runs a file as the program. */
  runMain(path: string): void {
    this.Module._load(path, null, true);
  }

  /** A module object for `filename` that is not in the cache yet, as imports of CommonJS files need. */
  load(filename: string): CjsModule {
    const cached = this.Module._cache[filename];
    if (cached?.loaded) return cached;
    if (!cached) this.Module._load(filename, undefined, false);
    return this.Module._cache[filename] ?? (cached as CjsModule);
  }

  resolveFrom(request: string, parentPath: string): string | undefined {
    try {
      return this.#resolver.resolve(
        request,
        isRelative(request) ? [directoryOf(parentPath)] : nodeModulePaths(directoryOf(parentPath)),
        Object.keys(this.Module._extensions),
        parentPath,
      );
    } catch {
      return undefined;
    }
  }

  #createClass(): ModuleConstructor {
    const commonJs = this;
    function Module(this: CjsModule, id = '', parent?: CjsModule | null) {
      this.id = id;
      this.path = directoryOfId(id);
      Object.defineProperty(this, 'exports', own({}));
      if (parent !== undefined) commonJs.#parents.set(this, parent);
      parent?.children?.push(this);
      this.filename = null;
      this.loaded = false;
      this.children = [];
    }
    const Class = Module as unknown as ModuleConstructor;
    Class._cache = Object.create(null);
    Class._pathCache = Object.create(null);
    Class._extensions = Object.create(null);
    Class.globalPaths = [];
    Class._load = (request, parent, isMain) => commonJs.#load(request, parent, isMain ?? false);
    Class._resolveFilename = (request, parent, _isMain, options) =>
      commonJs.#resolveFilename(request, parent ?? undefined, options);
    Class._nodeModulePaths = nodeModulePaths;
    Class._resolveLookupPaths = (request: string, parent?: CjsModule) =>
      commonJs.#lookupPaths(request, parent);
    Class.createRequire = (filename) => commonJs.#createRequire(filename);
    Object.assign(Class.prototype, {
      load(this: CjsModule, filename: string) {
        this.filename ??= filename;
        this.paths ??= nodeModulePaths(directoryOf(filename));
        const name = filename.slice(filename.lastIndexOf('/') + 1);
        let extension = '.js';
        for (let dot = name.indexOf('.', 1); dot !== -1; dot = name.indexOf('.', dot + 1)) {
          if (!Class._extensions[name.slice(dot)]) continue;
          extension = name.slice(dot);
          break;
        }
        Class._extensions[extension](this, filename);
        this.loaded = true;
      },
      require(this: CjsModule, id: string) {
        if (typeof id !== 'string') throw invalidType('id', id);
        if (id === '') {
          throw nodeError(
            'ERR_INVALID_ARG_VALUE',
            "The argument 'id' must be a non-empty string. Received ''",
            {
              base: TypeError,
            },
          );
        }
        return Class._load(id, this, false);
      },
      _compile(this: CjsModule, content: string, filename: string, format?: string) {
        return commonJs.#compile(this, content, filename, format);
      },
    });
    Object.defineProperty(Class.prototype, 'constructor', {
      value: Module,
      configurable: true,
      writable: true,
    });
    Object.defineProperty(Class.prototype, 'parent', {
      configurable: true,
      get(this: CjsModule) {
        return commonJs.#parents.get(this);
      },
      set(this: CjsModule, parent: CjsModule) {
        commonJs.#parents.set(this, parent);
      },
    });
    Object.defineProperty(Class.prototype, 'isPreloading', { configurable: true, get: () => false });
    this.#defineExtensions(Class);
    return Class;
  }

  #defineExtensions(Module: ModuleConstructor): void {
    Module._extensions['.js'] = (module, filename) => {
      let format: string | undefined;
      if (filename.endsWith('.cjs')) format = 'commonjs';
      else if (filename.endsWith('.mjs')) format = 'module';
      else if (filename.endsWith('.js')) {
        const type = this.#host.packages.scopeOf(filename)?.type;
        format = type === 'none' ? undefined : type;
      }
      module._compile(this.#host.readText(filename), filename, format);
    };
    Module._extensions['.json'] = (module, filename) => {
      try {
        module.exports = JSON.parse(this.#host.readText(filename));
      } catch (error) {
        (error as Error).message = `${filename}: ${(error as Error).message}`;
        setHeadFrames(error as Error, commonJsJsonFrames());
        throw error;
      }
    };
    Module._extensions['.node'] = (_, filename) => {
      throw nodeError('ERR_DLOPEN_FAILED', `${filename}: native add-ons cannot be loaded in a browser`);
    };
  }

  #compile(module: CjsModule, content: string, filename: string, format: string | undefined): unknown {
    const compiled =
      format === 'module'
        ? null
        : this.#host.compile(
            content,
            filename,
            format === 'commonjs' ? 'commonjs' : undefined,
            this.#startedBy(module),
          );
    if (!compiled) {
      if (this.#mains.has(module)) {
        this.#host.setMain(undefined);
        this.#host.startMain(filename);
      } else {
        module.exports = this.#host.requireModule(
          filename,
          content,
          module,
          this.#parents.get(module) ?? undefined,
        );
      }
      return undefined;
    }
    return compiled.call(
      module.exports,
      module.exports,
      this.#makeRequire(module),
      module,
      filename,
      directoryOf(filename),
    );
  }

  #startedBy(module: CjsModule): StartedBy {
    if (this.#mains.has(module)) return 'main';
    return this.#parents.get(module) ? 'require' : 'import';
  }

  #load(request: string, parent: CjsModule | null | undefined, isMain: boolean): unknown {
    const { Module } = this;
    if (request.startsWith('node:')) {
      if (this.#host.isBuiltin(request)) return this.#host.builtin(request);
      const error = nodeError('ERR_UNKNOWN_BUILTIN_MODULE', `No such built-in module: ${request}`);
      throw fromNode(error, requireOrigin(error.code, 'require'));
    }
    const filename = withDeepStacks(() => {
      try {
        return Module._resolveFilename(request, parent, isMain);
      } catch (error) {
        const { code } = error as { code?: unknown };
        throw typeof code === 'string'
          ? fromNode(error as Error, requireOrigin(code, isMain ? 'main' : 'require'))
          : error;
      }
    });
    const cached = Module._cache[filename];
    if (cached) {
      if (parent && !parent.children.includes(cached)) parent.children.push(cached);
      if (!cached.loaded) return this.#circularExports(cached);
      return cached.exports;
    }
    if (this.#host.isBuiltin(filename)) return this.#host.builtin(filename);
    const module = new Module(filename, parent);
    if (isMain) {
      this.#host.setMain(module);
      module.id = '.';
      this.#mains.add(module);
    }
    Module._cache[filename] = module;
    let threw = true;
    try {
      module.load(filename);
      threw = false;
    } finally {
      if (threw) {
        delete Module._cache[filename];
        const index = parent?.children?.indexOf(module) ?? -1;
        if (index !== -1) parent?.children.splice(index, 1);
      } else if (
        isObject(module.exports) &&
        Object.getPrototypeOf(module.exports) === this.#circularPrototype
      ) {
        Object.setPrototypeOf(module.exports, Object.prototype);
      }
    }
    return module.exports;
  }

  /** While a module is still running, what others get of it warns about properties that are not there yet. */
  #circularExports(module: CjsModule): unknown {
    this.#host.assertNotInCycle(module, this.#parents.get(module) ?? undefined);
    const { exports } = module;
    if (
      isObject(exports) &&
      Object.getPrototypeOf(exports) === Object.prototype &&
      !(exports as { __esModule?: unknown }).__esModule
    ) {
      Object.setPrototypeOf(exports, this.#circularPrototype);
    }
    return exports;
  }

  readonly #circularPrototype: object = new Proxy(
    {},
    {
      get: (target, property) => {
        if (property in target || property === '__esModule') return Reflect.get(target, property);
        this.#warnCircular(property);
        return undefined;
      },
      getOwnPropertyDescriptor: (target, property) => {
        if (Object.hasOwn(target, property) || property === '__esModule') {
          return Object.getOwnPropertyDescriptor(target, property);
        }
        this.#warnCircular(property);
        return undefined;
      },
    },
  );

  #warnCircular(property: PropertyKey): void {
    this.#host.warn(
      `Accessing non-existent property '${String(property)}' of module exports inside circular dependency`,
    );
  }

  #resolveFilename(request: string, parent: CjsModule | undefined, options?: { paths?: string[] }): string {
    if (this.#host.isBuiltin(request)) return request;
    const paths = options?.paths
      ? options.paths.flatMap((path) => (isRelative(request) ? [path] : nodeModulePaths(path)))
      : this.#lookupPaths(request, parent);
    const found = this.#resolver.resolve(
      request,
      (paths ?? []).map((path) => resolvePath(this.#cwd(), path)),
      Object.keys(this.Module._extensions),
      parent?.filename ?? undefined,
    );
    if (found !== undefined) return found;
    const requireStack = this.requireStack(parent);
    const stack = requireStack.length > 0 ? `\nRequire stack:\n- ${requireStack.join('\n- ')}` : '';
    throw Object.assign(new Error(`Cannot find module '${request}'${stack}`), {
      code: 'MODULE_NOT_FOUND',
      requireStack,
    });
  }

  #cwd(): string {
    return (this.#host.builtin('process') as NodeJS.Process).cwd();
  }

  requireStack(module: CjsModule | undefined): string[] {
    const stack: string[] = [];
    for (let cursor: CjsModule | null | undefined = module; cursor; cursor = this.#parents.get(cursor)) {
      stack.push(cursor.filename || cursor.id);
    }
    return stack;
  }

  #lookupPaths(request: string, parent: CjsModule | undefined): string[] | null {
    if (this.#host.isBuiltin(request)) return null;
    if (!isRelative(request)) {
      const paths = [...(parent?.paths ?? []), ...(this.Module.globalPaths as string[])];
      return paths.length > 0 ? paths : null;
    }
    return parent?.id && parent.filename ? [directoryOf(parent.filename)] : ['.'];
  }

  #makeRequire(module: CjsModule): Require {
    const { Module } = this;
    const require = function require(path: string) {
      return module.require(path);
    } as Require;
    const resolve = ((request: string, options?: { paths?: string[] }) => {
      if (typeof request !== 'string') throw invalidType('request', request);
      return Module._resolveFilename(request, module, false, options);
    }) as Require['resolve'];
    Object.defineProperty(resolve, 'name', { value: 'resolve' });
    require.resolve = resolve;
    resolve.paths = function paths(request) {
      if (typeof request !== 'string') throw invalidType('request', request);
      return (Module._resolveLookupPaths as (request: string, module: CjsModule) => string[] | null)(
        request,
        module,
      );
    };
    Object.defineProperty(require, 'main', own(this.#host.getMain()));
    require.extensions = Module._extensions;
    require.cache = Module._cache;
    return require;
  }

  #createRequire(filename: string | URL): Require {
    let path: string;
    if (filename instanceof URL || (typeof filename === 'string' && !filename.startsWith('/'))) {
      const url = URL.parse(String(filename));
      if (url?.protocol !== 'file:') throw invalidFilename(filename);
      path = toPath(url);
    } else if (typeof filename === 'string') path = filename;
    else throw invalidFilename(filename);
    const module = new this.Module(path.endsWith('/') ? `${path}noop.js` : path);
    module.filename = module.id;
    module.paths = nodeModulePaths(module.path);
    return this.#makeRequire(module);
  }
}

function directoryOfId(id: string): string {
  return id.includes('/') ? directoryOf(id) : '.';
}

function own(value: unknown): PropertyDescriptor {
  return { value, writable: true, enumerable: true, configurable: true };
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function invalidFilename(filename: unknown): Error {
  const received = typeof filename === 'string' ? `'${filename}'` : String(filename);
  return nodeError(
    'ERR_INVALID_ARG_VALUE',
    `The argument 'filename' must be a file URL object, file URL string, or absolute path string. Received ${received}`,
    { base: TypeError },
  );
}

/** As Node's `ERR_INVALID_ARG_TYPE` says it for a string argument. */
export function invalidType(name: string, value: unknown): Error {
  let received: string;
  if (value === null || value === undefined) received = ` Received ${value}`;
  else if (typeof value === 'function') received = ` Received function ${value.name}`;
  else if (typeof value === 'object')
    received = ` Received an instance of ${value.constructor?.name ?? 'Object'}`;
  else
    received = ` Received type ${typeof value} (${typeof value === 'string' ? `'${value}'` : String(value)}${typeof value === 'bigint' ? 'n' : ''})`;
  return nodeError('ERR_INVALID_ARG_TYPE', `The "${name}" argument must be of type string.${received}`, {
    base: TypeError,
  });
}
