/**
 * Somebody on the path between the hosts of a lab. He stands there as a relay does: each end speaks TCP with him, so what he
 * drops is gone from the stream and nobody sends it again, and what comes after something that he holds waits behind it.
 * (A packet that is only lost is sent again by TCP: to its receiver that is a delay.) He has no keys: he tells records apart
 * by their headers, and knows the names of handshake messages that travel in the clear.
 */
import type { Endpoint } from './index.ts';
import { Cutter, joined } from './on-path-cutter.ts';

/** What can be done to something that passes. */
export type PathAct =
  | { readonly do: 'pass' }
  /** Until `decide` says what becomes of it. */
  | { readonly do: 'hold' }
  /** It never arrives, and what comes after it does. */
  | { readonly do: 'drop' }
  | { readonly do: 'delay'; readonly milliseconds: number }
  /** It arrives twice, the second time right after the first. */
  | { readonly do: 'replay' }
  /** The lowest bit of one byte is turned; `offset` counts from the first byte of the record's header. */
  | { readonly do: 'change'; readonly offset: number };

/** The first rule that fits what passes says what is done to it; what no rule fits passes. */
export interface PathRule {
  /** The lab host that sends it. Default: any. */
  readonly from?: string;
  /** The lab host that it is for. Default: any. */
  readonly to?: string;
  /** What it is, as far as one tells without keys; see `nameOf` in `on-path-cutter.ts`. Default: anything. */
  readonly name?: string;
  /** Its number among those of its name that its sender has sent on this connection, from 1. Default: any. */
  readonly nth?: number;
  /** The rule is used up when it has fitted once. */
  readonly once?: boolean;
  readonly act: PathAct;
}

/** What has been done to something that passed, or is being done. */
export interface PathFact {
  /** The same for all facts about the same thing. */
  readonly id: number;
  readonly connection: number;
  readonly sender: 'client' | 'server';
  readonly from: Endpoint;
  readonly to: Endpoint;
  readonly name: string;
  /** Where it begins in what its sender sends on this connection. */
  readonly at: number;
  readonly length: number;
  /** `held` and `delayed`: it waits. `lost`: it was let go, and there was nobody any more to receive it. */
  readonly state: 'held' | 'delayed' | 'passed' | 'dropped' | 'changed' | 'replayed' | 'lost';
  /** How long it waited, once it waits no more. */
  readonly milliseconds?: number;
  /** Which byte was changed. */
  readonly change?: { readonly offset: number; readonly was: number; readonly is: number };
}

export interface OnPath {
  /** Takes a place on the path of every connection that is opened from now on. With no rules: leaves it again. */
  take(rules: readonly PathRule[]): void;
  /** Says what becomes of something that is held. Nothing happens when it is held no more. */
  decide(id: number, act: Exclude<PathAct, { do: 'hold' }>): void;
  /** Lets everything go that is held or delayed: whoever waited for it has ended. */
  release(): void;
  /** Returns the function that stops listening. */
  on(listener: (fact: PathFact) => void): () => void;
}

/** A segment as it comes to the one on the path. */
export interface Crossing {
  readonly connection: number;
  readonly sender: 'client' | 'server';
  readonly from: Endpoint;
  readonly to: Endpoint;
  readonly kind: 'data' | 'fin' | 'rst';
  readonly bytes: Uint8Array;
}

/** What an engine does for the one on its path. */
export interface PathEngine {
  /** Whether connections that are opened from now on pass by here. */
  relay(on: boolean): void;
  /** Lets `bytes` arrive instead of the `count` bytes that were sent. */
  pass(
    crossing: Pick<Crossing, 'connection' | 'sender' | 'kind'>,
    bytes: Uint8Array<ArrayBuffer>,
    count: number,
  ): void;
  now(): number;
  /** Calls back once; the returned function takes that back. */
  after(milliseconds: number, callback: () => void): () => void;
}

/** One direction of a connection. */
interface Lane {
  readonly crossing: Crossing;
  readonly cutter: Cutter;
  readonly queue: Unit[];
  readonly counts: Map<string, number>;
  at: number;
}

interface Unit {
  readonly id: number;
  readonly lane: Lane;
  readonly kind: Crossing['kind'];
  readonly bytes: Uint8Array;
  readonly name: string;
  readonly at: number;
  act: PathAct;
  /** Since when it waits, once it does. */
  since?: number;
  cancel?: () => void;
}

const nothing = new Uint8Array(0);

/** The one on an engine's path, and the way by which the engine brings to him what is sent. */
export function createOnPath(engine: PathEngine): OnPath & { receive(crossing: Crossing): void } {
  const lanes = new Map<string, Lane>();
  const listeners = new Set<(fact: PathFact) => void>();
  let rules: PathRule[] = [];
  let lastId = 0;

  function tell({ id, lane, name, at, bytes, since }: Unit, fact: Pick<PathFact, 'state' | 'change'>): void {
    const { connection, sender, from, to } = lane.crossing;
    const isOver = fact.state !== 'held' && fact.state !== 'delayed';
    const waited = isOver && since !== undefined && { milliseconds: Math.round(engine.now() - since) };
    const about = { id, connection, sender, from, to, name, at, length: bytes.length };
    for (const listener of [...listeners]) listener({ ...about, ...fact, ...waited });
  }

  const keyOf = ({ connection, sender }: Crossing) => `${connection} ${sender}`;

  function laneOf(crossing: Crossing): Lane {
    const key = keyOf(crossing);
    const lane = lanes.get(key) ?? { crossing, cutter: new Cutter(), queue: [], counts: new Map(), at: 0 };
    lanes.set(key, lane);
    return lane;
  }

  function actFor(lane: Lane, name: string): PathAct {
    const nth = (lane.counts.get(name) ?? 0) + 1;
    lane.counts.set(name, nth);
    const { from, to } = lane.crossing;
    const fits = (rule: PathRule) =>
      (rule.from ?? from.host) === from.host &&
      (rule.to ?? to.host) === to.host &&
      (rule.name ?? name) === name &&
      (rule.nth ?? nth) === nth;
    const rule = rules.find(fits);
    if (rule?.once) rules = rules.filter((each) => each !== rule);
    return rule?.act ?? { do: 'pass' };
  }

  function add(lane: Lane, kind: Crossing['kind'], bytes: Uint8Array, name: string): void {
    const act: PathAct = kind === 'data' ? actFor(lane, name) : { do: 'pass' };
    lane.queue.push({ id: ++lastId, lane, kind, bytes, name, at: lane.at, act });
    lane.at += bytes.length;
  }

  /** Sends on what nothing keeps back, together: what came as one segment and is let through goes on as one. */
  function goOn(lane: Lane): void {
    const together: Uint8Array[] = [];
    let count = 0;
    const flush = () => {
      if (count > 0) engine.pass({ ...lane.crossing, kind: 'data' }, joined(...together.splice(0)), count);
      count = 0;
    };
    for (let [unit] = lane.queue; unit && !waits(unit); [unit] = lane.queue) {
      lane.queue.shift();
      if (unit.kind === 'data') {
        together.push(...arrivals(unit));
        count += unit.bytes.length;
      } else {
        flush();
        engine.pass({ ...lane.crossing, kind: unit.kind }, joined(), 0);
        lanes.delete(keyOf(lane.crossing));
      }
    }
    flush();
  }

  function waits(unit: Unit): boolean {
    const { act } = unit;
    if (act.do !== 'hold' && act.do !== 'delay') return false;
    if (unit.since !== undefined) return true;
    unit.since = engine.now();
    if (act.do === 'delay') unit.cancel = engine.after(act.milliseconds, () => settle(unit, { do: 'pass' }));
    tell(unit, { state: act.do === 'hold' ? 'held' : 'delayed' });
    return true;
  }

  function settle(unit: Unit, act: PathAct): void {
    unit.cancel?.();
    unit.act = act;
    goOn(unit.lane);
  }

  /** What arrives instead of something that was sent. */
  function arrivals(unit: Unit): Uint8Array[] {
    const { bytes, act } = unit;
    switch (act.do) {
      case 'drop':
        tell(unit, { state: 'dropped' });
        return [];
      case 'replay':
        tell(unit, { state: 'replayed' });
        return [bytes, bytes];
      case 'change': {
        const offset = Math.max(0, Math.min(bytes.length - 1, act.offset));
        const changed = bytes.slice();
        changed[offset] ^= 1;
        tell(unit, { state: 'changed', change: { offset, was: bytes[offset], is: changed[offset] } });
        return [changed];
      }
      default:
        if (unit.since !== undefined) tell(unit, { state: 'passed' });
        return [bytes];
    }
  }

  /** Lets go what was on its way to somebody who is gone. */
  function lose(lane: Lane): void {
    for (const unit of lane.queue) {
      if (unit.since !== undefined) tell(unit, { state: 'lost' });
      unit.since = undefined;
      settleQuietly(unit);
    }
    goOn(lane);
  }

  function settleQuietly(unit: Unit): void {
    unit.cancel?.();
    unit.act = { do: 'pass' };
  }

  return {
    take(wanted) {
      rules = [...wanted];
      engine.relay(rules.length > 0);
    },
    decide(id, act) {
      for (const { queue } of lanes.values()) {
        const [unit] = queue;
        if (unit?.id === id && unit.act.do === 'hold') return settle(unit, act);
      }
    },
    release() {
      for (const lane of [...lanes.values()]) lose(lane);
    },
    on(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    receive(crossing) {
      const lane = laneOf(crossing);
      if (crossing.kind === 'data') {
        for (const { bytes, name } of lane.cutter.push(crossing.bytes)) add(lane, 'data', bytes, name);
      } else {
        const rest = lane.cutter.rest();
        if (rest.length > 0) add(lane, 'data', rest, 'data');
        add(lane, crossing.kind, nothing, crossing.kind);
        const back = crossing.sender === 'client' ? 'server' : 'client';
        const other = lanes.get(keyOf({ ...crossing, sender: back }));
        if (crossing.kind === 'rst' && other) lose(other);
      }
      goOn(lane);
    },
  };
}
