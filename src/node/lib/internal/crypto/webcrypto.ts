/**
 * Why not Node's: the platform has Web Crypto built in, fast, and Node's JavaScript for it is 80 kB. Its promises settle
 * outside Node's event loop, so each is brought back in, and the process lives until then.
 */
import { later } from '../../../crypto/environment.ts';
import { enter, hold } from '../../../loop.ts';

const platform = globalThis.crypto;

/** Settles where Node would: in a turn of the event loop of its own. */
function inLoop<Result>(start: () => Promise<Result>): Promise<Result> {
  const release = hold();
  return new Promise((resolve, reject) => {
    const settle = (finish: () => void) =>
      enter(() => {
        release();
        finish();
      });
    try {
      start().then(
        (result) => settle(() => resolve(result)),
        (error) => settle(() => reject(error)),
      );
    } catch (error) {
      release();
      later(() => reject(error));
    }
  });
}

const METHODS = [
  'encrypt',
  'decrypt',
  'sign',
  'verify',
  'digest',
  'generateKey',
  'deriveKey',
  'deriveBits',
  'importKey',
  'exportKey',
  'wrapKey',
  'unwrapKey',
] as const;

class SubtleCrypto {}

for (const name of METHODS) {
  const method = (...args: unknown[]) =>
    inLoop(() => {
      const { subtle } = platform;
      if (!subtle) throw new Error('Web Crypto needs a secure context, and this page is none');
      return (subtle[name] as (...args: unknown[]) => Promise<unknown>)(...args);
    });
  Object.defineProperty(method, 'name', { value: name });
  Object.defineProperty(SubtleCrypto.prototype, name, {
    value: method,
    writable: true,
    enumerable: true,
    configurable: true,
  });
}

class Crypto {
  readonly #subtle = new SubtleCrypto();

  get subtle(): SubtleCrypto {
    return this.#subtle;
  }
  getRandomValues<View extends ArrayBufferView<ArrayBuffer>>(array: View): View {
    return platform.getRandomValues(array);
  }
  randomUUID(options?: object): string {
    return require('internal/crypto/random').randomUUID(options);
  }
}

for (const prototype of [Crypto.prototype, SubtleCrypto.prototype]) {
  const { name } = prototype.constructor;
  Object.defineProperty(prototype, Symbol.toStringTag, { value: name, configurable: true });
}
for (const name of ['subtle', 'getRandomValues', 'randomUUID'] as const) {
  Object.defineProperty(Crypto.prototype, name, { enumerable: true });
}

declare const require: (id: string) => { randomUUID(options?: object): string };

export const crypto = new Crypto();
export { Crypto, SubtleCrypto };
export const { CryptoKey } = globalThis;
