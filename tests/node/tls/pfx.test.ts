import { execFileSync } from 'node:child_process';
import { createHmac, createPrivateKey, type KeyObject, pbkdf2Sync } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { children, readDer, readOctetString } from '../../../src/x509/index.ts';
import {
  der,
  extensions,
  general,
  type Issued,
  issue,
  type KeyKind,
  makeKey,
  name,
  usages,
} from '../../support/pki.ts';
import { assertSame, runBoth } from './differential.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'handfast-pfx-'));
after(() => rmSync(folder, { recursive: true }));
const place = (file: string) => path.join(folder, file);

const root = issue({
  subject: name('CN=Root'),
  key: makeKey('ec', 'pfx root'),
  extensions: [extensions.authority(), extensions.keyUsage('keyCertSign')],
});

function identity(kind: KeyKind): Issued {
  return issue({
    subject: name(`CN=${kind}`),
    key: makeKey(kind, 'pfx'),
    issuer: root,
    extensions: [
      extensions.keyUsage('digitalSignature'),
      extensions.extendedKeyUsage(usages.server, usages.client),
      extensions.names(general.dns('localhost')),
    ],
  });
}

const identities = new Map<KeyKind, Issued>();
for (const kind of ['rsa', 'rsa-pss', 'ec', 'p384', 'p521', 'ed25519'] as const)
  identities.set(kind, identity(kind));

/** `openssl pkcs12 -export`, its passphrase "secret". */
function pfx(kind: KeyKind, ...options: string[]): string {
  const { pem, keyPem } = identities.get(kind) as Issued;
  writeFileSync(place('certificate.pem'), pem);
  writeFileSync(place('key.pem'), keyPem);
  writeFileSync(place('root.pem'), root.pem);
  const files = ['-in', place('certificate.pem'), '-inkey', place('key.pem')];
  const passphrase = options.includes('-passout') ? [] : ['-passout', 'pass:secret'];
  const args = ['pkcs12', '-export', ...files, ...passphrase, ...options, '-out', place('out.p12')];
  execFileSync('openssl', args, { stdio: ['ignore', 'ignore', 'pipe'] });
  return readFileSync(place('out.p12')).toString('base64');
}

const { sequence, oid, octets, integer } = der;

/** The same file vouched for as RFC 9579 has it, which OpenSSL's command writes only since 3.4, and Node reads. */
function withPbmac1(base64: string): string {
  const pfx = readDer(Buffer.from(base64, 'base64'));
  const [version, content] = children(pfx);
  const safe = readOctetString(readDer(children(content)[1].content));
  const hmacWithSha256 = sequence(oid('1.2.840.113549.2.9'), der.null());
  const salt = Buffer.from('salty salt');
  const derivation = sequence(
    oid('1.2.840.113549.1.5.12'),
    sequence(octets(salt), integer(1000), integer(32), hmacWithSha256),
  );
  const algorithm = sequence(oid('1.2.840.113549.1.5.14'), sequence(derivation, hmacWithSha256));
  const code = createHmac('sha256', pbkdf2Sync('secret', salt, 1000, 32, 'sha256'))
    .update(safe)
    .digest();
  const mac = sequence(sequence(algorithm, octets(code)), octets(Buffer.from('NOT USED')), integer(1));
  return Buffer.from(sequence(version.bytes, content.bytes, mac)).toString('base64');
}

/** A key under the passphrase "secret", by one of OpenSSL's commands. */
function encrypted(key: KeyObject, command: string, ...options: string[]): string {
  const input = key.export({ format: 'pem', type: 'pkcs8' });
  const args = [command, ...options, '-passout', 'pass:secret'];
  return execFileSync('openssl', args, { input, encoding: 'utf8', stdio: ['pipe', 'pipe', 'ignore'] });
}

const rsa = makeKey('rsa', 'pfx');

/** One wrong passphrase in 256 leaves the padding right by chance, and the words are then others. Such a key is made again. */
function encryptedWell(command: string, ...options: string[]): string {
  for (;;) {
    const key = encrypted(rsa, command, ...options);
    try {
      createPrivateKey({ key, passphrase: 'wrong' });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ERR_OSSL_BAD_DECRYPT') return key;
    }
  }
}
const pkcs8 = (...options: string[]) => encryptedWell('pkcs8', '-topk8', ...options);

const OBSOLETE = 'no library that the engine may use has Triple DES, and it says so';

test('pfx files and keys under a passphrase are read and refused as on real Node', async () => {
  const made = {
    pfx: {
      rsa: pfx('rsa', '-certfile', place('root.pem')),
      'rsa-pss': pfx('rsa-pss'),
      p256: pfx('ec'),
      p384: pfx('p384', '-name', 'Ana'),
      p521: pfx('p521', '-macalg', 'sha512'),
      ed25519: pfx('ed25519', '-macalg', 'sha1', '-iter', '1'),
      'aes128 keys only': pfx('ec', '-certpbe', 'NONE', '-keypbe', 'aes-128-cbc'),
      'in clear': pfx('ec', '-certpbe', 'NONE', '-keypbe', 'NONE'),
      'without a code': pfx('ec', '-nomac'),
      'with PBMAC1': withPbmac1(pfx('ec')),
      'no passphrase': pfx('ec', '-passout', 'pass:'),
      unicode: pfx('ec', '-passout', 'pass:schlüssel 🔑'),
      'no key': pfx('ec', '-nokeys'),
      'no certificate': pfx('ec', '-nocerts'),
      rc2: pfx('ec', '-legacy', '-certpbe', 'PBE-SHA1-RC2-40'),
      'triple des': pfx('ec', '-certpbe', 'PBE-SHA1-3DES', '-keypbe', 'PBE-SHA1-3DES'),
    },
    connecting: ['rsa', 'rsa-pss', 'p256', 'p384', 'p521', 'ed25519', 'in clear'],
    keys: {
      aes128: pkcs8('-v2', 'aes-128-cbc'),
      aes192: pkcs8('-v2', 'aes-192-cbc', '-v2prf', 'hmacWithSHA1'),
      aes256: pkcs8('-v2', 'aes-256-cbc', '-v2prf', 'hmacWithSHA512'),
      scrypt: pkcs8('-scrypt'),
      'triple des': pkcs8('-v2', 'des3'),
      'traditional triple des': encryptedWell('rsa', '-des3', '-traditional'),
      traditional: encryptedWell('rsa', '-aes256', '-traditional'),
    },
    certificate: identities.get('rsa')?.pem,
    root: root.pem,
  };
  const file = place('made.json');
  writeFileSync(file, JSON.stringify(made));
  const program = path.join(import.meta.dirname, 'programs/pfx.cjs');
  assertSame(await runBoth(program, file), {
    'triple des, "secret"': OBSOLETE,
    ...Object.fromEntries(
      ['secret', 'wrong', 'undefined'].flatMap((passphrase) =>
        ['triple des', 'traditional triple des'].map((key) => [`key ${key}, ${passphrase}`, OBSOLETE]),
      ),
    ),
  });
});
