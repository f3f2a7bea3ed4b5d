/**
 * What a Chromium trusts. On Linux it has no option for that: it reads an NSS database in the folder of its user, beside
 * the authorities that it carries itself. So each browser gets a user's folder of its own, with the lab's authorities in
 * it; errors of certificates are then what they are, and are never ignored.
 */
import { execFile } from 'node:child_process';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';

const execute = promisify(execFile);

/**
 * Makes the authorities of a PEM text the ones that a Chromium trusts whose `HOME` is this folder.
 * Throws when the text holds no certificate, or one that is none, or when `certutil` is missing.
 */
export async function trustAuthorities(home: string, pem: string): Promise<void> {
  const certificates = pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  if (certificates.length === 0) throw new Error('no certificate is in it.');
  // Where every version of Chromium looks; newer ones prefer `.local/share/pki/nssdb`, but only where this is missing.
  const database = path.join(home, '.pki', 'nssdb');
  await mkdir(database, { recursive: true });
  await certutil(database, '-N', '--empty-password');
  for (const [index, certificate] of certificates.entries()) {
    const file = path.join(home, `authority-${index}.pem`);
    await writeFile(file, certificate);
    // C: trusted to issue certificates of servers.
    await certutil(database, '-A', '-n', `authority ${index}`, '-t', 'C,,', '-i', file);
    await rm(file);
  }
}

async function certutil(database: string, ...args: string[]): Promise<void> {
  try {
    await execute('certutil', ['-d', `sql:${database}`, ...args]);
  } catch (error) {
    const { code, stderr } = error as { code?: string | number; stderr?: string };
    if (code === 'ENOENT') {
      throw new Error(
        'the command `certutil` of NSS is needed, and is not here. Install it (Debian: apt-get install libnss3-tools).',
      );
    }
    throw new Error(`certutil ${args[0]} failed: ${stderr?.trim() || code}`);
  }
}
