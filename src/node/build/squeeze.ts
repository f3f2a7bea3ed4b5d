import { minifySync } from 'oxc-minify';

/** esbuild bundles; a second minifier finds another twentieth. The names that programs see are set by `keepNames`. */
export function squeeze(name: string, code: string): string {
  const squeezed = minifySync(name, code, {
    compress: { target: 'es2024' },
    mangle: { toplevel: false },
    codegen: { removeWhitespace: true },
  });
  if (squeezed.errors.length > 0) throw new Error(`${name}: ${squeezed.errors[0].message}`);
  return squeezed.code;
}
