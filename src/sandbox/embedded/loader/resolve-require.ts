import type { PackageConfig, PackageReader } from './package-json.ts';
import { resolveExports, resolveImports } from './package-targets.ts';
import { resolvePath, toFileUrl, toPath } from './paths.ts';

export const requireConditions: ReadonlySet<string> = new Set([
  'node',
  'require',
  'module-sync',
  'node-addons',
]);

/** `Module._nodeModulePaths`: the `node_modules` folders a file in `folder` may use, nearest first. */
export function nodeModulePaths(folder: string): string[] {
  const paths: string[] = [];
  const parts = folder.split('/').filter(Boolean);
  for (let count = parts.length; count >= 0; count--) {
    if (parts[count - 1] === 'node_modules') continue;
    paths.push(`${count === 0 ? '' : '/'}${parts.slice(0, count).join('/')}/node_modules`);
  }
  return paths;
}

export function isRelative(request: string): boolean {
  return /^\.\.?(?:\/|$)/.test(request);
}

/** The file a CommonJS request leads to, or `undefined`. Errors about a package's `exports` are thrown. */
export class RequireResolver {
  readonly #packages: PackageReader;
  readonly #warn: (message: string, type: string, code: string) => void;

  constructor(packages: PackageReader, warn: (message: string, type: string, code: string) => void) {
    this.#packages = packages;
    this.#warn = warn;
  }

  /** `paths` are the folders to look in; `parentPath` the file that asks, if one does. */
  resolve(
    request: string,
    paths: readonly string[],
    extensions: readonly string[],
    parentPath?: string,
  ): string | undefined {
    const scope = parentPath === undefined ? undefined : this.#packages.scopeOf(parentPath);
    if (request.startsWith('#') && parentPath !== undefined && scope?.imports) {
      return this.#packageTarget(
        () =>
          resolveImports(request, {
            ...this.#request(toFileUrl(parentPath)),
            config: scope,
            internal: true,
          }),
        request,
        scope.path,
      );
    }
    if (scope?.exports != null && scope.name !== undefined && parentPath !== undefined) {
      if (request === scope.name || request.startsWith(`${scope.name}/`)) {
        const subpath = `.${request.slice(scope.name.length)}`;
        return this.#exported(scope, subpath, toFileUrl(parentPath), subpath);
      }
    }
    return this.#find(request, paths, extensions);
  }

  #request(base: string | undefined) {
    return {
      base,
      conditions: requireConditions,
      internal: false,
      resolvePackage: (target: string, from: string): URL => {
        const folder = toPath(new URL('.', from)).replace(/\/$/, '');
        const found = this.#find(target, nodeModulePaths(folder), ['.js', '.json', '.node']);
        if (found === undefined) throw notFound(target);
        return new URL(toFileUrl(found));
      },
    };
  }

  #exported(config: PackageConfig, subpath: string, base: string | undefined, request: string): string {
    return this.#packageTarget(
      () => resolveExports(subpath, { ...this.#request(base), config }),
      request,
      config.path,
    );
  }

  #packageTarget(resolve: () => URL, request: string, path: string): string {
    const url = resolve();
    if (url.protocol === 'node:') return url.href;
    const file = toPath(url);
    if (this.#packages.isFile(file)) return file;
    throw notFound(request, path);
  }

  #find(request: string, paths: readonly string[], extensions: readonly string[]): string | undefined {
    const absolute = request.startsWith('/');
    const folderOnly = /(?:^|\/)\.{1,2}$|\/$/.test(request);
    for (const folder of absolute ? [''] : paths) {
      if (!absolute && !isRelative(request)) {
        if (!this.#packages.isDirectory(folder)) continue;
        const match = /^((?:@[^/\\%]+\/)?[^./\\%][^/\\%]*)(\/.*)?$/.exec(request);
        if (match) {
          const config = this.#packages.read(`${folder}/${match[1]}/package.json`);
          if (config?.exports != null)
            return this.#exported(config, `.${match[2] ?? ''}`, undefined, request);
        }
      }
      const base = resolvePath(folder || '/', request);
      if (!folderOnly) {
        if (this.#packages.isFile(base)) return base;
        const found = this.#withExtension(base, extensions);
        if (found !== undefined) return found;
      }
      if (this.#packages.isDirectory(base)) {
        const found = this.#folder(base, extensions, request);
        if (found !== undefined) return found;
      }
    }
    return undefined;
  }

  #withExtension(base: string, extensions: readonly string[]): string | undefined {
    return extensions.map((extension) => base + extension).find((path) => this.#packages.isFile(path));
  }

  /** LOAD_AS_DIRECTORY: `main` of its `package.json`, else its index. */
  #folder(folder: string, extensions: readonly string[], request: string): string | undefined {
    const config = this.#packages.read(`${folder}/package.json`);
    const index = () => this.#withExtension(`${folder}/index`, extensions);
    if (!config?.main) return index();
    const main = resolvePath(folder, config.main);
    const found =
      (this.#packages.isFile(main) ? main : undefined) ??
      this.#withExtension(main, extensions) ??
      this.#withExtension(`${main}/index`, extensions);
    if (found !== undefined) return found;
    const fallback = index();
    if (fallback === undefined) {
      throw Object.assign(
        new Error(
          `Cannot find module '${main}'. Please verify that the package.json has a valid "main" entry`,
        ),
        { code: 'MODULE_NOT_FOUND', path: config.path, requestPath: request },
      );
    }
    this.#warn(
      `Invalid 'main' field in '${config.path}' of '${config.main}'. Please either fix that or report it to the module author`,
      'DeprecationWarning',
      'DEP0128',
    );
    return fallback;
  }
}

function notFound(request: string, path?: string): Error {
  return Object.assign(new Error(`Cannot find module '${request}'`), {
    code: 'MODULE_NOT_FOUND',
    ...(path === undefined ? {} : { path }),
  });
}
