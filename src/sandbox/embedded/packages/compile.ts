/**
 * Compiles a package for the embedded engine at build time, with the loader's own compiler: its files keep their places
 * and lines (comments become blank), and one script holds the functions of them all, so that a process parses nothing.
 */
import path from 'node:path';
import { parse } from 'acorn';
import { findCjsExports } from '../loader/cjs-exports.ts';
import { type Compiled, compileCommonJs, compileModule } from '../loader/compile.ts';
import { link } from '../loader/link.ts';
import { type ModuleSyntax, parseModule } from '../loader/module-syntax.ts';
import { type Binding, ModuleRecord, type Resolution, SourceTextModule } from '../loader/records.ts';
import { handOver } from '../loader/scripts.ts';

/** What the page mounts for a package that a lab's `package.json` names. */
export interface CompiledPackage {
  readonly name: string;
  readonly version: string;
  /** Text by path inside the package's folder. */
  readonly files: Readonly<Record<string, string>>;
  /** The script of all functions, in parts: text, or a file whose text stands there unchanged. `packages/place.ts` says where it goes. */
  readonly script: readonly (string | { readonly file: string })[];
}

/** Compiles the files of a package (by path, `package.json` among them). Throws when one of them does not parse. */
export function compilePackage(given: Readonly<Record<string, string>>): CompiledPackage {
  const { name, version, type } = JSON.parse(given['package.json']);
  const files: Record<string, string> = {};
  const modules = new Map<string, SourceTextModule>();
  const writer = createScript();
  for (const [place, text] of Object.entries(given)) {
    const kind = kindOf(place, type);
    files[place] = kind ? withoutComments(text, kind) : text;
    if (kind === 'module') modules.set(place, new SourceTextModule(place, parseModule(files[place])));
    if (kind === 'commonjs') {
      const source = files[place];
      const { names, reexports } = findCjsExports(source);
      const exports = `{names:new Set(${JSON.stringify([...names])}),reexports:${JSON.stringify(reexports)}}`;
      writer.add(place, source, `exports:${exports}`, compileCommonJs(source, '', false));
    }
  }
  linkAll(modules, (place, syntax, isConstant) => {
    writer.add(
      place,
      syntax.source,
      `syntax:${literal(syntax)}`,
      compileModule(syntax, '', isConstant, false),
    );
  });
  return { name, version, files, script: writer.end() };
}

type Kind = 'module' | 'commonjs';

function kindOf(place: string, type: unknown): Kind | undefined {
  if (place.endsWith('.mjs')) return 'module';
  if (place.endsWith('.cjs')) return 'commonjs';
  if (!place.endsWith('.js')) return undefined;
  return type === 'module' ? 'module' : 'commonjs';
}

/** The same text with every comment blank: each token stays on its line and, where a comment stands behind it, in its column. */
function withoutComments(source: string, kind: Kind): string {
  let text = '';
  let end = 0;
  parse(source, {
    ecmaVersion: 'latest',
    sourceType: kind,
    allowHashBang: true,
    onComment(_isBlock, comment, from, to) {
      text += source.slice(end, from) + comment.replace(/[^\n]/g, '').padStart(1, ' ');
      end = to;
    },
  });
  return (text + source.slice(end)).replace(/[ \t]+$/gm, '');
}

/** Resolves the imports of all modules as the loader will, and says of each which of them never change. */
function linkAll(
  modules: ReadonlyMap<string, SourceTextModule>,
  compile: (place: string, syntax: ModuleSyntax, isConstant: (local: string) => boolean) => void,
): void {
  for (const module of modules.values()) {
    module.requested = module.syntax.requests.map(({ specifier }) => {
      if (!specifier.startsWith('.')) return new Outside(specifier);
      const found = modules.get(path.posix.join(path.posix.dirname(module.url), specifier));
      if (!found) throw new Error(`${module.url} imports ${specifier}, which the package does not have`);
      return found;
    });
  }
  for (const root of modules.values()) {
    link(root, {
      instantiate(module, imports) {
        const isConstant = (local: string) => !module.inCycle && (imports.get(local) as Binding).constant;
        compile(module.url, module.syntax, isConstant);
      },
      unresolvable: (module, { imported }) => new Error(`${module.url}: there is no export ${imported}`),
    });
  }
}

/** A module of Node's or of another package: what it exports is read once. */
class Outside extends ModuleRecord {
  override exportedNames(): string[] {
    return [];
  }
  override resolveExport(name: string): Resolution {
    return { module: this, name, read: () => undefined, constant: true };
  }
}

/** The script: a list with one entry for each file, whose text begins on a line of its own. */
function createScript() {
  const parts: CompiledPackage['script'][number][] = [];
  let lines = 0;
  const write = (text: string) => {
    parts.push(`${text}\n`);
    lines += text.split('\n').length;
  };
  write(`${handOver}([`);
  return {
    add(place: string, source: string, facts: string, { script, positions }: Compiled) {
      const column = FAR - positions.toSource({ line: 1, column: FAR }).column;
      write(`[${JSON.stringify(place)},{size:${source.length},line:${lines + 1},column:${column},${facts}},`);
      const [before, after] = script.split(source);
      if (after === undefined) write(`${script}],`);
      else {
        parts.push(before, { file: place });
        lines += source.split('\n').length - 1;
        write(`${after}],`);
      }
    },
    end: () => [...parts, '])'],
  };
}

/** A column behind everything that compiling puts before the source. */
const FAR = 100_000;

/** The parts of a module's syntax that matter once it is compiled, as JavaScript. */
function literal(syntax: ModuleSyntax): string {
  const { source, edits, importUses, names, ...kept } = syntax;
  const write = (value: unknown): string => {
    if (value instanceof Map) return `new Map(${write([...value])})`;
    if (value instanceof Set) return `new Set(${write([...value])})`;
    if (Array.isArray(value)) return `[${value.map(write).join(',')}]`;
    if (typeof value !== 'object' || value === null) return String(JSON.stringify(value));
    return `{${Object.entries(value)
      .map(([key, part]) => `${JSON.stringify(key)}:${write(part)}`)
      .join(',')}}`;
  };
  return write(kept);
}
