import assert from 'node:assert/strict';
import { hex } from '../../../src/tls/codec/index.ts';
import type { ClientOptions, ServerOptions } from '../../../src/tls/index.ts';
import { identity } from './identities.ts';
import {
  againstClient as againstAnyClient,
  againstServer as againstAnyServer,
  EXPORT,
  type OpenSsl,
  own,
} from './openssl.ts';
import { bytes, type Overrides, text } from './pair.ts';
import type { Wire } from './sockets.ts';

/** What makes an end of ours speak TLS 1.2 and nothing else. */
export const TLS12 = { versions: { min: 0x0303, max: 0x0303 } } as const;
export const BOTH = { versions: { min: 0x0303, max: 0x0304 } } as const;

export { EXPORT, own };

/** Our client, and a server of OpenSSL that speaks TLS 1.2 unless told otherwise. */
export function againstServer(
  args: readonly string[],
  options: Overrides<ClientOptions>,
  body: (wire: Wire, openssl: OpenSsl, port: number) => Promise<void>,
  version = '-tls1_2',
): Promise<void> {
  return againstAnyServer([version, ...args], { ...TLS12, ...options }, body);
}

/** Our server, and a client of OpenSSL that speaks TLS 1.2 unless told otherwise. */
export function againstClient(
  args: readonly string[],
  options: Overrides<ServerOptions>,
  body: (wire: Wire, openssl: OpenSsl) => Promise<void>,
  version = '-tls1_2',
): Promise<void> {
  return againstAnyClient([version, ...args], { ...TLS12, ...options }, body);
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
