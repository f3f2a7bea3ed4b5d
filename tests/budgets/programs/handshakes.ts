// Runs in a worker: full mutual handshakes between two ends of ours, certificates verified on both, and how long each took.
import { createTlsClient, createTlsServer, type Identity, type TlsEvent } from '../../../src/tls/index.ts';
import {
  readCertificate,
  readCertificatesPem,
  readPem,
  readPrivateKeyPem,
  verifyChain,
} from '../../../src/x509/index.ts';

export interface Task {
  readonly ca: string;
  readonly server: { readonly cert: string; readonly key: string };
  readonly client: { readonly cert: string; readonly key: string };
  /** Numbers of NamedGroup; the engine's own choice unless given. */
  readonly groups?: readonly number[];
  readonly warmUp: number;
  readonly measured: number;
}

const identity = ({ cert, key }: Task['server']): Identity => ({
  certificates: readPem(cert).map(({ bytes }) => bytes),
  privateKey: readPrivateKeyPem(key),
});

onmessage = ({ data: task }: MessageEvent<Task>) => {
  const anchors = readCertificatesPem(task.ca);
  const identities = { server: identity(task.server), client: identity(task.client) };

  function trusts(certificates: readonly Uint8Array[], purpose: 'serverAuth' | 'clientAuth'): boolean {
    const chain = certificates.map((der) => readCertificate(der));
    return verifyChain(chain, { anchors, purpose, now: new Date() }).code === null;
  }

  function shakeHands(): void {
    const problems: string[] = [];
    const watch = (event: TlsEvent) => {
      if (event.type === 'error') problems.push(event.error.message);
    };
    const common = {
      now: () => Date.now(),
      random: (bytes: Uint8Array) => void crypto.getRandomValues(bytes as Uint8Array<ArrayBuffer>),
      onEvent: watch,
      ...(task.groups ? { groups: task.groups } : {}),
    };
    const client = createTlsClient({
      ...common,
      identity: identities.client,
      serverName: 'api.tally.example',
    });
    const server = createTlsServer({ ...common, identity: identities.server, requireCertificate: true });
    client.start();
    for (;;) {
      const there = client.takeOutput();
      if (there.length) server.receive(there);
      const back = server.takeOutput();
      if (back.length) client.receive(back);
      if (!there.length && !back.length) break;
    }
    const [atClient, atServer] = [client.result, server.result];
    if (!atClient || !atServer) throw new Error(problems.join('; ') || 'no handshake');
    if (!trusts(atClient.peerCertificates, 'serverAuth')) throw new Error('server not trusted');
    if (!trusts(atServer.peerCertificates, 'clientAuth')) throw new Error('client not trusted');
  }

  for (let count = 0; count < task.warmUp; count++) shakeHands();
  const durations = Array.from({ length: task.measured }, () => {
    const start = performance.now();
    shakeHands();
    return performance.now() - start;
  });
  postMessage(durations);
};
