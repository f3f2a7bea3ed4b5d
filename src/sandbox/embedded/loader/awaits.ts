import { type AnyNode, type Program, parse } from 'acorn';
import type { Edit } from './module-syntax.ts';
import { childrenOf } from './scope.ts';

/**
 * The edits that let AsyncLocalStorage follow `await`, which asks no function of JavaScript's: what is awaited passes
 * through `follow.value`, and what `for await` walks through `follow.each`. None for text that does not parse: that is
 * for the engine to say.
 */
export function awaitEdits(source: string, sourceType: 'module' | 'commonjs', follow: string): Edit[] {
  const edits: Edit[] = [];
  const around = (start: number, end: number, name: string) =>
    edits.push({ start, end: start, text: ` ${follow}.${name}(` }, { start: end, end, text: ')' });
  const visit = (node: AnyNode) => {
    if (node.type === 'AwaitExpression') around(node.start + 'await'.length, node.end, 'value');
    // In parentheses of its own, a sequence would become several arguments.
    if (node.type === 'ForOfStatement' && node.await && node.right.type !== 'SequenceExpression')
      around(node.right.start, node.right.end, 'each');
    for (const child of childrenOf(node)) visit(child);
  };
  let program: Program;
  try {
    program = parse(source, { ecmaVersion: 'latest', sourceType, allowHashBang: true });
  } catch {
    return [];
  }
  program.body.forEach(visit);
  return edits;
}
