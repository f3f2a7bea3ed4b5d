import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Question {
  readonly anchors: readonly string[];
  /** PEM, leaf first. */
  readonly sent: readonly string[];
  readonly purpose: 'serverAuth' | 'clientAuth';
  readonly now?: Date;
  readonly strict?: boolean;
  readonly partialChain?: boolean;
  readonly lists?: readonly string[];
}

let folder: string | undefined;

function write(name: string, pem: readonly string[]): string {
  if (!folder) {
    const made = mkdtempSync(join(tmpdir(), 'handfast-openssl-'));
    process.on('exit', () => rmSync(made, { recursive: true, force: true }));
    folder = made;
  }
  const path = join(folder, name);
  writeFileSync(path, pem.join('\n'));
  return path;
}

/** What `openssl verify` complains of, as "depth: words", up to the complaint it stops at. Empty when it accepts. */
export function opensslComplaints(question: Question): string[] {
  const { anchors, sent, purpose, now = new Date(), strict, partialChain, lists } = question;
  const { status, stdout, stderr } = spawnSync(
    'openssl',
    [
      'verify',
      '-no-CApath',
      '-no-CAstore',
      ...['-purpose', purpose === 'serverAuth' ? 'sslserver' : 'sslclient'],
      ...['-auth_level', '2', '-attime', String(Math.floor(now.getTime() / 1000))],
      ...(strict ? ['-x509_strict'] : []),
      ...(partialChain ? ['-partial_chain'] : []),
      ...(lists && lists.length > 0
        ? ['-crl_check', '-crl_check_all', '-CRLfile', write('lists.pem', lists)]
        : []),
      ...(anchors.length > 0 ? ['-CAfile', write('trusted.pem', anchors)] : ['-no-CAfile']),
      // `verify` does not count the leaf among the untrusted, TLS does.
      ...['-untrusted', write('untrusted.pem', sent)],
      write('leaf.pem', sent.slice(0, 1)),
    ],
    { encoding: 'utf8' },
  );
  const found = [...`${stdout}${stderr}`.matchAll(/^error \d+ at (\d+) depth lookup: (.*)$/gm)];
  assert.equal(status !== 0, found.length > 0, `openssl verify: ${stderr}`);
  return found.map(([, depth, words]) => `${depth}: ${words}`);
}
