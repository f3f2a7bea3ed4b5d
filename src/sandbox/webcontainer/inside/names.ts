/** Names are the lab's. */
import dns from 'node:dns';
import net from 'node:net';
import os from 'node:os';
import { notFound } from './errors.ts';
import { type Any, host, hosts, isSelf, LOOPBACK } from './here.ts';

const lookup = dns.lookup as Any;

/** By a name of the lab, or an address as it is; nothing for any other. */
export function addressOf(name: string): string | undefined {
  if (net.isIP(name)) return name;
  return isSelf(name) ? LOOPBACK : hosts[name];
}

(dns as Any).lookup = (name: string, ...rest: Any[]) => {
  const callback = rest.at(-1);
  const options = typeof rest[0] === 'object' ? rest[0] : { family: rest[0] };
  const address = addressOf(name);
  const found = address !== undefined && options?.family !== 6 && options?.family !== 'IPv6';
  if (!found) setImmediate(() => callback(notFound(name)));
  else if (options?.all) setImmediate(() => callback(null, [{ address, family: 4 }]));
  else setImmediate(() => callback(null, address, 4));
};
Object.setPrototypeOf(dns.lookup, lookup);
(dns.promises as Any).lookup = (name: string, options: Any) =>
  new Promise((resolve, reject) =>
    dns.lookup(name, options ?? {}, (problem: Any, address: Any, family: Any) =>
      problem ? reject(problem) : resolve(options?.all ? address : { address, family }),
    ),
  );
os.hostname = () => host;
