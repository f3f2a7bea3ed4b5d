import type { AnyNode, Expression, Program } from 'acorn';
import { parse } from 'acorn';
import { childrenOf } from './scope.ts';

/** What an ES module can import by name from a CommonJS file, found without running it. */
export interface CjsExports {
  readonly names: ReadonlySet<string>;
  /** Specifiers whose exports are passed on. */
  readonly reexports: readonly string[];
}

/**
 * Finds the same names as Node's `cjs-module-lexer`: assignments to `exports.x` and `module.exports.x`,
 * `Object.defineProperty(exports, 'x', …)` with a value or a plain getter, the literal assigned to `module.exports`, and
 * re-exports by `module.exports = require(…)`, `__exportStar(require(…))` and a spread in that literal.
 */
export function findCjsExports(source: string): CjsExports {
  let program: Program;
  try {
    program = parse(source, { ecmaVersion: 'latest', sourceType: 'commonjs', allowHashBang: true });
  } catch {
    return { names: new Set(), reexports: [] };
  }
  const finder = new ExportFinder();
  finder.visit(program);
  return { names: finder.names, reexports: finder.reexports };
}

class ExportFinder {
  readonly names = new Set<string>();
  reexports: string[] = [];

  visit(node: AnyNode): void {
    if (node.type === 'AssignmentExpression' && node.operator === '=')
      this.#assignment(node.left, node.right);
    else if (node.type === 'CallExpression') this.#call(node.callee as AnyNode, node.arguments as AnyNode[]);
    for (const child of childrenOf(node)) this.visit(child);
  }

  #assignment(left: AnyNode, right: Expression): void {
    if (isModuleExports(left)) {
      this.#wholeExports(right);
    } else if (left.type === 'MemberExpression' && isExports(left.object)) {
      const name = staticName(left.property, left.computed);
      if (name !== null) this.names.add(name);
    }
  }

  /** `module.exports = …`. A later one replaces the re-exports of an earlier one. */
  #wholeExports(value: AnyNode): void {
    const required = requireOf(value);
    if (required !== null) {
      this.reexports = [required];
      return;
    }
    if (value.type !== 'ObjectExpression') return;
    for (const property of value.properties) {
      if (property.type === 'SpreadElement') {
        const spread = requireOf(property.argument);
        if (spread === null) return;
        this.reexports.push(spread);
        continue;
      }
      const name = staticName(property.key, false);
      // The lexer stops at the first property that it does not understand.
      if (property.computed || name === null || property.kind !== 'init') return;
      const simple = property.shorthand || property.value.type === 'Identifier';
      if (!simple) {
        if (property.key.type === 'Identifier' && !property.method) this.names.add(name);
        else if (!property.method) this.names.add(name);
        return;
      }
      this.names.add(name);
    }
  }

  #call(callee: AnyNode, values: readonly AnyNode[]): void {
    const [target, key, descriptor] = values;
    if (isObjectMethod(callee, 'defineProperty') && target && isExports(target)) {
      if (key?.type === 'Literal' && typeof key.value === 'string' && isPlainDescriptor(descriptor)) {
        this.names.add(key.value);
      }
      return;
    }
    const name =
      callee.type === 'Identifier'
        ? callee.name
        : callee.type === 'MemberExpression'
          ? staticName(callee.property, callee.computed)
          : null;
    if (name === '__exportStar' || name === '__export') {
      const required = target ? requireOf(target) : null;
      if (required !== null) this.reexports.push(required);
    }
  }
}

function isModuleExports(node: AnyNode): boolean {
  return (
    node.type === 'MemberExpression' &&
    node.object.type === 'Identifier' &&
    node.object.name === 'module' &&
    staticName(node.property, node.computed) === 'exports'
  );
}

function isExports(node: AnyNode): boolean {
  return (node.type === 'Identifier' && node.name === 'exports') || isModuleExports(node);
}

function isObjectMethod(callee: AnyNode, name: string): boolean {
  return (
    callee.type === 'MemberExpression' &&
    callee.object.type === 'Identifier' &&
    callee.object.name === 'Object' &&
    staticName(callee.property, callee.computed) === name
  );
}

/**
 * `{ value: … }` or `{ enumerable: true, value: … }`, or with `enumerable` a getter that only returns a name or a property
 * of one: the lexer reads no further.
 */
function isPlainDescriptor(node: AnyNode | undefined): boolean {
  if (node?.type !== 'ObjectExpression') return false;
  const [first, second] = node.properties;
  if (first?.type !== 'Property') return false;
  const firstName = staticName(first.key, first.computed);
  if (firstName === 'value') return true;
  const isEnumerable =
    firstName === 'enumerable' && first.value.type === 'Literal' && first.value.value === true;
  if (!isEnumerable || second?.type !== 'Property') return false;
  const name = staticName(second.key, second.computed);
  if (name === 'value') return true;
  const getter = second.value;
  if (name !== 'get' || getter.type !== 'FunctionExpression' || getter.body.body.length !== 1) return false;
  const [statement] = getter.body.body;
  if (statement.type !== 'ReturnStatement') return false;
  const returned = statement.argument;
  if (returned?.type === 'Identifier') return true;
  return returned?.type === 'MemberExpression' && returned.object.type === 'Identifier';
}

function requireOf(node: AnyNode): string | null {
  if (node.type !== 'CallExpression' || node.callee.type !== 'Identifier' || node.callee.name !== 'require') {
    return null;
  }
  const [specifier] = node.arguments;
  return specifier?.type === 'Literal' && typeof specifier.value === 'string' ? specifier.value : null;
}

function staticName(node: AnyNode, computed: boolean): string | null {
  if (node.type === 'Identifier' && !computed) return node.name;
  return node.type === 'Literal' && typeof node.value === 'string' ? node.value : null;
}
