import { isThere, Program } from '../../support/program.ts';
import type { TestIdentity } from '../../tls/support/identities.ts';
import { freePort } from '../../tls/support/sockets.ts';
import { ANSWER, LABEL, type Peer } from './peers.ts';

const own = (id: TestIdentity | undefined) =>
  id ? ['--x509certfile', id.certificatePath, '--x509keyfile', id.keyPath] : [];
const EXPORT = [`--keymatexport=${LABEL}`, '--keymatexportsize=32'];
const keyMaterial = (exported: string) => new RegExp(`Key material: ${exported}`);

/** It cannot be asked to find a port of its own; and one that was free a moment ago may be taken by now. */
async function startServer(args: readonly string[]): Promise<{ program: Program; port: number }> {
  for (;;) {
    const port = await freePort();
    const program = new Program('gnutls-serv', ['--port', String(port), ...args]);
    const [, outcome] = await program.until(/listening on IPv4[^\n]*(done|failed)/);
    if (outcome === 'done') return { program, port };
    await program.stop();
  }
}

export const gnutls: Peer = {
  name: 'GnuTLS',
  absent:
    isThere('gnutls-cli', '--version') && isThere('gnutls-serv', '--version')
      ? undefined
      : 'there are no `gnutls-cli` and `gnutls-serv` here (Debian: gnutls-bin)',

  async serve({ server, client }) {
    const { program, port } = await startServer([
      ...['--echo', ...EXPORT, ...own(server)],
      ...['--priority', 'NORMAL:-GROUP-ALL:+GROUP-SECP384R1:+GROUP-SECP256R1'],
      ...(client
        ? ['--require-client-cert', '--x509cafile', client.certificatePath]
        : ['--disable-client-cert']),
    ]);
    let from = program.printed;
    return {
      port,
      async connected(exported, resumed) {
        await program.until(keyMaterial(exported), from);
        if (resumed) await program.until(/This is a resumed session/, from);
      },
      // It says everything back.
      async converse(line) {
        from = program.printed;
        return line;
      },
      stop: () => program.stop(),
    };
  },

  async connect({ port, client, version, retries, keeps, session }) {
    // gnutls-cli resumes within one run: the first connection is left as soon as there is a session.
    const groups = retries ? ['X25519', 'SECP384R1', 'SECP256R1'] : ['SECP384R1', 'SECP256R1', 'X25519'];
    const program =
      (session as Program | undefined) ??
      new Program('gnutls-cli', [
        ...['--port', String(port), '--insecure', '--sni-hostname', 'server.example', '--single-key-share'],
        ...EXPORT,
        ...own(client),
        '--priority',
        `NORMAL:-VERS-ALL:+VERS-${version.replace('v', '')}:-GROUP-ALL:${groups.map((group) => `+GROUP-${group}`).join(':')}`,
        ...(keeps ? ['--resume', ...(version === 'TLSv1.3' ? ['--waitresumption'] : [])] : []),
        '127.0.0.1',
      ]);
    const converse = async (line: string) => {
      await program.until(new RegExp(line));
      program.type(`${ANSWER}\n`);
      return ANSWER;
    };
    return {
      async connected(exported, resumed) {
        await program.until(keyMaterial(exported));
        if (resumed) await program.until(/This is a resumed session/);
      },
      ...(keeps ? {} : { converse }),
      session: async () => program,
      stop: () => program.stop(),
    };
  },
};
