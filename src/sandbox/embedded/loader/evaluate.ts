import { type ModuleRecord, SourceTextModule, SyntheticModule } from './records.ts';

let asyncCount = 0;

/**
 * Evaluate, ECMA-262 §16.2.1.6.1.3. The promise settles when the module and everything it needs have run. Whatever runs
 * before the first top-level `await` runs before this returns.
 */
export function evaluate(root: ModuleRecord): Promise<void> {
  if (root instanceof SyntheticModule) {
    return new Promise((resolve) => {
      root.evaluate();
      resolve();
    });
  }
  let module = root as SourceTextModule;
  if (module.status === 'evaluating-async' || module.status === 'evaluated') {
    module = module.cycleRoot ?? module;
  }
  if (module.evaluation) return module.evaluation.promise;
  const evaluation = Promise.withResolvers<void>();
  module.evaluation = evaluation;
  const stack: SourceTextModule[] = [];
  try {
    evaluateInner(module, stack, { index: 0 });
    if (module.status !== 'evaluating-async') evaluation.resolve();
  } catch (error) {
    for (const member of stack) {
      member.status = 'evaluated';
      member.error = { value: error };
      member.cycleRoot ??= member;
    }
    evaluation.reject(error);
  }
  return evaluation.promise;
}

/** InnerModuleEvaluation, §16.2.1.6.1.3.1. */
function evaluateInner(module: ModuleRecord, stack: SourceTextModule[], counter: { index: number }): void {
  if (module instanceof SyntheticModule) module.evaluate();
  if (!(module instanceof SourceTextModule)) return;
  if (module.status === 'evaluating-async' || module.status === 'evaluated') {
    if (module.error) throw module.error.value;
    return;
  }
  if (module.status === 'evaluating') return;
  module.status = 'evaluating';
  module.depthIndex = module.ancestorIndex = counter.index++;
  module.pendingAsync = 0;
  stack.push(module);
  for (let requested of module.requested ?? []) {
    evaluateInner(requested, stack, counter);
    if (!(requested instanceof SourceTextModule)) continue;
    if (requested.status === 'evaluating') {
      module.ancestorIndex = Math.min(module.ancestorIndex, requested.ancestorIndex);
    } else {
      requested = requested.cycleRoot as SourceTextModule;
      if ((requested as SourceTextModule).error) throw (requested as SourceTextModule).error?.value;
    }
    const waitsFor = requested as SourceTextModule;
    if (
      waitsFor.asyncOrder > 0 &&
      (waitsFor.status === 'evaluating-async' || waitsFor.status === 'evaluating')
    ) {
      module.pendingAsync++;
      waitsFor.asyncParents.push(module);
    }
  }
  if (module.pendingAsync > 0 || module.syntax.hasTopLevelAwait) {
    module.asyncOrder = ++asyncCount;
    if (module.pendingAsync === 0) executeAsync(module);
  } else {
    (module.body as Generator<void, void>).next();
  }
  if (module.ancestorIndex !== module.depthIndex) return;
  for (const member of stack.splice(stack.indexOf(module))) {
    member.status = member.asyncOrder > 0 ? 'evaluating-async' : 'evaluated';
    member.cycleRoot = module;
  }
}

/** ExecuteAsyncModule, §16.2.1.6.1.3.2. */
function executeAsync(module: SourceTextModule): void {
  (module.body as AsyncGenerator<void, void>).next().then(
    () => fulfilled(module),
    (error) => rejected(module, error),
  );
}

/** GatherAvailableAncestors, §16.2.1.6.1.3.3. */
function gatherAncestors(module: SourceTextModule, ready: Set<SourceTextModule>): void {
  for (const parent of module.asyncParents) {
    if (ready.has(parent) || parent.cycleRoot?.error) continue;
    parent.pendingAsync--;
    if (parent.pendingAsync > 0) continue;
    ready.add(parent);
    if (!parent.syntax.hasTopLevelAwait) gatherAncestors(parent, ready);
  }
}

/** AsyncModuleExecutionFulfilled, §16.2.1.6.1.3.4. */
function fulfilled(module: SourceTextModule): void {
  if (module.status === 'evaluated') return;
  module.status = 'evaluated';
  module.evaluation?.resolve();
  const ready = new Set<SourceTextModule>();
  gatherAncestors(module, ready);
  for (const ancestor of [...ready].sort((one, other) => one.asyncOrder - other.asyncOrder)) {
    if (ancestor.status === 'evaluated') continue;
    if (ancestor.syntax.hasTopLevelAwait) {
      executeAsync(ancestor);
      continue;
    }
    try {
      (ancestor.body as Generator<void, void>).next();
    } catch (error) {
      rejected(ancestor, error);
      continue;
    }
    ancestor.status = 'evaluated';
    ancestor.evaluation?.resolve();
  }
}

/** AsyncModuleExecutionRejected, §16.2.1.6.1.3.5. */
function rejected(module: SourceTextModule, error: unknown): void {
  if (module.status === 'evaluated') return;
  module.error = { value: error };
  module.status = 'evaluated';
  for (const parent of module.asyncParents) rejected(parent, error);
  module.evaluation?.reject(error);
}
