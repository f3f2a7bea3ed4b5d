import type { CallName, FromPage, KernelCalls, ToPage } from '../protocol.ts';
import { readMessages } from './messages.ts';
import { type EngineScripts, openSealedFrame } from './seal.ts';

/** A message that concerns one world: an event of it, or a process's output. */
export type WorldMessage = Extract<ToPage, { world: number }>;

/** The page's hold on a living kernel. */
export interface Kernel {
  /**
   * Asks the kernel. `taken` runs as the answer arrives, before any later message is read. Rejects with the kernel's
   * refusal, or when the frame dies.
   */
  call<Name extends CallName>(
    name: Name,
    body: KernelCalls[Name]['in'],
    taken?: (value: KernelCalls[Name]['out']) => void,
  ): Promise<KernelCalls[Name]['out']>;
  post(message: FromPage): void;
  /** Worlds whose messages are wanted; `died` is called when the frame is gone. */
  attach(world: number, listener: { message(message: WorldMessage): void; died(reason: string): void }): void;
  detach(world: number): void;
  readonly isAlive: boolean;
  /** Gives up on the frame. */
  fail(reason: string): void;
}

export class EngineError extends Error {
  readonly code: string;
  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

/** A frame that has not answered this many heartbeats is dead: a memory bomb ends the frame's whole process, silently. */
const MISSED_HEARTBEATS = 5;
const START_LIMIT_MS = 30_000;

/** Starts a kernel in a sealed frame and waits for it. The frame opens while its scripts are still on their way. */
export function openFrame(scripts: Promise<EngineScripts>, heartbeatMs: number): Promise<Kernel> {
  const { port1: port, port2 } = new MessageChannel();
  const asked = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>();
  const worlds = new Map<number, { message(message: WorldMessage): void; died(reason: string): void }>();
  let lastCall = 0;
  let alive = true;
  let missed = 0;
  let heart: ReturnType<typeof setInterval> | undefined;

  return new Promise((resolve, reject) => {
    const fail = (reason: string, error: unknown = new EngineError('ERR_SANDBOX_DIED', reason)) => {
      if (!alive) return;
      alive = false;
      clearInterval(heart);
      clearTimeout(limit);
      port.onmessage = null;
      port.close();
      frame.remove();
      for (const { reject } of asked.values()) reject(error as Error);
      for (const { died } of [...worlds.values()]) died(reason);
      asked.clear();
      worlds.clear();
      reject(error);
    };
    // A slow network is no slow start.
    let limit: ReturnType<typeof setTimeout> | undefined;
    scripts.then(
      () => {
        if (alive) limit = setTimeout(() => fail('The sandbox did not start'), START_LIMIT_MS);
      },
      (error) => fail('The sandbox could not be loaded', error),
    );

    const kernel: Kernel = {
      call(name, body, taken) {
        return new Promise((resolve, reject) => {
          if (!alive)
            return reject(new EngineError('ERR_SANDBOX_DIED', 'The sandbox has stopped; boot it again'));
          const id = ++lastCall;
          asked.set(id, {
            resolve(value) {
              taken?.(value as never);
              resolve(value as never);
            },
            reject,
          });
          port.postMessage({ type: 'call', id, name, body } satisfies FromPage);
        });
      },
      post(message) {
        if (alive) port.postMessage(message);
      },
      attach(world, listener) {
        worlds.set(world, listener);
        beat();
      },
      detach(world) {
        worlds.delete(world);
        beat();
      },
      get isAlive() {
        return alive;
      },
      fail,
    };

    /** The heart beats only while somebody would miss it. */
    function beat(): void {
      if (worlds.size === 0) {
        clearInterval(heart);
        heart = undefined;
        return;
      }
      if (heart !== undefined) return;
      missed = 0;
      heart = setInterval(() => {
        if (missed >= MISSED_HEARTBEATS)
          return fail('The sandbox has stopped answering; it may have run out of memory');
        missed++;
        port.postMessage({ type: 'ping', id: missed } satisfies FromPage);
      }, heartbeatMs);
    }

    function receive(message: ToPage): void {
      switch (message.type) {
        case 'ready':
          clearTimeout(limit);
          resolve(kernel);
          return;
        case 'pong':
          missed = 0;
          return;
        case 'answer':
        case 'refusal': {
          const waiting = asked.get(message.id);
          asked.delete(message.id);
          if (message.type === 'answer') waiting?.resolve(message.value);
          else waiting?.reject(new EngineError(message.code ?? 'ERR_SANDBOX', message.message));
          return;
        }
        default:
          worlds.get(message.world)?.message(message);
      }
    }

    port.onmessage = ({ data }) => {
      const messages = readMessages(data);
      if (!messages) return fail('The sandbox sent something it never should: it was closed');
      for (const message of messages) if (alive) receive(message);
    };
    const frame = openSealedFrame(scripts, port2);
  });
}
