/**
 * What the parser finds in files, kept as data: the site's build parses the files of a lab ahead, so a program whose files
 * the reader has not changed starts without the parser, which is a tenth of the engine.
 */
import type { ModuleSyntax } from './module-syntax.ts';

/**
 * JSON. An ES module; a CommonJS file without `import()`: the names that it exports, and what it passes on; or both, where
 * the text may be either. Then it is CommonJS, unless its name or its package says otherwise.
 */
export interface KnownSyntax {
  readonly m?: FlatSyntax;
  readonly c?: readonly [names: readonly string[], reexports: readonly string[]];
}

/** By `fingerprint` of the text. */
export type KnownSyntaxTable = Readonly<Record<string, KnownSyntax>>;

/** A module's syntax as JSON holds it: maps and sets as lists, the source left out. */
export type FlatSyntax = Omit<
  ModuleSyntax,
  'source' | 'imports' | 'localExports' | 'indirectExports' | 'reassigned'
> & {
  readonly imports: [
    string,
    ModuleSyntax['imports'] extends ReadonlyMap<string, infer Value> ? Value : never,
  ][];
  readonly localExports: [string, string][];
  readonly indirectExports: [
    string,
    ModuleSyntax['indirectExports'] extends ReadonlyMap<string, infer Value> ? Value : never,
  ][];
  readonly reassigned: string[];
};

/** A name for a text: two 32-bit hashes (FNV-1a and its mirror) and the length. Nothing secret hangs on it. */
export function fingerprint(text: string): string {
  let one = 0x811c9dc5;
  let other = 0x9e3779b9;
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    one = Math.imul(one ^ unit, 0x01000193);
    other = Math.imul(other, 0x01000193) ^ unit;
  }
  return `${text.length.toString(36)}.${(one >>> 0).toString(36)}.${(other >>> 0).toString(36)}`;
}
