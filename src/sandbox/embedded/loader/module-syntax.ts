import type {
  AnyNode,
  ExportDefaultDeclaration,
  Identifier,
  ImportDeclaration,
  Literal,
  Program,
} from 'acorn';
import { parse } from 'acorn';
import { namesIn } from './scope.ts';
import { walkModule } from './walk.ts';

/** A specifier together with its import attributes: modules are requested once for each distinct pair. */
export interface ModuleRequest {
  readonly specifier: string;
  readonly attributes: Readonly<Record<string, string>>;
  /** Where it stands in the source, for carets. */
  readonly start: number;
}

/** `import { imported as local } from request`. `imported` is `'*'` with `namespace` for a namespace import. */
export interface ImportBinding {
  readonly request: number;
  readonly imported: string;
  readonly namespace: boolean;
  readonly start: number;
  readonly end: number;
}

export interface IndirectExport {
  readonly request: number;
  readonly imported: string;
  readonly namespace: boolean;
  readonly start: number;
  readonly end: number;
}

/** A replacement of source text. `text` is as long as what it replaces wherever that can be had. */
export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
  /** Also report a position at this source offset (a call's parenthesis) as if it were at `start`. */
  readonly callAt?: number;
}

/** A use of an imported name. */
export interface ImportUse {
  readonly name: string;
  readonly start: number;
  readonly end: number;
  readonly kind: 'read' | 'call' | 'shorthand' | 'write' | 'shorthand-write';
  readonly callAt?: number;
}

/** What a module's text says, before anything is linked. ECMA-262 §16.2. */
export interface ModuleSyntax {
  readonly source: string;
  readonly requests: readonly ModuleRequest[];
  readonly imports: ReadonlyMap<string, ImportBinding>;
  /** Export name → local name. */
  readonly localExports: ReadonlyMap<string, string>;
  readonly indirectExports: ReadonlyMap<string, IndirectExport>;
  readonly starExports: readonly number[];
  readonly hasTopLevelAwait: boolean;
  readonly lastAwait: number | undefined;
  /** Module-level names that something assigns to after their declaration. */
  readonly reassigned: ReadonlySet<string>;
  readonly importUses: readonly ImportUse[];
  readonly edits: readonly Edit[];
  /** Text for after the module's last line, e.g. the name of an anonymous default export. */
  readonly names: Names;
  /** Whether the default export is an anonymous function or class, which must be named "default". */
  readonly defaultNeedsName: boolean;
}

/** Identifiers of ours inside the compiled text, chosen so that the source does not use them. */
export interface Names {
  readonly define: string;
  readonly meta: string;
  readonly importCall: string;
  readonly imports: string;
  readonly scope: string;
  readonly defaultExport: string;
}

export function parseModule(source: string): ModuleSyntax {
  const program = parse(source, { ecmaVersion: 'latest', sourceType: 'module', allowHashBang: true });
  return new ModuleReader(source, program).read();
}

class ModuleReader {
  readonly #source: string;
  readonly #program: Program;
  readonly #requests: ModuleRequest[] = [];
  readonly #requestIndex = new Map<string, number>();
  readonly #imports = new Map<string, ImportBinding>();
  readonly #localExports = new Map<string, string>();
  readonly #indirectExports = new Map<string, IndirectExport>();
  readonly #starExports: number[] = [];
  readonly #edits: Edit[] = [];
  readonly #names: Names;
  #defaultNeedsName = false;

  constructor(source: string, program: Program) {
    this.#source = source;
    this.#program = program;
    this.#names = chooseNames(source);
  }

  read(): ModuleSyntax {
    if (this.#source.startsWith('#!')) this.#edits.push({ start: 0, end: 2, text: '//' });
    for (const statement of this.#program.body) {
      if (statement.type === 'ImportDeclaration') this.#readImport(statement);
    }
    for (const statement of this.#program.body) this.#readExport(statement);
    const walked = walkModule(this.#program, {
      imports: new Set(this.#imports.keys()),
      moduleNames: new Set(this.#localExports.values()),
      names: this.#names,
      source: this.#source,
    });
    return {
      source: this.#source,
      requests: this.#requests,
      imports: this.#imports,
      localExports: this.#localExports,
      indirectExports: this.#indirectExports,
      starExports: this.#starExports,
      hasTopLevelAwait: walked.hasTopLevelAwait,
      lastAwait: walked.lastAwait,
      reassigned: walked.reassigned,
      importUses: walked.importUses,
      edits: [...this.#edits, ...walked.edits],
      names: this.#names,
      defaultNeedsName: this.#defaultNeedsName,
    };
  }

  #request(node: { source?: Literal | null; attributes?: readonly unknown[] }): number {
    const literal = node.source as Literal;
    const attributes: Record<string, string> = {};
    for (const attribute of (node.attributes ?? []) as { key: Identifier | Literal; value: Literal }[]) {
      attributes[nameOf(attribute.key)] = String(attribute.value.value);
    }
    const specifier = String(literal.value);
    const key = JSON.stringify([specifier, Object.entries(attributes).sort()]);
    const known = this.#requestIndex.get(key);
    if (known !== undefined) return known;
    this.#requests.push({ specifier, attributes, start: literal.start });
    this.#requestIndex.set(key, this.#requests.length - 1);
    return this.#requests.length - 1;
  }

  #readImport(statement: ImportDeclaration): void {
    const request = this.#request(statement);
    for (const specifier of statement.specifiers) {
      const namespace = specifier.type === 'ImportNamespaceSpecifier';
      const name = specifier.type === 'ImportSpecifier' ? specifier.imported : specifier;
      this.#imports.set(specifier.local.name, {
        request,
        imported:
          specifier.type === 'ImportSpecifier' ? nameOf(specifier.imported) : namespace ? '*' : 'default',
        namespace,
        start: name.start,
        end: name.end,
      });
    }
    this.#blank(statement.start, statement.end);
  }

  #readExport(statement: AnyNode): void {
    if (statement.type === 'ExportAllDeclaration') {
      const request = this.#request(statement);
      if (statement.exported) {
        const { start, end } = statement.exported;
        this.#indirectExports.set(nameOf(statement.exported), {
          request,
          imported: '*',
          namespace: true,
          start,
          end,
        });
      } else {
        this.#starExports.push(request);
      }
      this.#blank(statement.start, statement.end);
    } else if (statement.type === 'ExportDefaultDeclaration') {
      this.#readDefault(statement);
    } else if (statement.type === 'ExportNamedDeclaration') {
      const { declaration } = statement;
      if (declaration) {
        this.#blank(statement.start, declaration.start);
        const names =
          declaration.type === 'VariableDeclaration'
            ? declaration.declarations.flatMap((declarator) => [...namesIn(declarator.id)])
            : [declaration.id.name];
        for (const name of names) this.#localExports.set(name, name);
        return;
      }
      const request = statement.source ? this.#request(statement) : undefined;
      for (const specifier of statement.specifiers) {
        const exported = nameOf(specifier.exported);
        const local = nameOf(specifier.local);
        const { start, end } = specifier.local;
        const imported = this.#imports.get(local);
        if (request !== undefined) {
          this.#indirectExports.set(exported, { request, imported: local, namespace: false, start, end });
        } else if (imported) {
          this.#indirectExports.set(exported, imported);
        } else {
          this.#localExports.set(exported, local);
        }
      }
      this.#blank(statement.start, statement.end);
    }
  }

  #readDefault(statement: ExportDefaultDeclaration): void {
    const { declaration } = statement;
    const isFunction = declaration.type === 'FunctionDeclaration';
    const isClass = declaration.type === 'ClassDeclaration';
    const local = this.#names.defaultExport;
    if ((isFunction || isClass) && declaration.id) {
      this.#localExports.set('default', declaration.id.name);
      this.#blank(statement.start, declaration.start);
      return;
    }
    this.#localExports.set('default', local);
    if (isFunction) {
      // `export default function (…)` is hoisted like any function declaration, so it becomes one.
      const parenthesis = this.#source.indexOf('(', headerEnd(this.#source, declaration.start));
      const header = this.#source.slice(declaration.start, parenthesis).trimEnd();
      this.#replace(statement.start, parenthesis, `${header} ${local}`);
      this.#defaultNeedsName = true;
      return;
    }
    this.#replace(statement.start, declaration.start, `const ${local}=`);
    this.#defaultNeedsName = isClass || isAnonymousFunction(declaration);
  }

  /** Removes text and keeps every line and column behind it where it was. */
  #blank(start: number, end: number): void {
    this.#replace(start, end, '');
    // A statement that ended without a semicolon must not join the next line.
    if (end > start) {
      const edit = this.#edits.pop() as Edit;
      this.#edits.push({ ...edit, text: `;${edit.text.slice(edit.text.startsWith('\n') ? 0 : 1)}` });
    }
  }

  #replace(start: number, end: number, text: string): void {
    const padding = this.#source.slice(start, end).replace(/[^\n\r\u2028\u2029]/g, ' ');
    const firstLine = padding.search(/[\n\r\u2028\u2029]|$/);
    this.#edits.push({ start, end, text: text + padding.slice(Math.min(text.length, firstLine)) });
  }
}

export function nameOf(node: Identifier | Literal): string {
  return node.type === 'Identifier' ? node.name : String(node.value);
}

function isAnonymousFunction(node: AnyNode): boolean {
  if (node.type === 'ArrowFunctionExpression') return true;
  return (node.type === 'FunctionExpression' || node.type === 'ClassExpression') && !node.id;
}

/** Skips comments between `export default` and the parameter list, which could hold a parenthesis of their own. */
function headerEnd(source: string, start: number): number {
  const header = /^(?:async|function|\*|\s|\/\*[\s\S]*?\*\/|\/\/.*)+/.exec(source.slice(start));
  return start + (header?.[0].length ?? 0);
}

/** As long as what they replace where that matters: `import` has six letters, `import.meta` eleven. */
function chooseNames(source: string): Names {
  const pick = (...candidates: string[]) => {
    for (const candidate of candidates) if (!source.includes(candidate)) return candidate;
    for (let number = 0; ; number++) {
      const candidate = `${candidates[0]}${number}`;
      if (!source.includes(candidate)) return candidate;
    }
  };
  return {
    define: pick('$define'),
    meta: pick('$meta'),
    importCall: pick('$mport', '$im_rt', '$_port', '_$port'),
    imports: pick('$imports'),
    scope: pick('$_', '$i'),
    defaultExport: pick('$deflt', '$dfalt'),
  };
}
