import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

/** Loopback addresses that no other sandbox of this machine has, so that several can use the same ports. */
export interface LoopbackBlock {
  /** One after the other. */
  next(): string;
  /** Lets other sandboxes have them. */
  release(): void;
}

/**
 * The last address of a block is no host's: whoever listens there has claimed the block. The port is below those that systems
 * give away by themselves (from 32768 on): a server with such a one, on all addresses, would hold every block.
 */
const CLAIM = { last: 255, port: 27_477 };
const ATTEMPTS = 100;

/** Claims a block for one sandbox, in this process or another. The claim ends with the process that made it. */
export async function claimLoopbackBlock(): Promise<LoopbackBlock> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const block = `127.${randomInt(1, 255)}.${randomInt(1, 255)}`;
    const release = await claim(`${block}.${CLAIM.last}`);
    if (release === undefined) continue;
    let last = 0;
    const next = () => {
      last += 1;
      if (last < CLAIM.last) return `${block}.${last}`;
      throw new Error('The lab has too many hosts, or browsers on too many of them.');
    };
    return { next, release };
  }
  throw new Error(`No block of loopback addresses is free after ${ATTEMPTS} attempts.`);
}

/** Undefined when the address is taken. */
function claim(address: string): Promise<(() => void) | undefined> {
  return new Promise((resolve, reject) => {
    const server = createServer().unref();
    server.once('error', ({ code, message }: NodeJS.ErrnoException) => {
      if (code === 'EADDRINUSE') resolve(undefined);
      // Where only 127.0.0.1 is there (macOS), `network.mjs` says so when a process needs one of the others.
      else if (code === 'EADDRNOTAVAIL') resolve(() => {});
      else reject(new Error(`This machine's loopback addresses cannot be used: ${message}`));
    });
    server.listen({ host: address, port: CLAIM.port, exclusive: true }, () => resolve(() => server.close()));
  });
}
