import type { ClientOptions, ServerOptions } from '../../../src/tls/index.ts';
import { Program } from '../../support/program.ts';
import type { TestIdentity } from './identities.ts';
import { clientEnd, type Overrides, serverEnd } from './pair.ts';
import { acceptOne, dial, type Wire } from './sockets.ts';

/** An `openssl s_client` or `s_server`, with all that it printed. */
export class OpenSsl extends Program {
  constructor(args: readonly string[]) {
    super('openssl', args);
  }
}

export const own = (id: TestIdentity) => ['-cert', id.certificatePath, '-key', id.keyPath];
export const EXPORT = ['-keymatexport', 'EXPERIMENTAL test', '-keymatexportlen', '32'];

/** An `openssl s_server` with these arguments, on a port that the system chooses for it: it says which. */
export async function startServer(args: readonly string[]): Promise<{ openssl: OpenSsl; port: number }> {
  const openssl = new OpenSsl(['s_server', '-accept', '127.0.0.1:0', ...args]);
  const [, port] = await openssl.until(/ACCEPT \S+:(\d+)/);
  return { openssl, port: Number(port) };
}

/** Our client, and a server of OpenSSL with these arguments. */
export async function againstServer(
  args: readonly string[],
  options: Overrides<ClientOptions>,
  body: (wire: Wire, openssl: OpenSsl, port: number) => Promise<void>,
): Promise<void> {
  const { openssl, port } = await startServer(args);
  try {
    const wire = await dial(port, () => clientEnd(options));
    try {
      await body(wire, openssl, port);
    } finally {
      wire.socket.destroy();
    }
  } finally {
    await openssl.stop();
  }
}

/** Our server, and a client of OpenSSL with these arguments. */
export async function againstClient(
  args: readonly string[],
  options: Overrides<ServerOptions>,
  body: (wire: Wire, openssl: OpenSsl) => Promise<void>,
): Promise<void> {
  const { port, wire: arriving, stop } = await acceptOne(() => serverEnd(options));
  const openssl = new OpenSsl(['s_client', '-connect', `127.0.0.1:${port}`, ...args]);
  try {
    const wire = await arriving;
    try {
      await body(wire, openssl);
    } finally {
      wire.socket.destroy();
    }
  } finally {
    await openssl.stop();
    stop();
  }
}
