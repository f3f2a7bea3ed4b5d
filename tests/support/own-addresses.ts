/**
 * A lab's copy runs on fixed loopback addresses, which other tests, and other checkouts on this machine, may be using at
 * the same time. This gives a copy addresses of its own: its package.json with others for its hosts.
 */
import { claimLoopbackBlock } from '../../src/sandbox/node/loopback.ts';

export async function withOwnAddresses(manifest: string): Promise<{ manifest: string; release(): void }> {
  const { next, release } = await claimLoopbackBlock();
  const { handfast, ...rest } = JSON.parse(manifest);
  // network.mjs exchanges 10.x.y.z for 127.x.y.z.
  const hosts = Object.keys(handfast.hosts).map((name) => [name, next().replace(/^127\./, '10.')]);
  const own = { ...rest, handfast: { ...handfast, hosts: Object.fromEntries(hosts) } };
  return { manifest: JSON.stringify(own), release };
}
