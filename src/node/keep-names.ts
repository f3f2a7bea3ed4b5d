/**
 * Gives functions and classes back the names that minifying took: programs see them through `constructor.name`,
 * `util.inspect` and `fn.name`. The build appends a call to the files where it matters (build/plugin.ts).
 */
export function keepNames(named: Record<string, object>): void {
  for (const name in named) {
    if (typeof named[name] !== 'function') continue;
    Object.defineProperty(named[name], 'name', { value: name, configurable: true });
  }
}
