import type { Files } from '../../../node/host.ts';
import { nodeError } from './node-error.ts';
import { directoryOf, resolvePath, toPath } from './paths.ts';

export type ReadableFiles = Pick<Files, 'read' | 'stat'>;

export interface PackageConfig {
  /** Path of the `package.json`. */
  readonly path: string;
  readonly name?: string;
  readonly main?: string;
  readonly type: 'module' | 'commonjs' | 'none';
  readonly exports?: unknown;
  readonly imports?: Record<string, unknown>;
}

/** Reads `package.json` files, as Node's `package_json_reader` does. */
export class PackageReader {
  readonly #files: ReadableFiles;

  constructor(files: ReadableFiles) {
    this.#files = files;
  }

  /** The file at `path`, or `undefined` where there is none. `base` is named in the error about a malformed one. */
  read(path: string, base?: string): PackageConfig | undefined {
    const bytes = this.#files.read(path);
    if (!bytes) return undefined;
    let content: Record<string, unknown>;
    try {
      content = JSON.parse(new TextDecoder().decode(bytes));
    } catch {
      const importing = base === undefined ? '' : ` while importing ${base}`;
      throw nodeError('ERR_INVALID_PACKAGE_CONFIG', `Invalid package config ${path}${importing}.`);
    }
    const { name, main, type, exports, imports } = content ?? {};
    return {
      path,
      name: typeof name === 'string' ? name : undefined,
      main: typeof main === 'string' ? main : undefined,
      type: type === 'module' || type === 'commonjs' ? type : 'none',
      exports,
      imports:
        typeof imports === 'object' && imports !== null ? (imports as Record<string, unknown>) : undefined,
    };
  }

  /** The `package.json` that governs a file: the nearest one above it, not looking out of `node_modules`. */
  scopeOf(path: string): PackageConfig | undefined {
    for (let folder = directoryOf(path); ; folder = directoryOf(folder)) {
      if (folder.endsWith('/node_modules')) return undefined;
      const found = this.read(folder === '/' ? '/package.json' : `${folder}/package.json`);
      if (found || folder === '/') return found;
    }
  }

  isFile(path: string): boolean {
    return this.#files.stat(path)?.kind === 'file';
  }

  isDirectory(path: string): boolean {
    return this.#files.stat(path)?.kind === 'directory';
  }

  /** Finds the folder of a bare specifier's package in the `node_modules` folders above `base`. */
  findPackage(name: string, base: string): string | undefined {
    for (let folder = directoryOf(toPath(base)); ; folder = directoryOf(folder)) {
      const candidate = resolvePath(folder, `node_modules/${name}`);
      if (!folder.endsWith('/node_modules') && this.isDirectory(candidate)) return candidate;
      if (folder === '/') return undefined;
    }
  }
}
