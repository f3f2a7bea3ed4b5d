import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import tls from 'node:tls';
import { ANSWER, LABEL, type Peer } from './peers.ts';

/** In TLS 1.2 no context is another value than an empty one. The types do not know that it may be left out. */
function exportWithoutContext(socket: tls.TLSSocket): string {
  const bare = socket as unknown as { exportKeyingMaterial(length: number, label: string): Buffer };
  return bare.exportKeyingMaterial(32, LABEL).toString('hex');
}

/** What the socket of an end says of the connection. */
function checks(socket: tls.TLSSocket) {
  let heard = '';
  let changed = () => {};
  socket.on('data', (data: Buffer) => {
    heard += data;
    changed();
  });
  socket.on('error', () => {}); // the tests end connections as they like
  return {
    connected(exported: string, resumed: boolean) {
      const theirs = exportWithoutContext(socket);
      if (theirs !== exported) throw new Error(`they exported ${theirs}, we ${exported}`);
      if (socket.isSessionReused() !== resumed) throw new Error(`resumed: ${!resumed}`);
    },
    async converse(line: string) {
      while (!heard.includes(line)) {
        await new Promise<void>((resolve) => {
          changed = resolve;
        });
      }
      socket.write(`${ANSWER}\n`);
      return ANSWER;
    },
  };
}

export const node: Peer = {
  name: `Node ${process.versions.node}`,
  absent: undefined,

  async serve({ server, client }) {
    const listener = tls.createServer({
      cert: server.certificatePem,
      key: server.keyPem,
      ecdhCurve: 'P-384:P-256',
      minVersion: 'TLSv1.2',
      ...(client ? { requestCert: true, ca: [client.certificatePem] } : {}),
    });
    listener.listen(0, '127.0.0.1');
    await once(listener, 'listening');
    let accepted = once(listener, 'secureConnection') as Promise<[tls.TLSSocket]>;
    let current: ReturnType<typeof checks>;
    return {
      port: (listener.address() as AddressInfo).port,
      async connected(exported, resumed) {
        const [socket] = await accepted;
        accepted = once(listener, 'secureConnection') as Promise<[tls.TLSSocket]>;
        current = checks(socket);
        current.connected(exported, resumed);
      },
      converse: (line) => current.converse(line),
      async stop() {
        listener.close();
      },
    };
  },

  async connect({ port, server, client, version, retries, keeps, session }) {
    const socket = tls.connect({
      port,
      host: '127.0.0.1',
      servername: 'server.example',
      ca: [server.certificatePem],
      minVersion: version,
      maxVersion: version,
      ecdhCurve: retries ? 'X25519:P-384:P-256' : 'P-384:P-256:X25519',
      ...(client ? { cert: client.certificatePem, key: client.keyPem } : {}),
      ...(session ? { session: session as Buffer } : {}),
    });
    const secure = once(socket, 'secureConnect');
    const given = keeps ? (once(socket, 'session') as Promise<[Buffer]>) : undefined;
    const { connected, converse } = checks(socket);
    return {
      async connected(exported, resumed) {
        await secure;
        connected(exported, resumed);
      },
      converse,
      session: async () => (await given)?.[0],
      async stop() {
        socket.destroy();
      },
    };
  },
};
