/** What the parser finds in text that is, or may be, a CommonJS file. */
import { parse, tokenizer } from 'acorn';
import { type Edit, parseModule } from './module-syntax.ts';
import { walkScript } from './walk.ts';

/** The edits that give the `import()` calls of a CommonJS file to `importCall`. */
export function dynamicImports(source: string, importCall: string): Edit[] {
  const program = parse(source, { ecmaVersion: 'latest', sourceType: 'commonjs', allowHashBang: true });
  return walkScript(program, { importCall, meta: '' }, source);
}

/**
 * Whether text that may be either is an ES module, as Node finds it: it is tried as CommonJS first, and taken for a module
 * if it fails for syntax that only modules have.
 */
export function isModuleText(source: string): boolean {
  try {
    parse(source, { ecmaVersion: 'latest', sourceType: 'commonjs', allowHashBang: true });
    return false;
  } catch (error) {
    if (/'import' and 'export' may appear only|Cannot use 'import.meta' outside/.test(String(error)))
      return true;
  }
  try {
    return parseModule(source).hasTopLevelAwait;
  } catch {
    return false;
  }
}

/** The length of the token that a text begins with. A token that does not end takes all of it. */
export function tokenWidth(text: string): number {
  try {
    const token = tokenizer(text, { ecmaVersion: 'latest' }).getToken();
    return Math.max(1, token.end - token.start);
  } catch {
    return Math.max(1, text.length);
  }
}
