import type { Children } from '../../../node/host.ts';
import type { FromProcess, ToProcess } from '../protocol.ts';

type FromChild = Extract<ToProcess, { type: 'from-child' | 'child-exit' }>;

/** A process's side of the children it starts. `pids` are the numbers that it may give them. */
export function createChildren(
  pids: number[],
  send: (message: FromProcess) => void,
): Children & { receive(message: FromChild): void } {
  const living = new Map<number, Parameters<Children['start']>[1]>();

  function signal(pid: number, number: number): boolean {
    if (!living.has(pid)) return false;
    if (number !== 0) send({ type: 'signal', pid, signal: number });
    return true;
  }

  return {
    start(child, events) {
      const pid = pids.shift();
      if (pid === undefined) return undefined;
      living.set(pid, events);
      send({ type: 'spawn', child: { pid, ...child } });
      return {
        pid,
        write: (fd, bytes) => send({ type: 'to-child', pid, fd, bytes }),
        taken: (count) => send({ type: 'taken', pid, count }),
        kill: (number) => signal(pid, number),
      };
    },
    signal,
    receive(message) {
      const events = living.get(message.pid);
      if (message.type === 'from-child') events?.data(message.fd, message.bytes);
      else {
        living.delete(message.pid);
        pids.push(...message.pids);
        events?.exit(message.code, message.signal);
      }
    },
  };
}
