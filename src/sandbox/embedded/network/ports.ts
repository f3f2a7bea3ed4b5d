/** Linux's default range for ephemeral ports (`net.ipv4.ip_local_port_range`). */
const FIRST = 32768;
const LAST = 60999;

/** One machine's ephemeral ports: handed out in turn, so that a run repeats; a port just freed is not the next one given. */
export function createPortPool() {
  /** Ports set aside for a process, or claimed: port to owner. */
  const owners = new Map<number, number>();
  let next = FIRST;

  const take = (): number => {
    for (let tries = LAST - FIRST; tries >= 0; tries--) {
      const port = next;
      next = next === LAST ? FIRST : next + 1;
      if (!owners.has(port)) return port;
    }
    throw new Error('No ephemeral port is free on this machine');
  };

  return {
    /** A port for the local side of a connection; it may share its number with an older connection to another place. */
    ephemeral: take,
    /** Sets a port aside that only `process` may claim. */
    reserve(process: number): number {
      const port = take();
      owners.set(port, process);
      return port;
    },
    /** Marks a port as claimed; `true` when it was one of those set aside, so that another should take its place. */
    use(port: number, process: number): boolean {
      const wasReserved = owners.get(port) === process;
      owners.set(port, process);
      return wasReserved;
    },
    release(port: number): void {
      owners.delete(port);
    },
    releaseAll(process: number): void {
      for (const [port, owner] of owners) if (owner === process) owners.delete(port);
    },
  };
}
