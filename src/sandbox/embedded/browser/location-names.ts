import type { Node } from 'acorn';

/** What stands for `location` in the page's scripts: the pane's own `location` says `about:srcdoc`. */
export const LOCATION_NAME = 'handfastLocation';

const OWNERS = new Set(['window', 'document', 'self', 'globalThis', 'top', 'parent', 'frames']);

/**
 * A script in which `location` (the global one, and that of `window` and `document`) is called LOCATION_NAME: a document
 * cannot change what its `location` says, and a script that reads `location.origin` must read the address bar. A script
 * that does not parse comes back as it is, so that the browser itself says why.
 */
export async function renameLocation(script: string, isModule = false): Promise<string> {
  if (!/\blocation\b/.test(script)) return script;
  const acorn = await import('acorn');
  let program: Node;
  try {
    program = acorn.parse(script, {
      ecmaVersion: 'latest',
      sourceType: isModule ? 'module' : 'script',
      allowReturnOutsideFunction: true,
    });
  } catch {
    return script;
  }
  const edits: { at: number; end: number; text: string }[] = [];
  const rename = (node: Node, text = LOCATION_NAME) => edits.push({ at: node.start, end: node.end, text });
  let hopeless = false;
  visit(program as AnyNode, undefined, '');

  function visit(node: AnyNode, parent: AnyNode | undefined, role: string): void {
    if (node.type === 'Identifier' && node.name === 'location') {
      if (parent?.type === 'MemberExpression' && role === 'property' && !parent.computed) {
        const owner = parent.object as AnyNode;
        if (owner.type === 'Identifier' && OWNERS.has(owner.name as string)) rename(node);
      } else if (parent?.type === 'Property' && parent.shorthand) {
        if (role === 'value') rename(node, `location: ${LOCATION_NAME}`);
      } else if (parent?.type === 'AssignmentPattern' || /^(Import|Export)/.test(parent?.type ?? '')) {
        hopeless = true;
      } else if (!(isKeyed(parent) && role === 'key' && !parent?.computed)) rename(node);
    }
    for (const [name, value] of Object.entries(node)) {
      for (const child of Array.isArray(value) ? value : [value]) {
        if (child && typeof child.type === 'string') visit(child, node, name);
      }
    }
  }

  if (hopeless) return script;
  let text = script;
  for (const { at, end, text: name } of edits.sort((a, b) => b.at - a.at))
    text = text.slice(0, at) + name + text.slice(end);
  return text;
}

type AnyNode = Node & Record<string, unknown>;

/** Whether a node has a name of its own that is no variable. */
const isKeyed = (node: AnyNode | undefined) =>
  /^(Property|MethodDefinition|PropertyDefinition)$/.test(node?.type ?? '');
