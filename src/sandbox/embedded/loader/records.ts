import type { ModuleSyntax } from './module-syntax.ts';
import { createNamespace } from './namespace.ts';

/** A binding an export leads to: how to read it, and whether it keeps its value once its module has run. */
export interface Binding {
  readonly module: ModuleRecord;
  /** Local name in that module; null for the module's namespace. */
  readonly name: string | null;
  readonly read: () => unknown;
  readonly constant: boolean;
}

export type Resolution = Binding | 'missing' | 'ambiguous';

/** Abstract Module Record, ECMA-262 §16.2.1.4. */
export abstract class ModuleRecord {
  readonly url: string;
  #namespace: object | null = null;

  constructor(url: string) {
    this.url = url;
  }

  abstract exportedNames(seen?: Set<ModuleRecord>): string[];
  abstract resolveExport(name: string, seen?: Map<ModuleRecord, Set<string>>): Resolution;

  /** GetModuleNamespace, §16.2.1.13. Names that are missing or ambiguous are left out. */
  get namespace(): object {
    if (this.#namespace) return this.#namespace;
    const bindings = new Map<string, () => unknown>();
    for (const name of this.exportedNames()) {
      const resolution = this.resolveExport(name);
      if (typeof resolution !== 'string') bindings.set(name, resolution.read);
    }
    this.#namespace = createNamespace(bindings);
    return this.#namespace;
  }

  namespaceBinding(): Binding {
    return { module: this, name: null, read: () => this.namespace, constant: true };
  }
}

/** Sets an export of a synthetic module, as something to read when somebody wants it. */
export type SetExport = (name: string, read: () => unknown) => void;

/** Synthetic Module Record: exports that are values computed by code of ours (a built-in, JSON, a CommonJS module). */
export class SyntheticModule extends ModuleRecord {
  readonly kind: 'builtin' | 'json' | 'commonjs';
  readonly #names: readonly string[];
  readonly #values = new Map<string, () => unknown>();
  readonly #evaluate: (set: SetExport) => void;
  #outcome: { error: unknown } | 'evaluated' | null = null;

  constructor(
    url: string,
    kind: SyntheticModule['kind'],
    names: Iterable<string>,
    evaluate: (set: SetExport) => void,
  ) {
    super(url);
    this.kind = kind;
    this.#names = [...new Set(names)];
    this.#evaluate = evaluate;
  }

  override exportedNames(): string[] {
    return [...this.#names];
  }

  override resolveExport(name: string): Resolution {
    if (!this.#names.includes(name)) return 'missing';
    return { module: this, name, read: () => this.#values.get(name)?.(), constant: true };
  }

  /** Runs once; an error is remembered and thrown again. */
  evaluate(): void {
    if (this.#outcome === 'evaluated') return;
    if (this.#outcome) throw this.#outcome.error;
    try {
      this.#outcome = 'evaluated';
      this.refresh();
    } catch (error) {
      this.#outcome = { error };
      throw error;
    }
  }

  /** Takes the values anew: what `module.syncBuiltinESMExports()` is for. */
  refresh(): void {
    this.#evaluate((name, read) => this.#values.set(name, read));
  }
}

/** What the compiled function of a module yields to: `next()` declares the exports, the next `next()` runs the body. */
export type ModuleBody = Generator<void, void> | AsyncGenerator<void, void>;

export type Status = 'unlinked' | 'linking' | 'linked' | 'evaluating' | 'evaluating-async' | 'evaluated';

/** Source Text Module Record, ECMA-262 §16.2.1.7, with the fields of Cyclic Module Records (§16.2.1.6). */
export class SourceTextModule extends ModuleRecord {
  readonly syntax: ModuleSyntax;
  /** One module for each of `syntax.requests`, once the graph is loaded. */
  requested: ModuleRecord[] | null = null;
  status: Status = 'unlinked';
  error: { value: unknown } | null = null;
  depthIndex = 0;
  ancestorIndex = 0;
  cycleRoot: SourceTextModule | null = null;
  /** Whether it is in a cycle with others (or itself): its functions may be called before its body starts. */
  inCycle = false;
  /** When it joined the queue of modules waiting for asynchronous ones: the order in which they start (§16.2.1.9). */
  asyncOrder = 0;
  asyncParents: SourceTextModule[] = [];
  pendingAsync = 0;
  evaluation: { promise: Promise<void>; resolve: () => void; reject: (error: unknown) => void } | null = null;
  body: ModuleBody | null = null;
  readonly locals: Record<string, () => unknown> = Object.create(null);

  constructor(url: string, syntax: ModuleSyntax) {
    super(url);
    this.syntax = syntax;
  }

  #requestedAt(index: number): ModuleRecord {
    return (this.requested as ModuleRecord[])[index];
  }

  /** GetExportedNames, §16.2.1.7.2.1. */
  override exportedNames(seen = new Set<ModuleRecord>()): string[] {
    if (seen.has(this)) return [];
    seen.add(this);
    const names = new Set([...this.syntax.localExports.keys(), ...this.syntax.indirectExports.keys()]);
    for (const request of this.syntax.starExports) {
      for (const name of this.#requestedAt(request).exportedNames(seen)) {
        if (name !== 'default') names.add(name);
      }
    }
    return [...names];
  }

  /** ResolveExport, §16.2.1.7.2.2. */
  override resolveExport(name: string, seen = new Map<ModuleRecord, Set<string>>()): Resolution {
    const visited = seen.get(this) ?? new Set();
    if (visited.has(name)) return 'missing';
    seen.set(this, visited.add(name));
    const local = this.syntax.localExports.get(name);
    if (local !== undefined) {
      return {
        module: this,
        name: local,
        read: () => this.locals[local](),
        constant: !this.syntax.reassigned.has(local),
      };
    }
    const indirect = this.syntax.indirectExports.get(name);
    if (indirect) {
      const module = this.#requestedAt(indirect.request);
      return indirect.namespace ? module.namespaceBinding() : module.resolveExport(indirect.imported, seen);
    }
    if (name === 'default') return 'missing';
    return this.#resolveStar(name, seen);
  }

  #resolveStar(name: string, seen: Map<ModuleRecord, Set<string>>): Resolution {
    let found: Binding | null = null;
    for (const request of this.syntax.starExports) {
      const resolution = this.#requestedAt(request).resolveExport(name, seen);
      if (resolution === 'ambiguous') return resolution;
      if (resolution === 'missing') continue;
      if (found && (found.module !== resolution.module || found.name !== resolution.name)) return 'ambiguous';
      found = resolution;
    }
    return found ?? 'missing';
  }
}
