export interface DifferingLine {
  kind: 'same' | 'removed' | 'added';
  text: string;
}

/** What became of each line, by the longest common subsequence. Lab files are short: the plain table is enough. */
export function lineDifference(before: string, after: string): DifferingLine[] {
  const [old, young] = [before.split('\n'), after.split('\n')];
  const common = old.map(() => new Uint16Array(young.length + 1));
  common.push(new Uint16Array(young.length + 1));
  for (let i = old.length - 1; i >= 0; i--) {
    for (let j = young.length - 1; j >= 0; j--) {
      common[i][j] =
        old[i] === young[j] ? common[i + 1][j + 1] + 1 : Math.max(common[i + 1][j], common[i][j + 1]);
    }
  }
  const lines: DifferingLine[] = [];
  let [i, j] = [0, 0];
  while (i < old.length || j < young.length) {
    if (i < old.length && j < young.length && old[i] === young[j]) {
      lines.push({ kind: 'same', text: old[i] });
      i += 1;
      j += 1;
    } else if (i < old.length && (j === young.length || common[i + 1][j] >= common[i][j + 1])) {
      lines.push({ kind: 'removed', text: old[i] });
      i += 1;
    } else {
      lines.push({ kind: 'added', text: young[j] });
      j += 1;
    }
  }
  return lines;
}
