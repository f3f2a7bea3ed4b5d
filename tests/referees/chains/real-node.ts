import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import tls from 'node:tls';
import { makePki } from '../../support/pki.ts';
import type { Chain } from './make.ts';

export type Purpose = 'serverAuth' | 'clientAuth';

export const pems = (list: readonly { pem: string }[]): string[] => list.map(({ pem }) => pem);

/** What real Node reports of the chain when it is really sent: `authorizationError`, or null when authorized. */
export async function nodeVerdict(
  { anchors, sent, partialChain, lists }: Chain,
  purpose: Purpose,
): Promise<string | null> {
  const host = makePki().ec.server;
  // The sender must be able to send what the receiver is to refuse, hence its security level.
  const sender = {
    cert: pems(sent).join(''),
    key: sent[0].key.export({ format: 'pem', type: 'pkcs8' }),
    ciphers: 'DEFAULT@SECLEVEL=0',
  };
  const receiver = {
    ca: pems(anchors),
    rejectUnauthorized: false,
    allowPartialTrustChain: partialChain ?? false,
    ...(lists && { crl: [...lists] }),
  };
  const server = tls.createServer(
    purpose === 'serverAuth'
      ? { ...sender }
      : { cert: host.chainPem, key: host.keyPem, requestCert: true, ...receiver },
  );
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const accepted = new Promise<tls.TLSSocket>((resolve, reject) => {
    server.on('secureConnection', resolve);
    server.on('tlsClientError', reject);
  });
  accepted.catch(() => {});
  const client = tls.connect({
    ...{ host: '127.0.0.1', port, checkServerIdentity: () => undefined },
    ...(purpose === 'serverAuth' ? receiver : { ...sender, rejectUnauthorized: false }),
  });
  client.on('error', () => {});
  try {
    if (purpose === 'serverAuth') await once(client, 'secureConnect');
    const judging = purpose === 'serverAuth' ? client : await accepted;
    judging.on('error', () => {});
    const { authorized, authorizationError } = judging;
    judging.destroy();
    return authorized ? null : String(authorizationError);
  } finally {
    client.destroy();
    server.close();
  }
}

/** The error a client of real Node ends with, or undefined when it connects. */
export async function nodeError({
  anchors,
  sent,
  partialChain,
  lists,
}: Chain): Promise<NodeJS.ErrnoException | undefined> {
  const server = tls.createServer({
    cert: pems(sent).join(''),
    key: sent[0].keyPem,
    ciphers: 'DEFAULT@SECLEVEL=0',
  });
  server.on('tlsClientError', () => {});
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const client = tls.connect({
    ...{ host: '127.0.0.1', port, ca: pems(anchors), allowPartialTrustChain: partialChain ?? false },
    ...(lists && { crl: [...lists] }),
    checkServerIdentity: () => undefined,
  });
  try {
    return await new Promise((resolve) => {
      client.on('error', resolve);
      client.on('secureConnect', () => resolve(undefined));
    });
  } finally {
    client.destroy();
    server.close();
  }
}
