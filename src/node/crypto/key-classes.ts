/** The native base classes that KeyObject and CryptoKey extend: they hold what no program may forge or reach. */
import { kKeyTypeSecret } from './key-constants.ts';
import type { KeyObjectHandle } from './key-handle.ts';

const invalidThis = (name: string) =>
  Object.assign(new TypeError(`Value of "this" must be of type ${name}`), { code: 'ERR_INVALID_THIS' });

class NativeKeyObject {
  readonly #handle: KeyObjectHandle;

  constructor(handle: KeyObjectHandle) {
    this.#handle = handle;
  }

  static slots(key: object): unknown[] {
    if (!(#handle in key)) throw invalidThis('KeyObject');
    return [key.#handle.getKeyType(), key.#handle];
  }
}

class NativeCryptoKey {
  readonly #handle: KeyObjectHandle;
  readonly #algorithm: object;
  readonly #usages: number;
  readonly #extractable: boolean;

  constructor(handle: KeyObjectHandle, algorithm: object, usages: number, extractable: boolean) {
    this.#handle = handle;
    this.#algorithm = algorithm;
    this.#usages = usages;
    this.#extractable = extractable;
  }

  static slots(key: object): unknown[] {
    if (!(#handle in key)) throw invalidThis('CryptoKey');
    return [key.#handle.getKeyType(), key.#extractable, key.#algorithm, key.#usages, key.#handle];
  }
}

type CryptoKeyClass = new (
  handle: KeyObjectHandle,
  algorithm: object,
  usages: number,
  extractable: boolean,
) => object;

/** What Node's JavaScript built on NativeCryptoKey: finished Web Crypto jobs make their keys with it. */
let cryptoKeyClass: CryptoKeyClass | undefined;

/** The bundler renames what is declared inside a function; programs see these names. */
function named<Classes>(classes: Classes, names: readonly string[]): Classes {
  for (const [index, value] of names.entries()) {
    Object.defineProperty((classes as object[])[index], 'name', { value, configurable: true });
  }
  return classes;
}

export function createNativeKeyObjectClass<Classes>(
  build: (base: typeof NativeKeyObject) => Classes,
): Classes {
  return named(build(NativeKeyObject), [
    'KeyObject',
    'SecretKeyObject',
    'PublicKeyObject',
    'PrivateKeyObject',
  ]);
}

export function createCryptoKeyClass<Classes extends unknown[]>(
  build: (base: typeof NativeCryptoKey) => Classes,
): Classes {
  const classes = named(build(NativeCryptoKey), ['CryptoKey', 'InternalCryptoKey']);
  cryptoKeyClass = classes[1] as CryptoKeyClass;
  return classes;
}

export function createCryptoKey(
  handle: KeyObjectHandle,
  algorithm: object,
  usages: number,
  extractable: boolean,
): object {
  if (!cryptoKeyClass) throw new Error('internal/crypto/keys has not been loaded');
  return new cryptoKeyClass(handle, algorithm, usages, extractable);
}

export const getKeyObjectSlots = (key: object): unknown[] => NativeKeyObject.slots(key);
export const getCryptoKeySlots = (key: object): unknown[] => NativeCryptoKey.slots(key);
export const isSecret = (handle: KeyObjectHandle): boolean => handle.getKeyType() === kKeyTypeSecret;
