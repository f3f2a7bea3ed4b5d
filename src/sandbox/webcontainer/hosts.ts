/**
 * Where the hosts of a lab are when they have one loopback address between them: each host has a stretch of its ports to
 * listen on, by which a caller finds it, and another to call from, by which it is known.
 */
export interface Placement {
  /** The host that the process runs on. */
  readonly host: string;
  /** Addresses by name; `localhost` is each host itself. */
  readonly hosts: Readonly<Record<string, string>>;
  /** Arguments of `node` by which what runs before every program is loaded. */
  readonly preloads: readonly string[];
  /** Encloses what the process reports about its network, on standard output. None where another program reads that. */
  readonly mark?: string;
}

const LISTENING = { first: 10_000, count: 39_000 };
const CALLING = { first: 49_500, count: 15_000 };

interface Stretch {
  first: number;
  size: number;
}

function stretchOf(index: number, hosts: number, { first, count }: typeof LISTENING): Stretch {
  const size = Math.floor(count / hosts);
  return { first: first + index * size, size };
}

/** A table of which port of the one address stands for which port of a host. */
export function createPortTable(names: readonly string[]) {
  const indexOf = (host: string) => {
    const index = names.indexOf(host);
    if (index < 0) throw new Error(`No host "${host}": the lab has ${names.join(', ')}.`);
    return index;
  };
  return {
    /** The port on which `host` listens when it listens on `port`. Two ports of a host may meet: then one is in use. */
    real(host: string, port: number): number {
      const { first, size } = stretchOf(indexOf(host), names.length, LISTENING);
      return first + (port % size);
    },
    /** From where `host` may call. */
    calling: (host: string): Stretch => stretchOf(indexOf(host), names.length, CALLING),
    /** Whose port that is. */
    hostOf(port: number): string | undefined {
      const range = [LISTENING, CALLING].find(({ first, count }) => port >= first && port < first + count);
      if (!range) return undefined;
      return names[Math.floor((port - range.first) / Math.floor(range.count / names.length))];
    },
  };
}
