/** `internalBinding('crypto')`: what Node's own `lib/crypto.js` and `lib/internal/crypto/*` ask of native code. */
import { curves } from '../../x509/index.ts';
import * as agree from './agree.ts';
import { parseX509 } from './certificate.ts';
import * as certificateNames from './certificate-names.ts';
import * as cipher from './cipher.ts';
import * as derive from './derive.ts';
import { digestNames } from './digest.ts';
import { notInThisEngine } from './errors.ts';
import * as generate from './generate.ts';
import * as hash from './hash.ts';
import * as job from './job.ts';
import * as keyClasses from './key-classes.ts';
import * as keyConstants from './key-constants.ts';
import { KeyObjectHandle } from './key-handle.ts';
import * as random from './random.ts';
import * as rsaCipher from './rsa-cipher.ts';
import * as sign from './sign.ts';
import * as webCiphers from './web-ciphers.ts';

/**
 * Kinds of keys that OpenSSL numbers and this engine does not have. Their numbers must differ; nothing else reads them. Of
 * others Node asks whether there is a number at all, and says itself that it does not know them.
 */
const UNAVAILABLE_KEYS = Object.fromEntries(
  [
    'ED448',
    'X448',
    ...['SHA2', 'SHAKE'].flatMap((family) =>
      [128, 192, 256].flatMap((bits) => [`SLH_DSA_${family}_${bits}F`, `SLH_DSA_${family}_${bits}S`]),
    ),
  ].map((name, index) => [`EVP_PKEY_${name}`, 2000 + index]),
);

function unavailable(what: string) {
  return () => {
    throw notInThisEngine(what);
  };
}

export const cryptoBinding: Record<string, unknown> = {
  ...keyConstants,
  ...UNAVAILABLE_KEYS,
  ...certificateNames,
  kCryptoJobAsync: job.kCryptoJobAsync,
  kCryptoJobSync: job.kCryptoJobSync,
  kCryptoJobWebCrypto: job.kCryptoJobWebCrypto,

  Hash: hash.Hash,
  HashJob: hash.HashJob,
  Hmac: hash.Hmac,
  HmacJob: hash.HmacJob,
  oneShotDigest: hash.oneShotDigest,
  getHashes: digestNames,
  getCachedAliases: () => ({}),

  RandomBytesJob: random.RandomBytesJob,
  RandomPrimeJob: random.RandomPrimeJob,
  CheckPrimeJob: random.CheckPrimeJob,
  secureBuffer: random.secureBuffer,
  timingSafeEqual: random.timingSafeEqual,

  HKDFJob: derive.HKDFJob,
  PBKDF2Job: derive.PBKDF2Job,
  ScryptJob: derive.ScryptJob,

  KeyObjectHandle,
  createNativeKeyObjectClass: keyClasses.createNativeKeyObjectClass,
  createCryptoKeyClass: keyClasses.createCryptoKeyClass,
  getKeyObjectSlots: keyClasses.getKeyObjectSlots,
  getCryptoKeySlots: keyClasses.getCryptoKeySlots,

  Sign: sign.Sign,
  Verify: sign.Verify,
  SignJob: sign.SignJob,
  kSigEncDER: sign.kSigEncDER,
  kSigEncP1363: sign.kSigEncP1363,
  kSignJobModeSign: sign.kSignJobModeSign,
  kSignJobModeVerify: sign.kSignJobModeVerify,
  RSA_PKCS1_PSS_PADDING: sign.RSA_PKCS1_PSS_PADDING,

  ECDH: agree.ECDH,
  ECDHConvertKey: agree.ECDHConvertKey,
  DHBitsJob: agree.DHBitsJob,
  DiffieHellman: agree.DiffieHellman,
  DiffieHellmanGroup: agree.DiffieHellman,
  getCurves: () => Object.values(curves).map((curve) => curve.asn1Name),

  EVP_PKEY_ED25519: generate.EVP_PKEY_ED25519,
  EVP_PKEY_X25519: generate.EVP_PKEY_X25519,
  kKeyVariantRSA_SSA_PKCS1_v1_5: generate.kKeyVariantRSA_SSA_PKCS1_v1_5,
  kKeyVariantRSA_PSS: generate.kKeyVariantRSA_PSS,
  kKeyVariantRSA_OAEP: generate.kKeyVariantRSA_OAEP,
  OPENSSL_EC_NAMED_CURVE: 1,
  OPENSSL_EC_EXPLICIT_CURVE: 0,
  EcKeyPairGenJob: generate.EcKeyPairGenJob,
  NidKeyPairGenJob: generate.NidKeyPairGenJob,
  RsaKeyPairGenJob: generate.RsaKeyPairGenJob,
  SecretKeyGenJob: generate.SecretKeyGenJob,
  DsaKeyPairGenJob: generate.UnavailableKeyPairGenJob,
  DhKeyPairGenJob: generate.UnavailableKeyPairGenJob,

  CipherBase: cipher.CipherBase,
  getCiphers: cipher.getCiphers,
  getCipherInfo: cipher.getCipherInfo,
  publicEncrypt: rsaCipher.publicEncrypt,
  privateDecrypt: rsaCipher.privateDecrypt,
  RSACipherJob: rsaCipher.RSACipherJob,
  AESCipherJob: webCiphers.AESCipherJob,
  ...webCiphers.aesVariants,
  ChaCha20Poly1305CipherJob: webCiphers.ChaCha20Poly1305CipherJob,
  kWebCryptoCipherEncrypt: rsaCipher.kWebCryptoCipherEncrypt,
  kWebCryptoCipherDecrypt: rsaCipher.kWebCryptoCipherDecrypt,
  kWebCryptoKeyFormatRaw: 0,
  kWebCryptoKeyFormatPKCS8: keyConstants.kKeyEncodingPKCS8,
  kWebCryptoKeyFormatSPKI: keyConstants.kKeyEncodingSPKI,
  kWebCryptoKeyFormatJWK: 3,
  privateEncrypt: rsaCipher.privateEncrypt,
  publicDecrypt: rsaCipher.publicDecrypt,

  parseX509,
  certVerifySpkac: unavailable('SPKAC'),
  certExportPublicKey: unavailable('SPKAC'),
  certExportChallenge: unavailable('SPKAC'),

  getFipsCrypto: () => 0,
  setFipsCrypto: unavailable('FIPS mode'),
  testFipsCrypto: () => false,
  secureHeapUsed: () => undefined,
  getOpenSSLSecLevelCrypto: () => 2,
};
