/** For the site's build: what the embedded engine need not parse again in the reader's browser. */
import { findCjsExports } from './embedded/loader/cjs-exports.ts';
import { parseModule } from './embedded/loader/module-syntax.ts';
import { dynamicImports, isModuleText } from './embedded/loader/script-syntax.ts';
import {
  type FlatSyntax,
  fingerprint,
  type KnownSyntax,
  type KnownSyntaxTable,
} from './embedded/loader/syntax-table.ts';

export type { KnownSyntaxTable };

/**
 * Parses texts of programs; the table goes to `boot` as `syntax`. What does not parse is left out: the error comes when it
 * is run. So is a CommonJS file with `import()`.
 */
export function syntaxAhead(sources: Iterable<string>): KnownSyntaxTable {
  const table: Record<string, KnownSyntax> = {};
  for (const source of sources) {
    const found = isModuleText(source) ? moduleSyntax(source) : eitherSyntax(source);
    if (found) table[fingerprint(source)] = found;
  }
  return table;
}

function moduleSyntax(text: string): KnownSyntax | undefined {
  try {
    const { source: _, imports, localExports, indirectExports, reassigned, ...rest } = parseModule(text);
    const m: FlatSyntax = {
      ...rest,
      imports: [...imports],
      localExports: [...localExports],
      indirectExports: [...indirectExports],
      reassigned: [...reassigned],
    };
    return { m };
  } catch {
    return undefined;
  }
}

/** Text that says nothing, as a file of comments alone: its folder's package.json may make a module of it. */
function eitherSyntax(text: string): KnownSyntax | undefined {
  const script = scriptSyntax(text);
  return script && { ...script, ...moduleSyntax(text) };
}

function scriptSyntax(text: string): KnownSyntax | undefined {
  try {
    if (dynamicImports(text, 'import').length > 0) return undefined;
  } catch {
    return undefined;
  }
  const { names, reexports } = findCjsExports(text);
  return { c: [[...names], reexports] };
}
