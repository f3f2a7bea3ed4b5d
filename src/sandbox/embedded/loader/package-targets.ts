import { nodeError } from './node-error.ts';
import type { PackageConfig } from './package-json.ts';
import { toFileUrl, toPath } from './paths.ts';

/** Resolves a bare specifier that an `imports` target points to. */
type ResolvePackage = (specifier: string, base: string) => URL;

interface Request {
  readonly config: PackageConfig;
  /** URL of the module that asked. */
  readonly base: string | undefined;
  readonly conditions: ReadonlySet<string>;
  readonly internal: boolean;
  readonly resolvePackage: ResolvePackage;
}

const segments = String.raw`(\.|%2e)(\.|%2e)?|(n|%6e|%4e)(o|%6f|%4f)(d|%64|%44)(e|%65|%45)(_|%5f)(m|%6d|%4d)(o|%6f|%4f)(d|%64|%44)(u|%75|%55)(l|%6c|%4c)(e|%65|%45)(s|%73|%53)`;
const invalidSegment = new RegExp(`(^|\\\\|/)(${segments})(\\\\|/|$)`, 'i');

/** PACKAGE_EXPORTS_RESOLVE of Node's "Resolution Algorithm Specification". */
export function resolveExports(subpath: string, request: Request): URL {
  const { config, base } = request;
  const exports = isMainSugar(config, base)
    ? { '.': config.exports }
    : (config.exports as Record<string, unknown>);
  const found = resolveIn(exports, subpath, request);
  if (found) return found;
  const folder = config.path.slice(0, -'package.json'.length);
  const from = base === undefined ? '' : ` imported from ${toPath(base)}`;
  throw nodeError(
    'ERR_PACKAGE_PATH_NOT_EXPORTED',
    subpath === '.'
      ? `No "exports" main defined in ${folder}package.json${from}`
      : `Package subpath '${subpath}' is not defined by "exports" in ${folder}package.json${from}`,
  );
}

/** PACKAGE_IMPORTS_RESOLVE: `#name` specifiers. */
export function resolveImports(
  name: string,
  request: Omit<Request, 'config'> & { config: PackageConfig | undefined },
): URL {
  const base = toPath(request.base as string);
  if (name === '#' || name.endsWith('/')) {
    throw invalidSpecifier(name, 'is not a valid internal imports specifier name', base);
  }
  const { config } = request;
  const found = config?.imports && resolveIn(config.imports, name, { ...request, config });
  if (found) return found;
  const where = config ? ` in package ${config.path.slice(0, -'package.json'.length)}package.json` : '';
  throw nodeError(
    'ERR_PACKAGE_IMPORT_NOT_DEFINED',
    `Package import specifier "${name}" is not defined${where} imported from ${base}`,
    { base: TypeError },
  );
}

export function invalidSpecifier(specifier: string, reason: string, base?: string): Error {
  const from = base === undefined ? '' : ` imported from ${base}`;
  return nodeError('ERR_INVALID_MODULE_SPECIFIER', `Invalid module "${specifier}" ${reason}${from}`, {
    base: TypeError,
  });
}

function isMainSugar({ exports, path }: PackageConfig, base: string | undefined): boolean {
  if (typeof exports === 'string' || Array.isArray(exports)) return true;
  if (typeof exports !== 'object' || exports === null) return false;
  const sugar = Object.keys(exports).map((key) => !key.startsWith('.'));
  if (new Set(sugar).size > 1) {
    throw invalidConfig(
      path,
      base,
      '"exports" cannot contain some keys starting with \'.\' and some not.' +
        ' The exports object must either be an object of package subpath keys' +
        ' or an object of main entry condition name keys only.',
    );
  }
  return sugar[0] ?? false;
}

function invalidConfig(path: string, base: string | undefined, message: string): Error {
  const importing = base === undefined ? '' : ` while importing ${base}`;
  return nodeError('ERR_INVALID_PACKAGE_CONFIG', `Invalid package config ${path}${importing}. ${message}`);
}

/** The exact key first, else the longest matching pattern with one `*`. */
function resolveIn(map: Record<string, unknown>, name: string, request: Request): URL | null | undefined {
  if (Object.hasOwn(map, name) && !name.includes('*') && !name.endsWith('/')) {
    return resolveTarget(map[name], null, name, request);
  }
  let best: { key: string; star: number; match: string } | null = null;
  for (const key of Object.keys(map)) {
    const star = key.indexOf('*');
    if (star === -1 || key.lastIndexOf('*') !== star || !name.startsWith(key.slice(0, star))) continue;
    const trailer = key.slice(star + 1);
    if (name.length < key.length || !name.endsWith(trailer)) continue;
    if (best && (best.star > star || (best.star === star && best.key.length >= key.length))) continue;
    best = { key, star, match: name.slice(star, name.length - trailer.length) };
  }
  return best ? resolveTarget(map[best.key], best.match, best.key, request) : undefined;
}

/** PACKAGE_TARGET_RESOLVE. `match` is what `*` stands for, null without a pattern. */
function resolveTarget(
  target: unknown,
  match: string | null,
  key: string,
  request: Request,
): URL | null | undefined {
  if (typeof target === 'string') return resolveTargetString(target, match, key, request);
  if (target === null) return null;
  if (Array.isArray(target)) {
    let last: unknown = null;
    for (const item of target) {
      try {
        const found = resolveTarget(item, match, key, request);
        if (found) return found;
        if (found === null) last = null;
      } catch (error) {
        if ((error as { code?: string }).code !== 'ERR_INVALID_PACKAGE_TARGET') throw error;
        last = error;
      }
    }
    if (last !== null) throw last;
    return null;
  }
  if (typeof target === 'object') {
    const conditions = Object.entries(target as object);
    if (conditions.some(([condition]) => /^(?:0|[1-9]\d*)$/.test(condition))) {
      throw invalidConfig(
        request.config.path,
        request.base,
        '"exports" cannot contain numeric property keys.',
      );
    }
    for (const [condition, value] of conditions) {
      if (condition !== 'default' && !request.conditions.has(condition)) continue;
      const found = resolveTarget(value, match, key, request);
      if (found !== undefined) return found;
    }
    return undefined;
  }
  throw invalidTarget(target, key, request);
}

function resolveTargetString(target: string, match: string | null, key: string, request: Request): URL {
  const { config, internal } = request;
  const packageUrl = toFileUrl(config.path);
  if (!target.startsWith('./')) {
    if (internal && !target.startsWith('../') && !target.startsWith('/') && !URL.canParse(target)) {
      return request.resolvePackage(
        match === null ? target : target.replaceAll('*', () => match),
        packageUrl,
      );
    }
    throw invalidTarget(target, key, request);
  }
  if (invalidSegment.test(target.slice(2))) throw invalidTarget(target, key, request);
  const resolved = new URL(target, packageUrl);
  if (!resolved.pathname.startsWith(new URL('.', packageUrl).pathname))
    throw invalidTarget(target, key, request);
  if (match === null) return resolved;
  if (invalidSegment.test(match)) {
    throw invalidSpecifier(
      key.replace('*', () => match),
      `request is not a valid match in pattern "${key}" for the "${internal ? 'imports' : 'exports'}" resolution of ${config.path}`,
      request.base && toPath(request.base),
    );
  }
  return new URL(resolved.href.replaceAll('*', () => match));
}

function invalidTarget(target: unknown, key: string, { config, internal, base }: Request): Error {
  const text = typeof target === 'object' ? JSON.stringify(target) : String(target);
  const folder = config.path.slice(0, -'package.json'.length);
  const relative =
    !internal && text.length > 0 && !text.startsWith('./') ? '; targets must start with "./"' : '';
  const from = base === undefined ? '' : ` imported from ${toPath(base)}`;
  const what =
    key === '.'
      ? `"exports" main target ${JSON.stringify(text)} defined in`
      : `"${internal ? 'imports' : 'exports'}" target ${JSON.stringify(text)} defined for '${key}' in`;
  return nodeError(
    'ERR_INVALID_PACKAGE_TARGET',
    `Invalid ${what} the package config ${folder}package.json${from}${relative}`,
  );
}
