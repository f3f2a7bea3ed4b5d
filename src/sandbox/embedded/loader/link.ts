import { type Binding, type ModuleRecord, type Resolution, SourceTextModule } from './records.ts';

export interface Linker {
  /** Compiles the module, runs it to its first `yield` and leaves its body in `module.body`. */
  instantiate(module: SourceTextModule, imports: ReadonlyMap<string, Binding>): void;
  /** The error for an import that leads nowhere. */
  unresolvable(
    module: SourceTextModule,
    target: { request: number; imported: string; start: number; end: number },
    resolution: Exclude<Resolution, Binding>,
  ): Error;
}

/**
 * Link, ECMA-262 §16.2.1.6.1.2. Every import of the whole graph is resolved before any module of it is compiled,
 * because how a module compiles depends on whether it is in a cycle.
 */
export function link(root: ModuleRecord, linker: Linker): void {
  if (!(root instanceof SourceTextModule)) return;
  const linked: SourceTextModule[] = [];
  const stack: SourceTextModule[] = [];
  try {
    connect(root, stack, { index: 0 }, linked);
    const imports = linked.map((module) => resolveImports(module, linker));
    for (const [index, module] of linked.entries()) linker.instantiate(module, imports[index]);
  } catch (error) {
    for (const module of [...stack, ...linked]) module.status = 'unlinked';
    throw error;
  }
}

/** InnerModuleLinking, §16.2.1.6.1.2.1: a depth-first walk that finds the cycles (Tarjan). */
function connect(
  module: SourceTextModule,
  stack: SourceTextModule[],
  counter: { index: number },
  linked: SourceTextModule[],
): void {
  if (module.status !== 'unlinked') return;
  module.status = 'linking';
  module.depthIndex = module.ancestorIndex = counter.index++;
  stack.push(module);
  for (const requested of module.requested ?? []) {
    if (!(requested instanceof SourceTextModule)) continue;
    if (requested === module) module.inCycle = true;
    connect(requested, stack, counter, linked);
    if (requested.status === 'linking') {
      module.ancestorIndex = Math.min(module.ancestorIndex, requested.ancestorIndex);
    }
  }
  if (module.ancestorIndex !== module.depthIndex) {
    linked.push(module);
    return;
  }
  linked.push(module);
  const component = stack.splice(stack.indexOf(module));
  for (const member of component) {
    member.status = 'linked';
    if (component.length > 1) member.inCycle = true;
  }
}

/** The import half of InitializeEnvironment, §16.2.1.7.3.1. Indirect exports are checked first, as there. */
function resolveImports(module: SourceTextModule, linker: Linker): Map<string, Binding> {
  const resolve = (
    entry: { request: number; imported: string; namespace: boolean; start: number; end: number },
    name: string,
    from: ModuleRecord,
  ): Binding => {
    const target = (module.requested as ModuleRecord[])[entry.request];
    if (entry.namespace) return target.namespaceBinding();
    const resolution = from.resolveExport(name);
    if (typeof resolution === 'string') throw linker.unresolvable(module, entry, resolution);
    return resolution;
  };
  for (const [name, entry] of module.syntax.indirectExports) resolve(entry, name, module);
  const imports = new Map<string, Binding>();
  for (const [local, entry] of module.syntax.imports) {
    const target = (module.requested as ModuleRecord[])[entry.request];
    imports.set(local, resolve(entry, entry.imported, target));
  }
  return imports;
}
