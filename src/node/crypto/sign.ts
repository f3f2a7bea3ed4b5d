/** The native halves of `crypto.sign`, `verify`, `createSign` and `createVerify`. */
import {
  type CurveName,
  curves,
  type HashName,
  hashes,
  type PrivateKey,
  type PublicKey,
  type SignatureAlgorithm,
  sign,
  verify,
  X509Error,
} from '../../x509/index.ts';
import { errorLine, opensslError } from '../bindings/openssl-errors.ts';
import { type ByteSource, bytesOf, bytesOfChunk, concatBytes, toArrayBuffer, toBuffer } from './bytes.ts';
import { digestName } from './digest.ts';
import { fillRandom } from './environment.ts';
import { invalidDigest, unsupportedOperation } from './errors.ts';
import { Job } from './job.ts';
import type { Jwk } from './jwk.ts';
import { type KeyObjectHandle, privateKeyArgument, publicKeyArgument } from './key-handle.ts';
import { signByPlatform } from './platform-keys.ts';

export const kSigEncDER = 0;
export const kSigEncP1363 = 1;
export const kSignJobModeSign = 0;
export const kSignJobModeVerify = 1;

const RSA_PKCS1_PADDING = 1;
const RSA_NO_PADDING = 3;
export const RSA_PKCS1_PSS_PADDING = 6;
const RSA_PSS_SALTLEN_DIGEST = -1;
const RSA_PSS_SALTLEN_AUTO = -2;
const RSA_PSS_SALTLEN_MAX = -3;
const RSA_PSS_SALTLEN_AUTO_DIGEST_MAX = -4;

interface Options {
  padding: number | undefined;
  saltLength: number | undefined;
  encoding: number | undefined;
}

const provider = (reason: string, number: string) => opensslError('Provider routines', reason, number);

/** The signature algorithm that a key, a digest and the options amount to; fails as OpenSSL does where they do not go together. */
function algorithmFor(
  key: PublicKey,
  hash: HashName | undefined,
  { padding, saltLength }: Options,
  signing: boolean,
): SignatureAlgorithm {
  switch (key.kind) {
    case 'ed25519':
      if (hash) throw provider('invalid digest', '1C80007A');
      return { family: 'ed25519' };
    case 'ec':
      return { family: 'ecdsa', hash: hash ?? 'sha256' };
    case 'rsa':
    case 'rsa-pss': {
      const used = padding ?? (key.kind === 'rsa' ? RSA_PKCS1_PADDING : RSA_PKCS1_PSS_PADDING);
      const digest = hash ?? key.pss?.hash ?? 'sha256';
      if (key.pss && key.pss.hash !== digest) throw provider('digest not allowed', '1C8000AE');
      if (used === RSA_PKCS1_PADDING && key.kind === 'rsa') return { family: 'rsa-pkcs1', hash: digest };
      if (used === RSA_NO_PADDING && key.kind === 'rsa') throw provider('invalid padding mode', '1C8000A8');
      if (used !== RSA_PKCS1_PSS_PADDING) throw provider('illegal or unsupported padding mode', '1C8000A5');
      const salt = pssSaltLength(key, digest, saltLength, signing);
      const mgfHash = key.pss?.mgfHash ?? digest;
      return {
        family: 'rsa-pss',
        hash: digest,
        mgfHash,
        ...(salt === undefined ? {} : { saltLength: salt }),
      };
    }
    default:
      throw opensslError('digital envelope routines', 'operation not supported for this keytype', '03000096');
  }
}

/**
 * Bytes of salt; undefined to find out when verifying. OpenSSL's defaults: a key that demands a least length gets just
 * that, another for RSA-PSS as much as the digest is long, an ordinary one as much as there is room for.
 */
function pssSaltLength(
  key: PublicKey & { kind: 'rsa' | 'rsa-pss' },
  hash: HashName,
  asked: number | undefined,
  signing: boolean,
): number | undefined {
  const { outputLen } = hashes[hash];
  const room = Math.max(0, Math.ceil((key.modulus.toString(2).length - 1) / 8) - outputLen - 2);
  const least = key.pss?.saltLength;
  if (asked === undefined) {
    if (least !== undefined) return least;
    if (!signing) return undefined;
    return key.kind === 'rsa' ? room : Math.min(outputLen, room);
  }
  const findsOut = asked === RSA_PSS_SALTLEN_AUTO || asked === RSA_PSS_SALTLEN_AUTO_DIGEST_MAX;
  if (asked < RSA_PSS_SALTLEN_AUTO_DIGEST_MAX || (findsOut && signing && least !== undefined))
    throw provider('invalid salt length', '1C800070');
  if (findsOut && !signing) return undefined;
  if (asked === RSA_PSS_SALTLEN_AUTO || asked === RSA_PSS_SALTLEN_MAX) return room;
  if (asked === RSA_PSS_SALTLEN_AUTO_DIGEST_MAX) return Math.min(outputLen, room);
  const length = asked === RSA_PSS_SALTLEN_DIGEST ? outputLen : asked;
  if (length < (least ?? 0)) throw provider('pss saltlen too small', '1C8000AC');
  return length;
}

function hashNamed(name: string | null | undefined, message: (name: string) => string): HashName | undefined {
  if (name === null || name === undefined) return undefined;
  const known = digestName(name);
  if (known === undefined) throw invalidDigest(message(name));
  if (!Object.hasOwn(hashes, known)) throw provider('invalid digest', '1C80007A');
  return known as HashName;
}

const RSA_LIBRARY = errorLine('Provider routines', 'RSA lib', '1C880004');

function signWith(
  key: PrivateKey,
  hash: HashName | undefined,
  data: Uint8Array,
  options: Options,
): Uint8Array {
  const algorithm = algorithmFor(key.publicKey, hash, options, true);
  try {
    const signature = sign(algorithm, key, data, fillRandom);
    return key.kind === 'ec' && options.encoding === kSigEncP1363 ? toP1363(key.curve, signature) : signature;
  } catch (error) {
    if (!(error instanceof X509Error) || error.code !== 'key-too-small') throw error;
    const [reason, number] =
      algorithm.family === 'rsa-pss'
        ? ['data too large for key size', '0200006E']
        : ['digest too big for rsa key', '02000070'];
    throw opensslError('rsa routines', reason, number, [
      errorLine('digital envelope routines', 'provider signature failure', '030000EA'),
      RSA_LIBRARY,
      errorLine('rsa routines', reason, number),
      RSA_LIBRARY,
    ]);
  }
}

function verifyWith(
  key: PublicKey,
  hash: HashName | undefined,
  data: Uint8Array,
  signature: Uint8Array,
  options: Options,
): boolean {
  const algorithm = algorithmFor(key, hash, options, false);
  if (key.kind !== 'ec' || options.encoding !== kSigEncP1363) return verify(algorithm, key, data, signature);
  const der = fromP1363(key.curve, signature);
  return der !== undefined && verify(algorithm, key, data, der);
}

/** r and s side by side, each as long as the curve's order (IEEE 1363): what JOSE and Web Crypto use. */
function toP1363(curve: CurveName, signature: Uint8Array): Uint8Array {
  return curves[curve].ecdsa.Signature.fromBytes(signature, 'der').toBytes('compact');
}

function fromP1363(curve: CurveName, signature: Uint8Array): Uint8Array | undefined {
  try {
    return curves[curve].ecdsa.Signature.fromBytes(signature, 'compact').toBytes('der');
  } catch {
    return undefined;
  }
}

type KeyArguments = [
  data: KeyObjectHandle | ByteSource | Jwk,
  format?: number,
  type?: number | string,
  passphrase?: ByteSource | null,
  curveName?: string | null,
];

/** Collects the data that a Sign or Verify object is given in pieces. */
abstract class Collected {
  #hash: HashName | undefined;
  readonly #chunks: Uint8Array[] = [];

  init(algorithm: string): void {
    this.#hash = hashNamed(algorithm, () => 'Invalid digest');
  }

  update(data: string | ByteSource, encoding?: string): void {
    this.#chunks.push(bytesOfChunk(data, encoding).slice());
  }

  /** Ed25519 takes the message twice, so it cannot be fed in pieces: only the one-shot functions know it. */
  protected finish(key: PublicKey): { hash: HashName | undefined; data: Uint8Array } {
    if (key.kind === 'ed25519' || key.kind === 'x25519') throw unsupportedOperation();
    return { hash: this.#hash, data: concatBytes(this.#chunks) };
  }
}

export class Sign extends Collected {
  sign(
    ...[data, format, type, passphrase, curveName, padding, saltLength, encoding]: [
      ...KeyArguments,
      number?,
      number?,
      number?,
    ]
  ): Buffer {
    const key = privateKeyArgument(data, format, type, passphrase, curveName);
    const finished = this.finish(key.publicKey);
    return toBuffer(signWith(key, finished.hash, finished.data, { padding, saltLength, encoding }));
  }
}

export class Verify extends Collected {
  verify(
    ...[data, format, type, passphrase, curveName, signature, padding, saltLength, encoding]: [
      ...KeyArguments,
      ByteSource,
      number?,
      number?,
      number?,
    ]
  ): boolean {
    const key = publicKeyArgument(data, format, type, passphrase, curveName);
    const finished = this.finish(key);
    return verifyWith(key, finished.hash, finished.data, bytesOf(signature), {
      padding,
      saltLength,
      encoding,
    });
  }
}

export class SignJob extends Job<ArrayBuffer | boolean> {
  readonly #work: () => ArrayBuffer | boolean;
  #background: (() => Promise<ArrayBuffer | undefined>) | undefined;

  constructor(
    mode: number,
    signMode: number,
    keyData: KeyObjectHandle | ByteSource | Jwk,
    keyFormat: number | undefined,
    keyType: number | undefined,
    passphrase: ByteSource | undefined,
    curveName: string | undefined,
    data: ByteSource,
    algorithm: string | null | undefined,
    saltLength: number | undefined,
    padding: number | undefined,
    encoding: number | undefined,
    _context: ByteSource | undefined,
    signature: ByteSource | undefined,
  ) {
    super(mode);
    const message = bytesOf(data).slice();
    const hash = hashNamed(algorithm, (name) => `Invalid digest: ${name}`);
    const options = { padding, saltLength, encoding };
    if (signMode === kSignJobModeSign) {
      const key = privateKeyArgument(keyData, keyFormat, keyType, passphrase, curveName);
      this.#work = () => toArrayBuffer(signWith(key, hash, message, options));
      if (key.kind === 'rsa') {
        this.#background = async () => {
          const algorithm = algorithmFor(key.publicKey, hash, options, true);
          const signed = await signByPlatform(algorithm, key, message);
          return signed && toArrayBuffer(signed);
        };
      }
    } else {
      const key = publicKeyArgument(keyData, keyFormat, keyType, passphrase, curveName);
      const given = bytesOf(signature as ByteSource).slice();
      this.#work = () => verifyWith(key, hash, message, given, options);
    }
  }

  protected override work(): ArrayBuffer | boolean {
    return this.#work();
  }

  protected override inBackground(): Promise<ArrayBuffer | undefined> | undefined {
    return this.#background?.();
  }
}
