import assert from 'node:assert/strict';
import { hex } from '../../../src/tls/codec/index.ts';
import type { ClientOptions, ServerOptions } from '../../../src/tls/index.ts';
import { identity, type TestIdentity } from './identities.ts';
import { OpenSsl } from './openssl.ts';
import { bytes, clientEnd, type Overrides, serverEnd, text } from './pair.ts';
import { acceptOne, dial, freePort, type Wire } from './sockets.ts';

/** What makes an end of ours speak TLS 1.2 and nothing else. */
export const TLS12 = { versions: { min: 0x0303, max: 0x0303 } } as const;
export const BOTH = { versions: { min: 0x0303, max: 0x0304 } } as const;

export const own = (id: TestIdentity) => ['-cert', id.certificatePath, '-key', id.keyPath];
export const EXPORT = ['-keymatexport', 'EXPERIMENTAL test', '-keymatexportlen', '32'];

/** Our client, and a server of OpenSSL that speaks TLS 1.2 unless told otherwise. */
export async function againstServer(
  args: readonly string[],
  options: Overrides<ClientOptions>,
  body: (wire: Wire, openssl: OpenSsl, port: number) => Promise<void>,
  version = '-tls1_2',
): Promise<void> {
  const port = await freePort();
  const openssl = new OpenSsl(['s_server', '-accept', `127.0.0.1:${port}`, version, ...args]);
  try {
    await openssl.until(/ACCEPT/);
    const wire = await dial(port, () => clientEnd({ ...TLS12, ...options }));
    try {
      await body(wire, openssl, port);
    } finally {
      wire.socket.destroy();
    }
  } finally {
    await openssl.stop();
  }
}

/** Our server, and a client of OpenSSL that speaks TLS 1.2 unless told otherwise. */
export async function againstClient(
  args: readonly string[],
  options: Overrides<ServerOptions>,
  body: (wire: Wire, openssl: OpenSsl) => Promise<void>,
  version = '-tls1_2',
): Promise<void> {
  const { port, wire: arriving, stop } = await acceptOne(() => serverEnd({ ...TLS12, ...options }));
  const openssl = new OpenSsl(['s_client', '-connect', `127.0.0.1:${port}`, version, ...args]);
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

/** Both sides made the same keys, and each hears the other. */
export async function converse(wire: Wire, openssl: OpenSsl): Promise<void> {
  await wire.until('the handshake', () => wire.end.has('secure'));
  assert.equal(wire.end.connection.result?.version, 'TLSv1.2');
  const exported = wire.end.connection.exportKeyingMaterial('EXPERIMENTAL test', undefined, 32);
  const [, printed] = await openssl.until(/Keying material: ([0-9A-F]{64})/);
  assert.equal(hex(exported), printed.toLowerCase());
  wire.write(bytes('from ours\n'));
  await openssl.until(/from ours/);
  openssl.type('from theirs\n');
  await wire.until('the line', () => text(wire.end.received()).includes('from theirs'));
}

export const server = (kind: Parameters<typeof identity>[0] = 'P-256') => [...own(identity(kind)), ...EXPORT];
