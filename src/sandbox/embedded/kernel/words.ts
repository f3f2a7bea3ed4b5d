import { CommandError } from './error.ts';

/** A command of a shell's line: `NAME=value` before it, then its words. */
export interface Words {
  readonly assigned: Record<string, string>;
  readonly words: string[];
}

const PART = /"((?:[^"\\$`]|\\.)*)"|'([^']*)'|\\(.)|([^\s"'\\&|;<>()$`*?#]+)/y;

/**
 * Splits a line as a shell does (POSIX.1-2024, Shell Command Language, §2.2 and §2.9), as far as scripts that start
 * programs need: quotes, assignments, `&&`. Pipes, redirections, variables and patterns it refuses.
 */
export function wordsOf(line: string): Words[] {
  const commands: Words[] = [];
  let current: Words = { assigned: {}, words: [] };
  const close = () => {
    if (current.words.length === 0) throw new CommandError(`\`${line}\` has an empty command.`);
    commands.push(current);
    current = { assigned: {}, words: [] };
  };
  let at = 0;
  while (at < line.length) {
    const blank = /\s+|&&/y;
    blank.lastIndex = at;
    const [between] = blank.exec(line) ?? [''];
    if (between !== '') {
      at += between.length;
      if (between === '&&') close();
      continue;
    }
    let word = '';
    for (PART.lastIndex = at; ; at = PART.lastIndex) {
      const found = PART.exec(line);
      if (!found) break;
      const [, double, single, escaped, plain] = found;
      word += double?.replace(/\\(["\\$`])/g, '$1') ?? single ?? escaped ?? plain;
    }
    if ((at < line.length && !/[\s&]/.test(line[at])) || /^&(?!&)/.test(line.slice(at)))
      throw new CommandError(`\`${line}\` needs a shell (\`${line[at]}\`); this sandbox has none.`);
    const assignment = /^([A-Za-z_]\w*)=(.*)$/s.exec(word);
    if (assignment && current.words.length === 0) current.assigned[assignment[1]] = assignment[2];
    else current.words.push(word);
  }
  close();
  return commands;
}
