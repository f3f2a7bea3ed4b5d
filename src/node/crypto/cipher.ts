/** The native halves of `crypto.createCipheriv` and `createDecipheriv`, and what `getCipherInfo` tells. */
import { type ByteSource, bytesOf, bytesOfChunk, sameBytes, toBuffer } from './bytes.ts';
import {
  blockMode,
  chacha20Poly1305Mode,
  counterMode,
  galoisCounterMode,
  type Mode,
} from './cipher-modes.ts';
import {
  invalidAuthenticationTag,
  invalidInitializationVector,
  invalidKeyLength,
  invalidState,
  unknownCipher,
} from './errors.ts';
import { secretOf } from './hash.ts';
import type { KeyObjectHandle } from './key-handle.ts';

interface CipherInfo {
  mode: 'cbc' | 'ctr' | 'ecb' | 'gcm' | 'stream';
  name: string;
  nid: number;
  blockSize?: number;
  ivLength?: number;
  keyLength: number;
}

const CIPHERS: Record<string, CipherInfo> = {};
const ALIASES: Record<string, string> = {};
// Numbers of OpenSSL's object table, which Node shows: ecb, cbc, ctr, gcm.
for (const [bits, ecbId, cbcId, ctrId, gcmId] of [
  [128, 418, 419, 904, 895],
  [192, 422, 423, 905, 898],
  [256, 426, 427, 906, 901],
]) {
  const keyLength = bits / 8;
  const add = (name: string, info: Omit<CipherInfo, 'keyLength' | 'name'>, shown = name) => {
    CIPHERS[name] = { ...info, name: shown, keyLength };
  };
  add(`aes-${bits}-cbc`, { mode: 'cbc', nid: cbcId, blockSize: 16, ivLength: 16 });
  add(`aes-${bits}-ctr`, { mode: 'ctr', nid: ctrId, blockSize: 1, ivLength: 16 });
  add(`aes-${bits}-ecb`, { mode: 'ecb', nid: ecbId, blockSize: 16 });
  add(`aes-${bits}-gcm`, { mode: 'gcm', nid: gcmId, blockSize: 1, ivLength: 12 }, `id-aes${bits}-gcm`);
  ALIASES[`aes${bits}`] = `aes-${bits}-cbc`;
  ALIASES[`id-aes${bits}-gcm`] = `aes-${bits}-gcm`;
}
CIPHERS['chacha20-poly1305'] = {
  mode: 'stream',
  name: 'chacha20-poly1305',
  nid: 1018,
  ivLength: 12,
  keyLength: 32,
};

function findCipher(nameOrNid: string | number): CipherInfo | undefined {
  if (typeof nameOrNid === 'number') return Object.values(CIPHERS).find(({ nid }) => nid === nameOrNid);
  const name = nameOrNid.toLowerCase();
  return CIPHERS[ALIASES[name] ?? name];
}

export function getCiphers(): string[] {
  return [...Object.keys(CIPHERS), ...Object.keys(ALIASES)]
    .map((name) => name.replace(/^(id-aes\d+)-gcm$/, '$1-GCM'))
    .sort();
}

export function getCipherInfo(
  target: object,
  nameOrNid: string | number,
  keyLength?: number,
  ivLength?: number,
): object | undefined {
  const info = findCipher(nameOrNid);
  if (!info) return undefined;
  if (keyLength !== undefined && keyLength !== info.keyLength) return undefined;
  if (ivLength !== undefined && !fitsIv(info, ivLength)) return undefined;
  const { mode, name, nid, blockSize } = info;
  return Object.assign(
    target,
    { mode, name, nid },
    blockSize && { blockSize },
    info.ivLength && { ivLength: ivLength ?? info.ivLength },
    { keyLength: info.keyLength },
  );
}

/** GCM takes any length but zero, ChaCha20-Poly1305 up to twelve bytes, the others exactly one block. */
function fitsIv(info: CipherInfo, length: number): boolean {
  if (info.mode === 'gcm') return length > 0;
  if (info.mode === 'stream') return length > 0 && length <= 12;
  return length === (info.ivLength ?? 0);
}

const isTagLength = (info: CipherInfo, length: number) =>
  info.mode === 'gcm'
    ? length === 4 || length === 8 || (length >= 12 && length <= 16)
    : length >= 1 && length <= 16;

export class CipherBase {
  readonly #encrypting: boolean;
  readonly #info: CipherInfo;
  readonly #mode: Mode;
  #tagLength: number;
  #tag: Uint8Array | undefined;
  #state: 'fresh' | 'updating' | 'final' = 'fresh';

  constructor(
    encrypting: boolean,
    name: string,
    key: KeyObjectHandle | ByteSource,
    iv: ByteSource | null,
    tagLength: number,
  ) {
    const info = findCipher(name);
    if (!info) throw unknownCipher();
    const secret = secretOf(key).slice();
    const vector = iv === null ? null : bytesOf(iv).slice();
    if (info.ivLength && !vector) throw invalidInitializationVector();
    if (vector && (info.ivLength || vector.length > 0) && !fitsIv(info, vector.length))
      throw invalidInitializationVector();
    if (this.#isAuthenticated(info) && tagLength !== -1 && !isTagLength(info, tagLength)) {
      throw invalidAuthenticationTag(tagLength);
    }
    if (secret.length !== info.keyLength) throw invalidKeyLength();
    this.#encrypting = encrypting;
    this.#info = info;
    this.#tagLength = tagLength;
    this.#mode = createMode(info, secret, vector ?? new Uint8Array(0), encrypting);
  }

  #isAuthenticated(info: CipherInfo): boolean {
    return info.mode === 'gcm' || info.mode === 'stream';
  }

  update(data: string | ByteSource, encoding?: string): Buffer {
    if (this.#state === 'final') throw new Error('Trying to add data in unsupported state');
    this.#state = 'updating';
    return toBuffer(this.#mode.update(bytesOfChunk(data, encoding)));
  }

  final(): Buffer {
    if (this.#state === 'final') throw invalidState('Invalid state');
    this.#state = 'final';
    const rest = this.#mode.final();
    const tag = this.#mode.tag?.();
    if (tag && this.#encrypting) this.#tag = tag.slice(0, this.#tagLength === -1 ? 16 : this.#tagLength);
    else if (tag && !(this.#tag && sameBytes(this.#tag, tag.slice(0, this.#tag.length)))) {
      throw new Error('Unsupported state or unable to authenticate data');
    }
    return toBuffer(rest);
  }

  setAutoPadding(padding: boolean): boolean {
    if (this.#state === 'final') return false;
    if (this.#mode.padding !== undefined) this.#mode.padding = padding;
    return true;
  }

  getAuthTag(): Buffer | undefined {
    if (this.#state !== 'final' || !this.#encrypting || !this.#tag) return undefined;
    return toBuffer(this.#tag);
  }

  setAuthTag(source: ByteSource): boolean {
    if (this.#encrypting || this.#tag || this.#state === 'final' || !this.#isAuthenticated(this.#info))
      return false;
    const tag = bytesOf(source).slice();
    const fits =
      isTagLength(this.#info, tag.length) && (this.#tagLength === -1 || this.#tagLength === tag.length);
    if (!fits) throw invalidAuthenticationTag(tag.length);
    this.#tagLength = tag.length;
    this.#tag = tag;
    return true;
  }

  setAAD(data: ByteSource, _plaintextLength: number): boolean {
    if (this.#state !== 'fresh' || !this.#mode.authenticate) return false;
    this.#mode.authenticate(bytesOf(data));
    return true;
  }
}

function createMode(info: CipherInfo, key: Uint8Array, iv: Uint8Array, encrypting: boolean): Mode {
  switch (info.mode) {
    case 'cbc':
      return blockMode(key, iv, encrypting);
    case 'ecb':
      return blockMode(key, null, encrypting);
    case 'ctr':
      return counterMode(key, iv);
    case 'gcm':
      return galoisCounterMode(key, iv, encrypting);
    case 'stream':
      return chacha20Poly1305Mode(key, iv, encrypting);
  }
}
