/** Puts `crypto`, `tls` and `https` into the runtime: Node's own JavaScript over the bindings of this folder and of TLS. */
import { sha1 } from '@noble/hashes/legacy.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import { addBindings } from '../bindings/index.ts';
import type { Any } from '../current.ts';
import { addLazyGlobal } from '../globals.ts';
import { addModules } from '../modules.ts';
// Evaluated with the engine, while the platform's own is still in place.
import './platform.ts';

declare const require: (id: string) => Any;

let installed = false;

/** Nothing is evaluated before a program asks for it. */
export function installCrypto(): void {
  if (installed) return;
  installed = true;
  addBindings({
    crypto: () => {
      const { SecureContext } = require('../bindings/secure-context.ts');
      const {
        getExtraCACertificates,
        getUserRootCertificates,
        resetRootCertStore,
      } = require('../bindings/root-certificates.ts');
      return completedLater({
        SecureContext,
        sessionIdContext,
        getSSLCiphers: () => SSL_CIPHERS,
        getRootCertificates: () => [],
        getBundledRootCertificates: () => [],
        getExtraCACertificates,
        getSystemCACertificates: () => [],
        getUserRootCertificates,
        resetRootCertStore,
        startLoadingCertificatesOffThread() {},
        getCertificateCompressionAlgorithms: () => [],
      });
    },
    tls_wrap: () => require('../bindings/tls-wrap.ts').tlsWrap,
    js_stream: () => require('../bindings/js-stream.ts'),
  });
  for (const name of ['crypto', 'Crypto', 'CryptoKey', 'SubtleCrypto']) {
    addLazyGlobal(name, () => require('internal/crypto/webcrypto')[name]);
  }
  addModules({
    crypto: () => require('node:crypto'),
    tls: () => require('node:tls'),
    _tls_common: () => require('internal/tls/common'),
    _tls_wrap: () => require('internal/tls/wrap'),
    https: () => require('node:https'),
  });
}

/** What a server that is given no `sessionIdContext` uses: a digest of its command line. */
const sessionIdContext = (text: string) => bytesToHex(sha1(utf8ToBytes(text))).slice(0, 32);

/**
 * The binding as TLS needs it; the first look at anything else brings in what the `crypto` module stands on, which is
 * no part of the engine that every Run loads.
 */
function completedLater(forTls: Record<string, unknown>): Record<string, unknown> {
  let complete = false;
  return new Proxy({ ...forTls, isComplete: () => complete } as Record<string, unknown>, {
    get(binding, name: string) {
      if (!complete && !Object.hasOwn(binding, name)) {
        complete = true;
        for (const [key, value] of Object.entries(require('./binding.ts').cryptoBinding))
          binding[key] ??= value;
      }
      return binding[name];
    },
  });
}

const SSL_CIPHERS = [
  'ecdhe-ecdsa-aes128-gcm-sha256',
  'ecdhe-ecdsa-aes256-gcm-sha384',
  'ecdhe-ecdsa-chacha20-poly1305',
  'ecdhe-rsa-aes128-gcm-sha256',
  'ecdhe-rsa-aes256-gcm-sha384',
  'ecdhe-rsa-chacha20-poly1305',
  'tls_aes_128_gcm_sha256',
  'tls_aes_256_gcm_sha384',
  'tls_chacha20_poly1305_sha256',
];

/** For a spare worker that has no program yet. */
export function practise(rounds: number): void {
  require('./practise.ts').practise(rounds);
}
