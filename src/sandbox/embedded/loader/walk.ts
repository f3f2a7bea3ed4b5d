import type { AnyNode, Identifier, Pattern, Program } from 'acorn';
import type { Edit, ImportUse, Names } from './module-syntax.ts';
import { childrenOf, isFunction, Scope } from './scope.ts';

export interface Walked {
  readonly importUses: ImportUse[];
  readonly edits: Edit[];
  readonly reassigned: Set<string>;
  hasTopLevelAwait: boolean;
  /** Where the last of them stands that can take long: what a program that never gets further waits for, most likely. */
  lastAwait: number | undefined;
}

interface Interest {
  readonly imports: ReadonlySet<string>;
  /** Module-level names whose reassignment matters. */
  readonly moduleNames: ReadonlySet<string>;
  readonly names: Pick<Names, 'meta' | 'importCall'>;
  readonly source: string;
}

/** Finds the uses of imported names, the assignments to exported ones, `import()`, `import.meta` and top-level `await`. */
export function walkModule(program: Program, interest: Interest): Walked {
  const walker = new Walker(interest);
  const scope = new Scope(null, new Set([...interest.imports, ...interest.moduleNames]));
  for (const statement of program.body) walker.visit(statement, scope, 0);
  return walker.found;
}

/** Replaces `import(` in a CommonJS source; nothing else in it needs a change. */
export function walkScript(
  program: Program,
  names: Pick<Names, 'meta' | 'importCall'>,
  source: string,
): Edit[] {
  const walker = new Walker({ imports: new Set(), moduleNames: new Set(), names, source });
  const scope = new Scope(null, new Set());
  for (const statement of program.body) walker.visit(statement, scope, 1);
  return walker.found.edits;
}

class Walker {
  readonly found: Walked = {
    importUses: [],
    edits: [],
    reassigned: new Set(),
    hasTopLevelAwait: false,
    lastAwait: undefined,
  };
  readonly #interest: Interest;

  constructor(interest: Interest) {
    this.#interest = interest;
  }

  /** `depth` counts the functions around `node`. */
  visit(node: AnyNode | null | undefined, scope: Scope, depth: number): void {
    if (!node) return;
    switch (node.type) {
      case 'ImportDeclaration':
      case 'ExportAllDeclaration':
        return;
      case 'ExportNamedDeclaration':
      case 'ExportDefaultDeclaration':
        this.visit(node.declaration, scope, depth);
        return;
      case 'Identifier':
        this.#use(node, scope, 'read');
        return;
      case 'CallExpression':
        if (node.callee.type === 'Identifier') {
          const callAt = this.#interest.source.indexOf('(', node.callee.end);
          this.#use(node.callee, scope, 'call', callAt);
        } else this.visit(node.callee, scope, depth);
        this.#visitAll(node.arguments, scope, depth);
        return;
      case 'TaggedTemplateExpression':
        if (node.tag.type === 'Identifier') this.#use(node.tag, scope, 'call', node.quasi.start);
        else this.visit(node.tag, scope, depth);
        this.visit(node.quasi, scope, depth);
        return;
      case 'MemberExpression':
        this.visit(node.object, scope, depth);
        if (node.computed) this.visit(node.property, scope, depth);
        return;
      case 'Property':
        if (node.computed) this.visit(node.key, scope, depth);
        if (node.shorthand && node.value.type === 'Identifier') this.#use(node.value, scope, 'shorthand');
        else this.visit(node.value, scope, depth);
        return;
      case 'MethodDefinition':
      case 'PropertyDefinition':
        if (node.computed) this.visit(node.key, scope, depth);
        this.visit(node.value, scope, node.type === 'PropertyDefinition' ? depth + 1 : depth);
        return;
      case 'LabeledStatement':
        this.visit(node.body, scope, depth);
        return;
      case 'BreakStatement':
      case 'ContinueStatement':
        return;
      case 'MetaProperty':
        if (node.meta.name === 'import') this.#replace(node.start, node.end, this.#interest.names.meta);
        return;
      case 'ImportExpression':
        this.#replace(node.start, node.start + 'import'.length, this.#interest.names.importCall);
        this.visit(node.source, scope, depth);
        this.visit(node.options, scope, depth);
        return;
      case 'AwaitExpression':
        if (depth === 0) {
          this.found.hasTopLevelAwait = true;
          if (node.argument.type !== 'Literal') this.found.lastAwait = node.start;
        }
        this.visit(node.argument, scope, depth);
        return;
      case 'VariableDeclaration':
        if ((node.kind as string) === 'await using' && depth === 0) this.found.hasTopLevelAwait = true;
        this.#visitAll(node.declarations, scope, depth);
        return;
      case 'VariableDeclarator':
        this.#pattern(node.id, scope, depth, false);
        this.visit(node.init, scope, depth);
        return;
      case 'AssignmentExpression':
        this.#pattern(node.left as Pattern, scope, depth, true);
        this.visit(node.right, scope, depth);
        return;
      case 'UpdateExpression':
        this.#pattern(node.argument as Pattern, scope, depth, true);
        return;
      case 'ForStatement':
      case 'ForInStatement':
      case 'ForOfStatement':
        this.#loop(node, scope, depth);
        return;
      case 'CatchClause': {
        const inner = scope.child();
        inner.declarePattern(node.param ?? null);
        if (node.param) this.#pattern(node.param, inner, depth, false);
        this.visit(node.body, inner, depth);
        return;
      }
      case 'BlockStatement':
      case 'StaticBlock': {
        const inner = scope.child();
        inner.declareLexical(node.body);
        if (node.type === 'StaticBlock') for (const statement of node.body) inner.declareVariables(statement);
        this.#visitAll(node.body, inner, node.type === 'StaticBlock' ? depth + 1 : depth);
        return;
      }
      case 'SwitchStatement': {
        this.visit(node.discriminant, scope, depth);
        const inner = scope.child();
        for (const branch of node.cases) inner.declareLexical(branch.consequent);
        this.#visitAll(node.cases, inner, depth);
        return;
      }
      case 'ClassDeclaration':
      case 'ClassExpression': {
        const inner = scope.child();
        if (node.id && node.type === 'ClassExpression') inner.declare(node.id.name);
        this.visit(node.superClass, inner, depth);
        this.#visitAll(node.body.body, inner, depth);
        return;
      }
      default:
        if (isFunction(node)) this.#function(node, scope, depth + 1);
        else for (const child of childrenOf(node)) this.visit(child, scope, depth);
    }
  }

  #visitAll(nodes: readonly (AnyNode | null)[], scope: Scope, depth: number): void {
    for (const node of nodes) this.visit(node, scope, depth);
  }

  #function(node: Extract<AnyNode, { params: unknown }>, scope: Scope, depth: number): void {
    const inner = scope.child();
    if (node.type === 'FunctionExpression' && node.id) inner.declare(node.id.name);
    for (const parameter of node.params) inner.declarePattern(parameter);
    if (node.body.type === 'BlockStatement') {
      inner.declareLexical(node.body.body);
      for (const statement of node.body.body) inner.declareVariables(statement);
    }
    for (const parameter of node.params) this.#pattern(parameter, inner, depth, false);
    if (node.body.type === 'BlockStatement') this.#visitAll(node.body.body, inner, depth);
    else this.visit(node.body, inner, depth);
  }

  #loop(
    node: Extract<AnyNode, { type: 'ForStatement' | 'ForInStatement' | 'ForOfStatement' }>,
    scope: Scope,
    depth: number,
  ): void {
    const inner = scope.child();
    const head = node.type === 'ForStatement' ? node.init : node.left;
    if (head?.type === 'VariableDeclaration') inner.declareLexical([head]);
    if (node.type === 'ForStatement') {
      this.visit(node.init, inner, depth);
      this.visit(node.test, inner, depth);
      this.visit(node.update, inner, depth);
    } else {
      if (node.type === 'ForOfStatement' && node.await && depth === 0) {
        this.found.hasTopLevelAwait = true;
        this.found.lastAwait = node.left.end - 1;
      }
      if (head?.type === 'VariableDeclaration') this.visit(head, inner, depth);
      else this.#pattern(node.left as Pattern, inner, depth, true);
      this.visit(node.right, inner, depth);
    }
    this.visit(node.body, inner, depth);
  }

  /** A binding pattern, or with `assigns` an assignment target. */
  #pattern(pattern: Pattern | null, scope: Scope, depth: number, assigns: boolean): void {
    switch (pattern?.type) {
      case undefined:
        return;
      case 'Identifier':
        if (assigns) this.#use(pattern, scope, 'write');
        return;
      case 'ObjectPattern':
        for (const property of pattern.properties) {
          if (property.type === 'RestElement') {
            this.#pattern(property.argument, scope, depth, assigns);
            continue;
          }
          if (property.computed) this.visit(property.key, scope, depth);
          const target = property.value.type === 'AssignmentPattern' ? property.value.left : property.value;
          if (assigns && property.shorthand && target.type === 'Identifier') {
            this.#use(target, scope, 'shorthand-write');
            if (property.value.type === 'AssignmentPattern') this.visit(property.value.right, scope, depth);
          } else this.#pattern(property.value, scope, depth, assigns);
        }
        return;
      case 'ArrayPattern':
        for (const element of pattern.elements) this.#pattern(element, scope, depth, assigns);
        return;
      case 'RestElement':
        this.#pattern(pattern.argument, scope, depth, assigns);
        return;
      case 'AssignmentPattern':
        this.#pattern(pattern.left, scope, depth, assigns);
        this.visit(pattern.right, scope, depth);
        return;
      default:
        this.visit(pattern, scope, depth);
        return;
    }
  }

  #use(node: Identifier, scope: Scope, kind: ImportUse['kind'], callAt?: number): void {
    if (!scope.reachesModule(node.name)) return;
    if (this.#interest.imports.has(node.name)) {
      this.found.importUses.push({ name: node.name, start: node.start, end: node.end, kind, callAt });
    } else if (kind === 'write' || kind === 'shorthand-write') {
      this.found.reassigned.add(node.name);
    }
  }

  #replace(start: number, end: number, text: string): void {
    this.found.edits.push({ start, end, text: text.padEnd(end - start) });
  }
}
