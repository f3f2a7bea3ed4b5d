import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Identity } from '../../../src/tls/index.ts';
import { readPem, readPrivateKeyPem } from '../../../src/x509/index.ts';

/** Kinds of keys a certificate can hold, and how OpenSSL is asked for one. */
const KEY_ARGUMENTS = {
  rsa: ['-newkey', 'rsa:2048'],
  'rsa-pss': ['-newkey', 'rsa-pss', '-pkeyopt', 'rsa_keygen_bits:2048'],
  'P-256': ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256'],
  'P-384': ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-384'],
  'P-521': ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-521'],
  ed25519: ['-newkey', 'ed25519'],
} as const;

export type KeyKind = keyof typeof KEY_ARGUMENTS;
export const keyKinds = Object.keys(KEY_ARGUMENTS) as KeyKind[];

export interface TestIdentity extends Identity {
  readonly certificatePem: string;
  readonly keyPem: string;
  readonly certificatePath: string;
  readonly keyPath: string;
}

let folder: string | undefined;
const made = new Map<string, TestIdentity>();

/** A folder of this test run, removed when the process ends. */
export function scratchFolder(): string {
  if (!folder) {
    folder = mkdtempSync(join(tmpdir(), 'handfast-tls-'));
    const path = folder;
    process.on('exit', () => rmSync(path, { recursive: true, force: true }));
  }
  return folder;
}

/** A self-signed certificate and its key, made by OpenSSL once for each name. */
export function identity(kind: KeyKind, name = 'server.example'): TestIdentity {
  const label = `${kind}-${name}`;
  const known = made.get(label);
  if (known) return known;
  const certificatePath = join(scratchFolder(), `${label}.crt`);
  const keyPath = join(scratchFolder(), `${label}.key`);
  execFileSync(
    'openssl',
    // biome-ignore format: a command line
    [
      'req', '-x509', ...KEY_ARGUMENTS[kind], '-nodes', '-days', '30', '-subj', `/CN=${name}`,
      '-addext', `subjectAltName=DNS:${name}`, '-keyout', keyPath, '-out', certificatePath,
    ],
    { stdio: 'pipe' },
  );
  const certificatePem = readFileSync(certificatePath, 'utf8');
  const keyPem = readFileSync(keyPath, 'utf8');
  const result = {
    certificates: readPem(certificatePem).map(({ bytes }) => bytes),
    privateKey: readPrivateKeyPem(keyPem),
    certificatePem,
    keyPem,
    certificatePath,
    keyPath,
  };
  made.set(label, result);
  return result;
}
