/** The reader on the path: what they do to which message, in each network of the lab, and what they hold. */
import { type Signal, signal } from '@preact/signals';
import type { LabPath } from '../../../lesson/index.ts';
import type { OnPath, PathAct, PathFact, PathRule } from '../../../sandbox/index.ts';

export interface HeldMessage {
  readonly fact: PathFact;
  readonly world: string | undefined;
}

type Decision = Parameters<OnPath['decide']>[1];

export class PathDesk {
  /** Whether the lab lets the reader stand on a path. */
  readonly isAllowed: boolean;
  /** The hosts that the path may be between; nothing for any. */
  readonly between: readonly [string, string] | undefined;
  /** What the reader waits for; nothing while nobody is on the path. */
  readonly rule: Signal<PathRule | undefined> = signal(undefined);
  readonly held: Signal<readonly HeldMessage[]> = signal([]);
  /** What was done last. */
  readonly last: Signal<PathFact | undefined> = signal(undefined);
  readonly #paths = new Map<string | undefined, OnPath>();

  constructor(allowed: LabPath | undefined) {
    this.isAllowed = allowed !== undefined;
    this.between = typeof allowed === 'object' ? allowed.between : undefined;
  }

  /** The reader stands there. */
  get isTaken(): boolean {
    return this.rule.peek() !== undefined;
  }

  /** The path of a sandbox that was booted: takes the place of the one before it. */
  add(path: OnPath, world: string | undefined): void {
    this.#paths.set(world, path);
    path.on((fact) => this.#hear(fact, world));
    this.#take(path);
  }

  /** Takes the reader's place in every network, or leaves it. */
  stand(rule: PathRule | undefined): void {
    this.rule.value = rule;
    this.last.value = undefined;
    for (const path of this.#paths.values()) this.#take(path);
  }

  /** A new run begins: what was waited for is waited for again. */
  begin(): void {
    this.held.value = [];
    this.stand(this.rule.value);
  }

  #hear(fact: PathFact, world: string | undefined): void {
    const others = this.held.value.filter((each) => each.fact.id !== fact.id || each.world !== world);
    this.held.value = fact.state === 'held' ? [...others, { fact, world }] : others;
    this.last.value = fact;
  }

  decide({ fact, world }: HeldMessage, act: Decision): void {
    this.#paths.get(world)?.decide(fact.id, act);
  }

  #take(path: OnPath): void {
    const rule = this.rule.value;
    const { between } = this;
    // On a path between two hosts, what is for a third does not pass by.
    const ways = between ? [between, [...between].reverse()] : [[rule?.from, undefined]];
    const rules = ways
      .filter(([from]) => (rule?.from ?? from) === from)
      .map(([from, to]) => rule && { ...rule, from, to, once: true });
    path.take(rules.filter((each) => each !== undefined));
  }
}

/** What the control offers, with the numbers that two of the acts need. */
export function actOf(kind: PathAct['do'], offset: number, milliseconds: number): PathAct {
  if (kind === 'change') return { do: kind, offset };
  if (kind === 'delay') return { do: kind, milliseconds };
  return { do: kind };
}
