import { mkdtempSync } from 'node:fs';
import path from 'node:path';
import { isThere, Program } from '../../support/program.ts';
import { scratchFolder, type TestIdentity } from '../../tls/support/identities.ts';
import { startServer } from '../../tls/support/openssl.ts';
import { ANSWER, LABEL, type Peer } from './peers.ts';

const own = (id: TestIdentity | undefined) => (id ? ['-cert', id.certificatePath, '-key', id.keyPath] : []);
const EXPORT = ['-keymatexport', LABEL, '-keymatexportlen', '32'];
const said = (resumed: boolean, exported: string) =>
  new RegExp(`${resumed ? 'Reused' : 'New'}, TLSv1[^]*Keying material: ${exported.toUpperCase()}`);

export const openssl: Peer = {
  name: 'OpenSSL',
  absent: isThere('openssl', 'version') ? undefined : 'there is no `openssl` here (Debian: openssl)',

  async serve({ server, client }) {
    const { openssl: program, port } = await startServer([
      ...['-groups', 'P-384:P-256', ...EXPORT, ...own(server)],
      ...(client ? ['-Verify', '1', '-CAfile', client.certificatePath] : []),
    ]);
    let from = program.printed;
    return {
      port,
      async connected(exported, resumed) {
        const pattern = new RegExp(`(Reused session-id)?[^]*?Keying material: ${exported.toUpperCase()}`);
        await program.until(pattern, from);
        const reused = await program.until(/Reused session-id|Keying material/, from);
        if (reused[0].startsWith('Reused') !== resumed) throw new Error(`resumed: ${!resumed}`);
      },
      async converse(line) {
        await program.until(new RegExp(line), from);
        program.type(`${ANSWER}\n`);
        from = program.printed;
        return ANSWER;
      },
      stop: () => program.stop(),
    };
  },

  async connect({ port, client, version, retries, session }) {
    const file = path.join(mkdtempSync(path.join(scratchFolder(), 'session-')), 'session.pem');
    const program = new Program('openssl', [
      's_client',
      ...['-connect', `127.0.0.1:${port}`, '-servername', 'server.example', ...EXPORT, ...own(client)],
      ...['-groups', retries ? 'X25519:P-384:P-256' : 'P-384:P-256:X25519'],
      ...[version === 'TLSv1.2' ? '-tls1_2' : '-tls1_3', '-sess_out', file],
      ...(session ? ['-sess_in', String(session)] : []),
    ]);
    return {
      async connected(exported, resumed) {
        await program.until(said(resumed, exported));
      },
      async converse(line) {
        await program.until(new RegExp(line));
        program.type(`${ANSWER}\n`);
        return ANSWER;
      },
      async session() {
        program.type('Q\n');
        await program.until(/DONE/);
        return file;
      },
      stop: () => program.stop(),
    };
  },
};
