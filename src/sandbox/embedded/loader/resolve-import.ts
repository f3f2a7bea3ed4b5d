import { setArrow } from './arrows.ts';
import { nodeError } from './node-error.ts';
import { mainExcerpt } from './node-frames.ts';
import type { PackageReader } from './package-json.ts';
import { invalidSpecifier, resolveExports, resolveImports } from './package-targets.ts';
import { resolvePath, toFileUrl, toPath } from './paths.ts';

export const importConditions: ReadonlySet<string> = new Set([
  'node',
  'import',
  'module-sync',
  'node-addons',
]);

export interface ImportResolver {
  readonly packages: PackageReader;
  isBuiltin(id: string): boolean;
  /** What `require` would find, for the hint in the error message; `undefined` if nothing. */
  resolveAsCommonJs(specifier: string, parentPath: string): string | undefined;
}

/** ESM_RESOLVE of Node's "Resolution Algorithm Specification": a URL for a specifier, with Node's errors. */
export function resolveImport(resolver: ImportResolver, specifier: string, base: string): string {
  const parsed = isPathLike(specifier) ? null : URL.parse(specifier);
  if (parsed?.protocol === 'node:') return specifier;
  if (parsed?.protocol === 'data:') return parsed.href;
  try {
    return resolveModule(resolver, specifier, base).href;
  } catch (error) {
    const { code } = error as { code?: string };
    if (code === 'ERR_MODULE_NOT_FOUND' || code === 'ERR_UNSUPPORTED_DIR_IMPORT') {
      addHint(
        resolver,
        error as Error,
        specifier.startsWith('file://') ? toPath(specifier) : specifier,
        base,
      );
    }
    throw error;
  }
}

function resolveModule(resolver: ImportResolver, specifier: string, base: string): URL {
  let resolved: URL;
  if (isPathLike(specifier)) {
    try {
      resolved = new URL(specifier, base);
    } catch (cause) {
      throw unsupportedRequest(specifier, base, cause);
    }
  } else if (specifier.startsWith('#') && base.startsWith('file:')) {
    resolved = resolveImports(specifier, {
      config: resolver.packages.scopeOf(toPath(base)),
      base,
      conditions: importConditions,
      internal: true,
      resolvePackage: (target, from) => resolvePackage(resolver, target, from),
    });
  } else {
    resolved = URL.parse(specifier) ?? resolvePackage(resolver, specifier, base);
  }
  return resolved.protocol === 'file:' ? finalize(resolver, resolved, base) : resolved;
}

function unsupportedRequest(specifier: string, base: string, cause: unknown): Error {
  return nodeError(
    'ERR_UNSUPPORTED_RESOLVE_REQUEST',
    `Failed to resolve module specifier "${specifier}" from "${base}": Invalid relative URL or base scheme is not hierarchical.`,
    { base: TypeError, properties: { cause } },
  );
}

/** PACKAGE_RESOLVE: a bare specifier, looked up in `node_modules` from `base` upwards. */
function resolvePackage(resolver: ImportResolver, specifier: string, base: string): URL {
  if (!specifier.startsWith('node:') && resolver.isBuiltin(specifier)) return new URL(`node:${specifier}`);
  if (!base.startsWith('file:')) throw unsupportedRequest(specifier, base, undefined);
  const { packages } = resolver;
  const { name, subpath } = parsePackageName(specifier, base);
  const request = {
    base,
    conditions: importConditions,
    internal: false,
    resolvePackage: (target: string, from: string) => resolvePackage(resolver, target, from),
  };
  const own = packages.scopeOf(toPath(base));
  if (own?.exports != null && own.name === name) return resolveExports(subpath, { ...request, config: own });
  const folder = packages.findPackage(name, base);
  if (folder === undefined) {
    throw nodeError('ERR_MODULE_NOT_FOUND', `Cannot find package '${name}' imported from ${toPath(base)}`);
  }
  const config = packages.read(`${folder}/package.json`, `"${specifier}" from ${toPath(base)}`);
  if (config?.exports != null) return resolveExports(subpath, { ...request, config });
  if (subpath === '.') return legacyMain(packages, folder, config?.main, base);
  return new URL(subpath, toFileUrl(`${folder}/package.json`));
}

function parsePackageName(specifier: string, base: string): { name: string; subpath: string } {
  const scoped = specifier.startsWith('@');
  let slash = specifier.indexOf('/');
  const valid = !(scoped && slash === -1);
  if (scoped && valid) slash = specifier.indexOf('/', slash + 1);
  const name = slash === -1 ? specifier : specifier.slice(0, slash);
  if (!valid || specifier === '' || /^\.|%|\\/.test(name)) {
    throw invalidSpecifier(specifier, 'is not a valid package name', toPath(base));
  }
  return { name, subpath: `.${slash === -1 ? '' : specifier.slice(slash)}` };
}

/** `main` of a package without `exports`, with the extensions CommonJS tries. */
function legacyMain(packages: PackageReader, folder: string, main: string | undefined, base: string): URL {
  const candidates: string[] = [];
  if (main) {
    for (const suffix of ['', '.js', '.json', '.node', '/index.js', '/index.json', '/index.node']) {
      candidates.push(main + suffix);
    }
  }
  candidates.push('index.js', 'index.json', 'index.node');
  for (const candidate of candidates) {
    const path = resolvePath(folder, candidate);
    if (packages.isFile(path)) return new URL(toFileUrl(path));
  }
  // Node's native code makes this error, without the code in its first line.
  const missing = main ? resolvePath(folder, main) : `${folder}/package.json`;
  throw Object.assign(new Error(`Cannot find package '${missing}' imported from ${toPath(base)}`), {
    code: 'ERR_MODULE_NOT_FOUND',
  });
}

/** The last steps for a file URL: it must name a file, not a folder. */
function finalize(resolver: ImportResolver, resolved: URL, base: string): URL {
  const basePath = base.startsWith('file:') ? toPath(base) : base;
  if (/%2F|%5C/i.test(resolved.pathname)) {
    throw invalidSpecifier(resolved.pathname, 'must not include encoded "/" or "\\" characters', basePath);
  }
  const path = toPath(resolved);
  const url = resolved.href;
  if (resolver.packages.isDirectory(path.endsWith('/') && path !== '/' ? path.slice(0, -1) : path)) {
    throw nodeError(
      'ERR_UNSUPPORTED_DIR_IMPORT',
      `Directory import '${path}' is not supported resolving ES modules imported from ${basePath}`,
      { properties: { url } },
    );
  }
  if (!resolver.packages.isFile(path)) {
    throw nodeError('ERR_MODULE_NOT_FOUND', `Cannot find module '${path}' imported from ${basePath}`, {
      properties: { url },
    });
  }
  return resolved;
}

/** Appends `Did you mean to import …?` where `require` would have found something. */
function addHint(resolver: ImportResolver, error: Error, specifier: string, base: string): void {
  const parent = toPath(base);
  const found = resolver.resolveAsCommonJs(specifier, parent);
  if (found === undefined) return;
  let suggestion = found;
  if (/^\.\.?(?:\/|$)/.test(specifier)) {
    suggestion = relativePath(parent.slice(0, parent.lastIndexOf('/')), found);
    if (!suggestion.startsWith('../')) suggestion = `./${suggestion}`;
  } else if (!specifier.startsWith('/') && !specifier.startsWith('.')) {
    const name = specifier.split('/')[0];
    const needle = `/node_modules/${name}/`;
    const at = found.lastIndexOf(needle);
    suggestion =
      at === -1
        ? toFileUrl(found)
        : `${name}/${found
            .slice(at + needle.length)
            .split('/')
            .map(encodeURIComponent)
            .join('/')}`;
  }
  if (suggestion === specifier) return;
  const hint = `Did you mean to import ${JSON.stringify(suggestion)}?`;
  error.message += `\n${hint}`;
  setArrow(error, mainExcerpt);
}

function relativePath(from: string, to: string): string {
  const source = from.split('/').filter(Boolean);
  const target = to.split('/').filter(Boolean);
  let common = 0;
  while (common < source.length && source[common] === target[common]) common++;
  return [...source.slice(common).map(() => '..'), ...target.slice(common)].join('/');
}

function isPathLike(specifier: string): boolean {
  return /^(?:\/|\.\.?(?:\/|$))/.test(specifier);
}
