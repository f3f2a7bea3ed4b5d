/** Errors as Node's native layer throws them: the class, then `code` as an ordinary property. */

type ErrorClass = new (message: string) => Error;

function native(Class: ErrorClass, code: string) {
  return (message: string): Error => Object.assign(new Class(message), { code });
}

export const invalidDigest = native(TypeError, 'ERR_CRYPTO_INVALID_DIGEST');
export const invalidOaepDigest = () => native(Error, 'ERR_OSSL_EVP_INVALID_DIGEST')('Invalid digest used');
export const invalidJwk = native(TypeError, 'ERR_CRYPTO_INVALID_JWK');
export const invalidCurve = () => native(TypeError, 'ERR_CRYPTO_INVALID_CURVE')('Invalid EC curve name');
export const invalidKeyLength = () => native(RangeError, 'ERR_CRYPTO_INVALID_KEYLEN')('Invalid key length');
export const invalidKeyType = native(RangeError, 'ERR_CRYPTO_INVALID_KEYTYPE');
export const invalidInitializationVector = () =>
  native(TypeError, 'ERR_CRYPTO_INVALID_IV')('Invalid initialization vector');
export const invalidAuthenticationTag = (length: number) =>
  native(TypeError, 'ERR_CRYPTO_INVALID_AUTH_TAG')(`Invalid authentication tag length: ${length}`);
export const invalidScryptParameters = native(RangeError, 'ERR_CRYPTO_INVALID_SCRYPT_PARAMS');
export const missingPassphrase = () =>
  native(TypeError, 'ERR_MISSING_PASSPHRASE')('Passphrase required for encrypted key');
export const invalidState = native(Error, 'ERR_CRYPTO_INVALID_STATE');
export const unknownCipher = () => native(Error, 'ERR_CRYPTO_UNKNOWN_CIPHER')('Unknown cipher');
export const unsupportedOperation = (message = 'Unsupported crypto operation') =>
  native(Error, 'ERR_CRYPTO_UNSUPPORTED_OPERATION')(message);
export const operationFailed = native(Error, 'ERR_CRYPTO_OPERATION_FAILED');
export const jwkUnsupportedCurve = (curve: string) =>
  native(Error, 'ERR_CRYPTO_JWK_UNSUPPORTED_CURVE')(`Unsupported JWK EC curve: ${curve}.`);
export const jwkUnsupportedKeyType = () =>
  native(Error, 'ERR_CRYPTO_JWK_UNSUPPORTED_KEY_TYPE')('Unsupported JWK Key Type.');
export const timingSafeLength = () =>
  native(RangeError, 'ERR_CRYPTO_TIMING_SAFE_EQUAL_LENGTH')('Input buffers must have the same byte length');
export const invalidArgumentType = native(TypeError, 'ERR_INVALID_ARG_TYPE');
export const outOfRange = native(RangeError, 'ERR_OUT_OF_RANGE');

/** What this engine does not have, although Node does: said in so many words, never worked around. */
export const notInThisEngine = (what: string) =>
  native(Error, 'ERR_FEATURE_UNAVAILABLE_ON_PLATFORM')(`${what} is not available in the embedded engine`);
