import assert from 'node:assert/strict';
import { type Suite, suiteOf } from '../../../src/tls/cipher-suites.ts';
import {
  alert,
  type CertificateMessage,
  type CertificateVerify,
  type ClientHello,
  type Codec,
  ContentType,
  certificate,
  certificateVerify,
  clientHello,
  clientKeyShares,
  clientVersions,
  decode,
  type Extension,
  ExtensionType,
  encode,
  finished,
  HandshakeType,
  HELLO_RETRY_RANDOM,
  handshake,
  handshakeMessage,
  type KeyShareEntry,
  makeExtension,
  NamedGroup,
  readExtension,
  recordHeader,
  type ServerHello,
  selectedVersion,
  serverHello,
  serverKeyShare,
  signatureSchemes,
  supportedGroups,
} from '../../../src/tls/codec/index.ts';
import { HandshakeJoiner, type Message } from '../../../src/tls/handshake-joiner.ts';
import type { ClientOptions, ServerOptions } from '../../../src/tls/index.ts';
import { defaultSignatureSchemes } from '../../../src/tls/index.ts';
import { type Group, groupOf, type KeyPair } from '../../../src/tls/key-exchange.ts';
import { finishedMac, KeySchedule, type TrafficSecrets } from '../../../src/tls/key-schedule.ts';
import { RecordProtection } from '../../../src/tls/record-protection.ts';
import { RecordReader } from '../../../src/tls/record-reader.ts';
import { chooseScheme, makeSignature, signedContent } from '../../../src/tls/signature-schemes.ts';
import { Transcript } from '../../../src/tls/transcript.ts';
import { identity, type TestIdentity } from './identities.ts';
import { clientEnd, type End, type Overrides, seededRandom, serverEnd } from './pair.ts';

/** A scripted peer knows no other version, and what it is refused for is what RFC 8446 says. */
export const ONLY_TLS13 = { min: 0x0304, max: 0x0304 } as const;

const ALL_HANDSHAKE_TYPES: readonly number[] = Object.values(HandshakeType);

/**
 * A peer that says exactly what a test tells it to, right or wrong. It knows enough of TLS to get as far as the place
 * where it is to misbehave: keys, transcript, Finished.
 */
class ScriptedPeer {
  readonly end: End;
  readonly transcript = new Transcript();
  readonly random = seededRandom(9);
  readonly #reader = new RecordReader();
  readonly #joiner = new HandshakeJoiner();
  sealing: RecordProtection | undefined;
  opening: RecordProtection | undefined;
  suite: Suite;
  /** The key of a session that is resumed. */
  psk: Uint8Array | undefined;
  schedule!: KeySchedule;
  traffic!: TrafficSecrets;
  application!: TrafficSecrets;

  constructor(end: End) {
    this.end = end;
    const suite = suiteOf(0x1301);
    assert.ok(suite);
    this.suite = suite;
  }

  /** A record in clear, whatever the state. */
  sendPlain(type: number, content: Uint8Array, version = 0x0303): void {
    const header = encode(recordHeader, { type, legacyRecordVersion: version, length: content.length });
    this.sendRaw(Uint8Array.from([...header, ...content]));
  }

  sendRaw(bytes: Uint8Array): void {
    this.end.connection.receive(bytes);
  }

  /** A record as the state wants it. */
  sendRecord(type: number, content: Uint8Array): void {
    if (this.sealing) this.sendRaw(this.sealing.seal(type, content));
    else this.sendPlain(type, content);
  }

  /** A handshake message made of its parts, counted in the transcript. */
  send<T>(type: number, codec: Codec<T>, value: T): void {
    this.sendMessage(handshakeMessage(type, codec, value));
  }

  /** A handshake message with any body. */
  sendBody(type: number, body: Uint8Array): void {
    this.sendMessage(encode(handshake, { type, body }));
  }

  sendMessage(message: Uint8Array): void {
    this.transcript.add(message);
    this.sendRecord(ContentType.handshake, message);
  }

  sendAlert(description: number, level = 2): void {
    this.sendRecord(ContentType.alert, encode(alert, { level, description }));
  }

  sendCertificate(id: TestIdentity | undefined, change: Partial<CertificateMessage> = {}): void {
    this.send(HandshakeType.certificate, certificate, {
      requestContext: new Uint8Array(0),
      entries: (id?.certificates ?? []).map((data) => ({ data, extensions: [] })),
      ...change,
    });
  }

  /** A proof by `id`'s key, true unless told otherwise. */
  sendCertificateVerify(
    role: 'client' | 'server',
    id: TestIdentity,
    change: (proof: CertificateVerify) => CertificateVerify = (proof) => proof,
  ): void {
    const scheme = chooseScheme(defaultSignatureSchemes, id.privateKey.publicKey);
    assert.ok(scheme);
    const content = signedContent(role, this.transcript.hash());
    const signature = makeSignature(scheme, id.privateKey, content, this.random);
    this.send(
      HandshakeType.certificate_verify,
      certificateVerify,
      change({ algorithm: scheme.id, signature }),
    );
  }

  sendFinished(role: 'client' | 'server', change: (mac: Uint8Array) => Uint8Array = (mac) => mac): void {
    this.sendMessage(this.finishedMessage(role, change));
  }

  finishedMessage(
    role: 'client' | 'server',
    change: (mac: Uint8Array) => Uint8Array = (mac) => mac,
  ): Uint8Array {
    const mac = finishedMac(this.suite.hash, this.traffic[role], this.transcript.hash());
    return handshakeMessage(HandshakeType.finished, finished, change(mac));
  }

  /** The messages the end under test has sent since last asked; they join the transcript. */
  read(): Message[] {
    this.#reader.push(this.end.connection.takeOutput());
    this.#reader.allowsEncrypted = true;
    const messages: Message[] = [];
    for (let record = this.#reader.next(); record; record = this.#reader.next()) {
      if (record.type === ContentType.change_cipher_spec) continue;
      const inner = this.opening?.open(record.header, record.content) ?? record;
      if (inner.type !== ContentType.handshake) continue;
      this.#joiner.add(inner.content);
      for (;;) {
        const message = this.#joiner.next(ALL_HANDSHAKE_TYPES, 'script');
        if (!message) break;
        messages.push(message);
        this.transcript.add(message.bytes);
        this.onMessage(message);
      }
    }
    return messages;
  }

  /** For what must happen between two messages, such as a change of keys. */
  onMessage(_message: Message): void {}

  deriveHandshake(sharedSecret: Uint8Array): void {
    this.transcript.begin(this.suite.hash);
    this.schedule = new KeySchedule(this.suite.hash, this.psk);
    this.schedule.enterHandshake(sharedSecret);
    this.traffic = this.schedule.handshakeTraffic(this.transcript.hash());
  }

  /** To be called when the transcript ends with the server's Finished. */
  deriveApplication(): void {
    this.schedule.enterMaster();
    this.application = this.schedule.applicationTraffic(this.transcript.hash());
  }

  /** What the test is about: how the end under test saw it, and what it answered. */
  assertRefused(reason: string, alertName: string | undefined): void {
    const [error] = this.end.errors();
    assert.equal(error?.reason, reason, error?.message ?? 'no error');
    assert.equal(error.alert?.name, alertName);
    assert.deepEqual(this.end.alerts(), alertName ? [`sent ${alertName}`] : []);
  }
}

/** A server for a client of ours to talk to. */
export class ScriptedServer extends ScriptedPeer {
  readonly hello: ClientHello;
  readonly group: Group;
  readonly own: KeyPair;

  constructor(options: Overrides<ClientOptions> = {}) {
    super(clientEnd({ versions: ONLY_TLS13, ...options }));
    this.end.connection.start();
    this.hello = this.readHello();
    // Not X25519MLKEM768, where a server's share answers the client's: X25519 can be made ahead.
    const share = this.shares().find(({ group }) => group !== NamedGroup.X25519MLKEM768);
    const group = groupOf(share?.group ?? 0);
    assert.ok(group);
    this.group = group;
    this.own = group.generate(this.random);
  }

  readHello(): ClientHello {
    const [message] = this.read();
    assert.equal(message?.type, HandshakeType.client_hello);
    return decode(clientHello, message.body, 'ClientHello');
  }

  /** The client's. */
  shares(): KeyShareEntry[] {
    return readExtension(this.hello.extensions ?? [], ExtensionType.key_share, clientKeyShares) ?? [];
  }

  serverHello(change: Partial<ServerHello> = {}): ServerHello {
    return {
      legacyVersion: 0x0303,
      random: new Uint8Array(32).fill(0x55),
      legacySessionIdEcho: this.hello.legacySessionId,
      cipherSuite: this.suite.id,
      legacyCompressionMethod: 0,
      extensions: this.serverHelloExtensions(),
      ...change,
    };
  }

  versionExtension(version = 0x0304): Extension {
    return makeExtension(ExtensionType.supported_versions, selectedVersion, version);
  }

  serverHelloExtensions(): Extension[] {
    const share = { group: this.own.group, keyExchange: this.own.publicKey };
    return [this.versionExtension(), makeExtension(ExtensionType.key_share, serverKeyShare, share)];
  }

  sendHelloRetry(extensions: readonly Extension[], change: Partial<ServerHello> = {}): void {
    this.transcript.begin(this.suite.hash);
    this.transcript.replaceFirstHello(this.suite.hash);
    this.send(
      HandshakeType.server_hello,
      serverHello,
      this.serverHello({
        random: HELLO_RETRY_RANDOM,
        extensions: [this.versionExtension(), ...extensions],
        ...change,
      }),
    );
  }

  sendServerHello(change: Partial<ServerHello> = {}): void {
    this.sendMessage(this.serverHelloMessage(change));
  }

  serverHelloMessage(change: Partial<ServerHello> = {}): Uint8Array {
    return handshakeMessage(HandshakeType.server_hello, serverHello, this.serverHello(change));
  }

  /** ServerHello, and the keys that follow from it. */
  shake(change: Partial<ServerHello> = {}): this {
    const share = this.shares().find(({ group }) => group === this.group.id);
    assert.ok(share);
    this.sendServerHello(change);
    this.deriveHandshake(this.group.agree(this.own, share.keyExchange));
    this.sealing = new RecordProtection(this.suite, this.traffic.server);
    this.opening = new RecordProtection(this.suite, this.traffic.client);
    return this;
  }

  sendEncryptedExtensions(extensions: readonly Extension[] = []): this {
    const body = encode<readonly Extension[]>(
      (wire, value) =>
        wire.list(2, [0, 0xffff], value, 'extensions', '', '', (wire, extension?: Extension) => ({
          type: wire.uint(2, extension?.type, 'type', '', ''),
          data: wire.vector(2, [0, 0xffff], extension?.data, 'data', '', ''),
        })),
      extensions,
    );
    this.sendBody(HandshakeType.encrypted_extensions, body);
    return this;
  }

  /** Everything up to and including Finished, so that the client is connected. */
  finish(id = identity('P-256')): this {
    this.shake().sendEncryptedExtensions();
    this.sendCertificate(id);
    this.sendCertificateVerify('server', id);
    this.sendFinished('server');
    this.deriveApplication();
    this.sealing = new RecordProtection(this.suite, this.application.server);
    this.read();
    this.opening = new RecordProtection(this.suite, this.application.client);
    return this;
  }
}

/** A client for a server of ours to talk to. */
export class ScriptedClient extends ScriptedPeer {
  readonly own: KeyPair;
  readonly group: Group;

  constructor(options: Overrides<ServerOptions> = {}) {
    super(serverEnd({ versions: ONLY_TLS13, ...options }));
    const group = groupOf(0x001d);
    assert.ok(group);
    this.group = group;
    this.own = group.generate(this.random);
  }

  helloExtensions(): Extension[] {
    const share = { group: this.own.group, keyExchange: this.own.publicKey };
    return [
      makeExtension(ExtensionType.supported_versions, clientVersions, [0x0304]),
      makeExtension(ExtensionType.supported_groups, supportedGroups, [this.own.group, 0x0017]),
      makeExtension(ExtensionType.signature_algorithms, signatureSchemes, [...defaultSignatureSchemes]),
      makeExtension(ExtensionType.key_share, clientKeyShares, [share]),
    ];
  }

  /** The usual extensions, with those of the same type replaced and the others added. */
  withExtensions(...changed: readonly Extension[]): Extension[] {
    const kept = this.helloExtensions().filter(({ type }) => !changed.some((other) => other.type === type));
    return [...kept, ...changed];
  }

  withoutExtension(type: number): Extension[] {
    return this.helloExtensions().filter((extension) => extension.type !== type);
  }

  clientHello(change: Partial<ClientHello> = {}): ClientHello {
    return {
      legacyVersion: 0x0303,
      random: new Uint8Array(32).fill(0xaa),
      legacySessionId: new Uint8Array(32).fill(0xbb),
      cipherSuites: [this.suite.id],
      legacyCompressionMethods: Uint8Array.of(0),
      extensions: this.helloExtensions(),
      ...change,
    };
  }

  sendClientHello(change: Partial<ClientHello> = {}): this {
    this.send(HandshakeType.client_hello, clientHello, this.clientHello(change));
    return this;
  }

  override onMessage({ type, body }: Message): void {
    if (type !== HandshakeType.server_hello) return;
    const { extensions = [], random } = decode(serverHello, body, 'ServerHello');
    if (random[0] === HELLO_RETRY_RANDOM[0] && random[1] === HELLO_RETRY_RANDOM[1]) return;
    const share = readExtension(extensions, ExtensionType.key_share, serverKeyShare);
    assert.ok(share);
    this.deriveHandshake(this.group.agree(this.own, share.keyExchange));
    this.opening = new RecordProtection(this.suite, this.traffic.server);
    this.sealing = new RecordProtection(this.suite, this.traffic.client);
  }

  /** A good ClientHello, and the server's flight read. */
  shake(): this {
    this.sendClientHello();
    const messages = this.read();
    assert.equal(messages.at(-1)?.type, HandshakeType.finished, this.end.errors()[0]?.message);
    this.deriveApplication();
    this.opening = new RecordProtection(this.suite, this.application.server);
    return this;
  }

  /** Everything up to and including Finished, so that the server is connected. */
  finish(): this {
    this.shake();
    this.sendFinished('client');
    this.sealing = new RecordProtection(this.suite, this.application.client);
    return this;
  }
}
