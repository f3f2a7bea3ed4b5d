/** The syntax of a program's files: known ahead, or else parsed. */
import { type CjsExports, findCjsExports } from './cjs-exports.ts';
import { type Edit, type ModuleSyntax, parseModule } from './module-syntax.ts';
import { dynamicImports, isModuleText } from './script-syntax.ts';
import { type FlatSyntax, fingerprint, type KnownSyntaxTable } from './syntax-table.ts';

let known: KnownSyntaxTable = {};

/** Says what is known. One worker is one process, so there is one table. */
export function knowSyntax(table: KnownSyntaxTable): void {
  known = table;
}

/** What `parseModule` finds, parsed only if it is not known. Throws a SyntaxError. */
export function moduleSyntax(source: string): ModuleSyntax {
  const { m } = known[fingerprint(source)] ?? {};
  return m === undefined ? parseModule(source) : revive(source, m);
}

/** What `findCjsExports` finds, parsed only if it is not known. */
export function cjsExports(source: string): CjsExports {
  const { c } = known[fingerprint(source)] ?? {};
  return c ? { names: new Set(c[0]), reexports: c[1] } : findCjsExports(source);
}

/** Whether text that may be either is an ES module, as Node finds it. */
export function detectsAsModule(source: string): boolean {
  const found = known[fingerprint(source)];
  return found ? found.c === undefined : /\b(?:import|export|await)\b/.test(source) && isModuleText(source);
}

/** The edits that give the `import()` calls of a CommonJS file to `importCall`. */
export function importCalls(source: string, importCall: string): Edit[] {
  // Parsing takes longer than everything else, so files without the word are spared it.
  const isSpared = !/\bimport\b/.test(source) || known[fingerprint(source)]?.c;
  return isSpared ? [] : dynamicImports(source, importCall);
}

function revive(source: string, flat: FlatSyntax): ModuleSyntax {
  return {
    ...flat,
    source,
    imports: new Map(flat.imports),
    localExports: new Map(flat.localExports),
    indirectExports: new Map(flat.indirectExports),
    reassigned: new Set(flat.reassigned),
  };
}
