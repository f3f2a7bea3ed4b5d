/** RSA by the platform: making keys and signing, the two operations that take this thread long. */
import {
  type PrivateKey,
  type RsaPrivateKey,
  readPrivateKey,
  type SignatureAlgorithm,
  writePrivateKey,
} from '../../x509/index.ts';
import { bytesOfBigint } from './bytes.ts';
import { rsaKeyFromStock } from './environment.ts';
import { platform } from './platform.ts';

const HASHES: Readonly<Record<string, string>> = {
  sha1: 'SHA-1',
  sha256: 'SHA-256',
  sha384: 'SHA-384',
  sha512: 'SHA-512',
};

/** A new key's numbers, or nothing where the platform does not make such keys. */
export async function generateRsaNumbers(bits: number, exponent: bigint): Promise<RsaPrivateKey | undefined> {
  // Browsers make keys of these sizes and exponents only.
  if (!platform || bits % 8 !== 0 || bits < 1024 || (exponent !== 3n && exponent !== 65537n))
    return undefined;
  const stocked = bits === 2048 && exponent === 65537n ? await rsaKeyFromStock() : undefined;
  return rsaNumbers(stocked ?? (await generatePkcs8(platform, bits, exponent)));
}

async function generatePkcs8(platform: SubtleCrypto, bits: number, exponent: bigint): Promise<Uint8Array> {
  const pair = await platform.generateKey(
    {
      name: 'RSASSA-PKCS1-v1_5',
      modulusLength: bits,
      publicExponent: bytesOfBigint(exponent),
      hash: 'SHA-256',
    },
    true,
    ['sign', 'verify'],
  );
  return new Uint8Array(await platform.exportKey('pkcs8', pair.privateKey));
}

function rsaNumbers(pkcs8: Uint8Array): RsaPrivateKey | undefined {
  const key = readPrivateKey(pkcs8);
  return key.kind === 'rsa' ? key : undefined;
}

type Imported = Map<string, Promise<CryptoKey>>;
const imported = new WeakMap<PrivateKey, Imported>();

/** An RSA signature, or nothing where the platform has no such algorithm. Rejects where it refuses the key. */
export async function signByPlatform(
  algorithm: SignatureAlgorithm,
  key: PrivateKey,
  data: Uint8Array<ArrayBuffer>,
): Promise<Uint8Array | undefined> {
  if (!platform || key.kind !== 'rsa') return undefined;
  if (algorithm.family !== 'rsa-pkcs1' && algorithm.family !== 'rsa-pss') return undefined;
  const hash = HASHES[algorithm.hash];
  if (hash === undefined) return undefined;
  let parameters: AlgorithmIdentifier | RsaPssParams = 'RSASSA-PKCS1-v1_5';
  if (algorithm.family === 'rsa-pss') {
    const { mgfHash, saltLength } = algorithm;
    if ((mgfHash ?? algorithm.hash) !== algorithm.hash || saltLength === undefined) return undefined;
    parameters = { name: 'RSA-PSS', saltLength };
  }
  const name = typeof parameters === 'string' ? parameters : parameters.name;
  const known = imported.get(key) ?? new Map();
  imported.set(key, known);
  const use = `${name} ${hash}`;
  const ready: Promise<CryptoKey> =
    known.get(use) ??
    platform.importKey('pkcs8', writePrivateKey(key) as Uint8Array<ArrayBuffer>, { name, hash }, false, [
      'sign',
    ]);
  known.set(use, ready);
  return new Uint8Array(await platform.sign(parameters, await ready, data));
}
