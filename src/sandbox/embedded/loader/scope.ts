import type {
  AnyNode,
  ArrowFunctionExpression,
  FunctionDeclaration,
  FunctionExpression,
  Pattern,
} from 'acorn';

/**
 * The names one scope declares, of those the caller asked about. Only a few names of a module matter (what it imports
 * and what it exports), so every other declaration is forgotten at once.
 */
export class Scope {
  readonly #names = new Set<string>();
  readonly #parent: Scope | null;
  readonly #interesting: ReadonlySet<string>;

  constructor(parent: Scope | null, interesting: ReadonlySet<string>) {
    this.#parent = parent;
    this.#interesting = interesting;
  }

  child(): Scope {
    return new Scope(this, this.#interesting);
  }

  declare(name: string): void {
    if (this.#interesting.has(name)) this.#names.add(name);
  }

  /** Whether `name` means the module's own top-level binding here, not one that hides it. */
  reachesModule(name: string): boolean {
    if (!this.#interesting.has(name)) return false;
    for (let scope: Scope | null = this; scope !== null; scope = scope.#parent) {
      if (scope.#names.has(name)) return false;
    }
    return true;
  }

  declarePattern(pattern: Pattern | null): void {
    for (const name of namesIn(pattern)) this.declare(name);
  }

  /** `let`, `const`, `using`, classes and functions that stand directly in a block. */
  declareLexical(statements: readonly AnyNode[]): void {
    for (const statement of statements) {
      if (statement.type === 'VariableDeclaration' && statement.kind !== 'var') {
        for (const declarator of statement.declarations) this.declarePattern(declarator.id);
      } else if (statement.type === 'ClassDeclaration' || statement.type === 'FunctionDeclaration') {
        if (statement.id) this.declare(statement.id.name);
      }
    }
  }

  /** Every `var` below `node`, down to the next function. */
  declareVariables(node: AnyNode): void {
    if (isFunction(node) || node.type === 'ClassBody') return;
    if (node.type === 'VariableDeclaration' && node.kind === 'var') {
      for (const declarator of node.declarations) this.declarePattern(declarator.id);
    }
    for (const child of childrenOf(node)) this.declareVariables(child);
  }
}

export function isFunction(
  node: AnyNode,
): node is FunctionDeclaration | FunctionExpression | ArrowFunctionExpression {
  return (
    node.type === 'FunctionDeclaration' ||
    node.type === 'FunctionExpression' ||
    node.type === 'ArrowFunctionExpression'
  );
}

/** The names a binding pattern declares. */
export function* namesIn(pattern: Pattern | null): Generator<string> {
  switch (pattern?.type) {
    case 'Identifier':
      yield pattern.name;
      break;
    case 'ObjectPattern':
      for (const property of pattern.properties) {
        yield* namesIn(property.type === 'RestElement' ? property.argument : property.value);
      }
      break;
    case 'ArrayPattern':
      for (const element of pattern.elements) yield* namesIn(element);
      break;
    case 'RestElement':
      yield* namesIn(pattern.argument);
      break;
    case 'AssignmentPattern':
      yield* namesIn(pattern.left);
      break;
  }
}

/** A node's children in no promised order. Acorn's trees hold nothing but nodes, arrays of nodes and plain values. */
export function* childrenOf(node: AnyNode): Generator<AnyNode> {
  for (const value of Object.values(node)) {
    if (Array.isArray(value)) {
      for (const item of value) if (isNode(item)) yield item;
    } else if (isNode(value)) {
      yield value;
    }
  }
}

function isNode(value: unknown): value is AnyNode {
  return typeof value === 'object' && value !== null && typeof (value as AnyNode).type === 'string';
}
