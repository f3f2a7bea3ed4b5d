/**
 * The native half of `tls.createSecureContext`: who we are, whom we trust, and what we agree to speak. It checks what
 * OpenSSL checks, when OpenSSL checks it, and complains in its words.
 */
import { Buffer } from 'node:buffer';
import { defaultCipherSuites, MAX_LIFETIME, type TicketSealer, type Version } from '../../tls/index.ts';
import {
  buildPath,
  type Certificate,
  keyBits,
  type PrivateKey,
  type PublicKey,
  type RevocationList,
  samePublicKey,
} from '../../x509/index.ts';
import { type ByteSource, bytesOf, isByteSource } from '../crypto/bytes.ts';
import { X509CertificateHandle } from '../crypto/certificate.ts';
import { noStartLine } from '../crypto/certificate-files.ts';
import { now, randomBytes } from '../crypto/environment.ts';
import { notInThisEngine, operationFailed } from '../crypto/errors.ts';
import { textOf } from '../crypto/key-input.ts';
import { readCertificateFile, readKeyFile, readListFile, readPfxFile } from './identity-files.ts';
import { opensslError } from './openssl-errors.ts';
import { rootCertificates } from './root-certificates.ts';
import { legacyCipherNumbers } from './tls-ciphers.ts';
import {
  cipherSuiteNumbers,
  groupNumbers,
  hasLegacyCipher,
  schemeNumbers,
  securityLevel,
} from './tls-options.ts';
import { namesOnly } from './tls-sessions.ts';

const SSL_OP_NO_TICKET = 0x4000;
const SSL_OP_CIPHER_SERVER_PREFERENCE = 0x400000;
/** OpenSSL's default for TLS, in seconds. */
const SESSION_TIMEOUT = 7200;
const TLS1_2_VERSION = 0x303;
const TLS1_3_VERSION = 0x304;

/** One of the places an OpenSSL context has for a certificate and its key: one for each kind of key. */
interface Slot {
  chain?: readonly Certificate[];
  key?: PrivateKey;
}

type Kind = PublicKey['kind'];

const VERSIONS: Record<string, number> = { TLSv1: 0x301, TLSv1_1: 0x302, TLSv1_2: 0x303 };

function invalidMethod(message: string): Error {
  return Object.assign(new TypeError(message), { code: 'ERR_TLS_INVALID_PROTOCOL_METHOD' });
}

const noCipherMatch = () => opensslError('SSL routines', 'no cipher match', '0A0000B9');

/** Security level 2, the default: a key must be worth 112 bits. */
function isTooSmall(key: PublicKey, level: number): boolean {
  const least = [0, 1024, 2048, 3072][Math.min(level, 3)];
  return (key.kind === 'rsa' || key.kind === 'rsa-pss') && keyBits(key) < least;
}

export class SecureContext {
  readonly #slots = new Map<Kind, Slot>();
  #current: Kind | undefined;
  readonly #anchors: Certificate[] = [];
  readonly #revocationLists: RevocationList[] = [];
  #minVersion = 0;
  #maxVersion = 0;
  #securityLevel = 2;
  #ticketKeys: Uint8Array | undefined;
  #givesTickets = true;
  #prefersPeersOrder = true;
  #sessionTimeout = SESSION_TIMEOUT;
  #sessionIdContext: Uint8Array = new Uint8Array(0);
  #cipherSuites: readonly number[] | undefined;
  #legacyCiphers: readonly number[] = [];
  #groups: readonly number[] | undefined;
  #signatureSchemes: readonly number[] | undefined;
  #partialChain = false;

  init(secureProtocol: string | undefined, minVersion: number, maxVersion: number): void {
    [this.#minVersion, this.#maxVersion] = [minVersion, maxVersion];
    if (typeof secureProtocol === 'string') this.#useMethod(secureProtocol);
  }

  #useMethod(secureProtocol: string): void {
    if (/^SSLv2_/.test(secureProtocol)) throw invalidMethod('SSLv2 methods disabled');
    if (/^SSLv3_/.test(secureProtocol)) throw invalidMethod('SSLv3 methods disabled');
    const [, name] =
      /^(TLS|SSLv23|TLSv1|TLSv1_1|TLSv1_2)_(?:server_|client_)?method$/.exec(secureProtocol) ?? [];
    if (!name) throw invalidMethod(`Unknown method: ${secureProtocol}`);
    if (VERSIONS[name]) this.#minVersion = this.#maxVersion = VERSIONS[name];
    else if (name === 'SSLv23') this.#maxVersion = TLS1_2_VERSION;
    else [this.#minVersion, this.#maxVersion] = [0, TLS1_3_VERSION];
  }

  /** What is spoken of what may be; undefined where only versions may be that nobody should speak any more. */
  get versions(): { min: Version; max: Version } | undefined {
    const min = Math.max(this.#minVersion, TLS1_2_VERSION) as Version;
    const max = (this.#maxVersion || TLS1_3_VERSION) as Version;
    return min <= max ? { min, max } : undefined;
  }
  getMinProto(): number {
    return this.#minVersion;
  }
  getMaxProto(): number {
    return this.#maxVersion;
  }
  setMinProto(version: number): void {
    this.#minVersion = version;
  }
  setMaxProto(version: number): void {
    this.#maxVersion = version;
  }

  setOptions(bits: number): void {
    if (bits & SSL_OP_NO_TICKET) this.#givesTickets = false;
    if (bits & SSL_OP_CIPHER_SERVER_PREFERENCE) this.#prefersPeersOrder = false;
  }

  /** Numbers of the TLS registries, most wanted first; undefined for the engine's defaults. */
  get cipherSuites(): readonly number[] {
    return [...(this.#cipherSuites ?? defaultCipherSuites), ...this.#legacyCiphers];
  }
  /** Whether any of them is for a version that may be spoken. */
  get hasCipherSuites(): boolean {
    return this.#maxVersion !== TLS1_2_VERSION || this.#legacyCiphers.length > 0;
  }
  get prefersPeersOrder(): boolean {
    return this.#prefersPeersOrder;
  }
  get groups(): readonly number[] | undefined {
    return this.#groups;
  }
  get signatureSchemes(): readonly number[] | undefined {
    return this.#signatureSchemes;
  }
  get partialChain(): boolean {
    return this.#partialChain;
  }

  setCipherSuites(list: string): void {
    this.#cipherSuites = cipherSuiteNumbers(list);
    if (!this.#cipherSuites) throw noCipherMatch();
    if (this.#cipherSuites.length === 0) throw notInThisEngine(list);
  }
  /** The list for TLS 1.2. A list that names nothing is refused, and so is one of which the engine has nothing. */
  setCiphers(list: string): void {
    const level = securityLevel(list);
    if (level === false) throw opensslError('SSL routines', 'invalid command', '0A000118');
    this.#securityLevel = level ?? this.#securityLevel;
    if (list !== '' && !hasLegacyCipher(list)) throw noCipherMatch();
    this.#legacyCiphers = legacyCipherNumbers(list);
    const isNeeded = this.#maxVersion === TLS1_2_VERSION && list !== '';
    if (isNeeded && this.#legacyCiphers.length === 0) throw notInThisEngine(list);
  }
  setSigalgs(list: string): void {
    this.#signatureSchemes = schemeNumbers(list);
    // OpenSSL leaves no entry in its queue here, and Node prints the empty one.
    if (!this.#signatureSchemes) throw new Error('error:00000000:lib(0)::reason(0)');
    if (this.#signatureSchemes.length === 0) throw notInThisEngine(`Signing with ${list}`);
  }
  setECDHCurve(list: string): void {
    if (list === 'auto' || list === '') return;
    this.#groups = groupNumbers(list);
    if (!this.#groups) throw operationFailed('Failed to set ECDH curve');
    if (this.#groups.length === 0) throw notInThisEngine(`Key exchange with ${list}`);
  }

  // Whom we trust

  /** OpenSSL's loop ends at the first block that it cannot read, and nobody hears of it. */
  addCACert(source: string | ByteSource): void {
    try {
      for (const certificate of readCertificateFile(textOf(source), true)) this.#anchors.push(certificate);
    } catch {
      // Nothing more is trusted than what was read.
    }
  }
  addCRL(source: string | ByteSource): void {
    this.#revocationLists.push(readListFile(textOf(source)));
  }
  addRootCerts(): void {
    this.#anchors.push(...rootCertificates());
  }
  setAllowPartialTrustChain(): void {
    this.#partialChain = true;
  }
  get anchors(): readonly Certificate[] {
    return this.#anchors;
  }
  get revocationLists(): readonly RevocationList[] {
    return this.#revocationLists;
  }
  get securityLevel(): number {
    return this.#securityLevel;
  }

  // Who we are

  setCert(source: string | ByteSource): void {
    const chain = [...readCertificateFile(textOf(source))];
    if (chain.length === 0) throw noStartLine();
    this.#useChain(chain);
  }
  #useChain(chain: readonly Certificate[]): void {
    const [{ publicKey }, ...rest] = chain;
    if (!publicKey || publicKey.kind === 'x25519')
      throw opensslError('SSL routines', 'unknown certificate type', '0A0000F7');
    if (isTooSmall(publicKey, this.#securityLevel))
      throw opensslError('SSL routines', 'ee key too small', '0A00018F');
    if (rest.some((one) => one.publicKey && isTooSmall(one.publicKey, this.#securityLevel)))
      throw opensslError('SSL routines', 'ca key too small', '0A00018D');
    this.#slots.set(publicKey.kind, { chain });
    this.#current = publicKey.kind;
  }

  /** OpenSSL compares the public halves and nothing else. */
  setKey(source: string | ByteSource, passphrase: string | undefined): void {
    this.#useKey(readKeyFile(textOf(source), passphrase ?? ''));
  }
  #useKey(key: PrivateKey): void {
    const slot = this.#slots.get(key.kind) ?? {};
    const certified = slot.chain?.[0].publicKey;
    if (certified && !samePublicKey(certified, key.publicKey)) {
      throw opensslError('x509 certificate routines', 'key values mismatch', '05800074');
    }
    this.#slots.set(key.kind, { ...slot, key });
    this.#current = key.kind;
  }

  loadPKCS12(bytes: ByteSource, passphrase?: ByteSource): void {
    if (!isByteSource(bytes)) throw operationFailed('Unable to load PFX certificate');
    const { key, certificate, others } = readPfxFile(bytesOf(bytes), passphrase && bytesOf(passphrase));
    this.#useChain([certificate, ...others]);
    this.#useKey(key);
    this.#anchors.push(...others);
  }

  /** The certificate and key that fit the first of the wishes that any fits; else the first there are. */
  identity(
    ...wishes: readonly ((key: PublicKey) => boolean)[]
  ): { chain: readonly Certificate[]; key: PrivateKey } | undefined {
    const order: Kind[] = ['ec', 'ed25519', 'rsa-pss', 'rsa'];
    const complete = order.flatMap((kind) => {
      const { chain, key } = this.#slots.get(kind) ?? {};
      return chain && key ? [{ chain, key }] : [];
    });
    const matches = wishes.map((fits) => complete.find(({ key }) => fits(key.publicKey)));
    const chosen = matches.find(Boolean) ?? complete[0];
    return chosen && { ...chosen, chain: this.#completed(chosen.chain) };
  }
  /**
   * A certificate that was given alone is sent with its issuers, as far as they are among the trusted ones, root
   * included: OpenSSL does so while SSL_MODE_NO_AUTO_CHAIN is off, and Node leaves it off.
   */
  #completed(chain: readonly Certificate[]): readonly Certificate[] {
    if (chain.length > 1) return chain;
    return buildPath(chain, this.#anchors, new Date(now()), this.#partialChain).certificates;
  }
  get chain(): readonly Certificate[] {
    const slot = this.#current && this.#slots.get(this.#current);
    return slot?.chain ?? [...this.#slots.values()].find(({ chain }) => chain)?.chain ?? [];
  }
  getCertificate(): Buffer | null {
    return this.chain.length > 0 ? Buffer.from(this.chain[0].bytes) : null;
  }
  getIssuer(): Buffer | null {
    if (this.chain.length === 0) return null;
    const subject = new X509CertificateHandle(this.chain[0]);
    const candidates = [...this.chain.slice(1), ...this.#anchors];
    const issuer = candidates.find((candidate) => subject.checkIssued(new X509CertificateHandle(candidate)));
    return issuer ? Buffer.from(issuer.bytes) : null;
  }

  // Sessions

  setSessionIdContext(text: string): void {
    const bytes = Buffer.from(text);
    if (bytes.length > 32) {
      throw new TypeError(
        '0000000000000001:error:0A000111:SSL routines:SSL_CTX_set_session_id_context:ssl session id context too long:../deps/openssl/openssl/ssl/ssl_lib.c:1033:\n',
      );
    }
    this.#sessionIdContext = bytes;
  }
  get sessionIdContext(): Uint8Array {
    return this.#sessionIdContext;
  }
  /** 0 stands for OpenSSL's default. */
  setSessionTimeout(seconds: number): void {
    this.#sessionTimeout = seconds || SESSION_TIMEOUT;
  }
  /** Seconds that a session may be resumed. */
  get sessionTimeout(): number {
    return Math.min(this.#sessionTimeout, MAX_LIFETIME);
  }
  /** How this context's servers make tickets: with keys that are those of the moment, as `setTicketKeys` says. */
  sealer(make: (keys: Uint8Array) => TicketSealer): TicketSealer {
    return this.#givesTickets ? make(this.getTicketKeys()) : namesOnly;
  }
  getTicketKeys(): Buffer {
    this.#ticketKeys ??= randomBytes(48);
    return Buffer.from(this.#ticketKeys);
  }
  setTicketKeys(keys: ByteSource): void {
    this.#ticketKeys = bytesOf(keys).slice();
  }
  enableTicketKeyCallback(): void {}

  // Accepted, and without effect

  setDHParam(_parameters: ByteSource | boolean): string | undefined {
    return undefined;
  }
  setCertificateCompression(_algorithms: number): void {}
  setEngineKey(): void {
    throw notInThisEngine('An OpenSSL engine');
  }
  setClientCertEngine(): void {
    throw notInThisEngine('An OpenSSL engine');
  }
  close(): void {}
}
