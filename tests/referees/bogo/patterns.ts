/** Whether a name fits a pattern as Go's `filepath.Match` has them: `*` any characters, `?` one, `[abc]` one of these. */
export function matches(pattern: string, name: string): boolean {
  const source = pattern.replace(/\[[^\]]*\]|[\s\S]/g, (part) => {
    if (part === '*') return '.*';
    if (part === '?') return '.';
    if (part.length > 1) return part;
    return part.replace(/[\\^$.|+(){}[\]/]/, '\\$&');
  });
  return new RegExp(`^${source}$`).test(name);
}
