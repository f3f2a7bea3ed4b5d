import { once } from 'node:events';
import net, { type AddressInfo } from 'node:net';
import tls from 'node:tls';
import {
  AlertDescription,
  alert,
  type ClientHello,
  type Codec,
  ContentType,
  certificate12,
  certificateRequest12,
  certificateVerify,
  clientHello,
  clientKeyExchange,
  decode,
  type Extension,
  ExtensionType,
  ecPointFormats,
  emptyExtension,
  encode,
  finished12,
  HandshakeType,
  handshake,
  handshakeMessage,
  makeExtension,
  nameOf,
  nothing,
  recordHeader,
  renegotiatedConnection,
  type ServerHello,
  type ServerKeyExchange,
  serverHello,
  serverKeyExchange,
  signatureSchemes,
  supportedGroups,
} from '../../../src/tls/codec/index.ts';
import { HandshakeJoiner, type Message } from '../../../src/tls/handshake-joiner.ts';
import { type ClientOptions, defaultSignatureSchemes, type ServerOptions } from '../../../src/tls/index.ts';
import { type Group, groupOf, type KeyPair } from '../../../src/tls/key-exchange.ts';
import { RecordReader } from '../../../src/tls/record-reader.ts';
import { chooseScheme, makeSignature } from '../../../src/tls/signature-schemes.ts';
import { type Suite12, suiteOf12 } from '../../../src/tls/tls12/cipher-suites.ts';
import { paramsOf, signedParams } from '../../../src/tls/tls12/key-exchange.ts';
import { extendedMasterSecret, type Keys, keysOf, verifyData } from '../../../src/tls/tls12/key-schedule.ts';
import { RecordProtection12 } from '../../../src/tls/tls12/record-protection.ts';
import { Transcript } from '../../../src/tls/transcript.ts';
import { identity, type TestIdentity } from './identities.ts';
import { clientEnd, type End, type Overrides, seededRandom, serverEnd } from './pair.ts';

const ALL: readonly number[] = Object.values(HandshakeType);

/** How the end under test took it: `secure`, `warning x` or `fatal x`, as they came. */
export type Outcome = string[];

/** The end under test, whoever it is: bytes to it, and whatever comes back. */
interface Subject {
  send(bytes: Uint8Array): void;
  stop(): void;
}

/**
 * A peer of TLS 1.2 that says exactly what a test tells it to, right or wrong, to an end of ours or of the Node that runs
 * the test: so that both can be asked what they make of it.
 */
export class Peer12 {
  readonly role: 'client' | 'server';
  readonly transcript = new Transcript();
  readonly random = seededRandom(9);
  readonly outcome: Outcome = [];
  readonly #reader = new RecordReader();
  readonly #joiner = new HandshakeJoiner();
  readonly #messages: Message[] = [];
  #changed: () => void = () => {};
  #ended = false;
  subject: Subject | undefined;
  sealing: RecordProtection12 | undefined;
  #opening: RecordProtection12 | undefined;
  keys: Keys | undefined;
  clientRandom: Uint8Array = new Uint8Array(32);
  serverRandom: Uint8Array = new Uint8Array(32);
  suite: Suite12 = suiteOf12(0xc02b) as Suite12;
  group: Group = groupOf(0x001d) as Group;
  own: KeyPair;
  peerPoint: Uint8Array = new Uint8Array(0);

  constructor(role: 'client' | 'server') {
    this.role = role;
    this.own = this.group.generate(this.random);
    this.transcript.keepMessages();
  }

  // ---- Saying

  sendRaw(bytes: Uint8Array): void {
    this.subject?.send(bytes);
  }
  sendPlain(type: number, content: Uint8Array, version = 0x0303): void {
    const header = encode(recordHeader, { type, legacyRecordVersion: version, length: content.length });
    this.sendRaw(Uint8Array.from([...header, ...content]));
  }
  sendRecord(type: number, content: Uint8Array): void {
    if (this.sealing) this.sendRaw(this.sealing.seal(type, content));
    else this.sendPlain(type, content);
  }
  sendAlert(description: number, level = 2): void {
    this.sendRecord(ContentType.alert, encode(alert, { level, description }));
  }
  send<T>(type: number, codec: Codec<T>, value: T): void {
    this.sendMessage(handshakeMessage(type, codec, value));
  }
  sendBody(type: number, body: Uint8Array): void {
    this.sendMessage(encode(handshake, { type, body }));
  }
  sendMessage(message: Uint8Array): void {
    this.transcript.add(message);
    this.sendRecord(ContentType.handshake, message);
  }

  sendClientHello(change: (hello: ClientHello) => ClientHello = (hello) => hello): void {
    this.random(this.clientRandom);
    const hello = change({
      legacyVersion: 0x0303,
      random: this.clientRandom,
      legacySessionId: new Uint8Array(0),
      cipherSuites: [this.suite.id],
      legacyCompressionMethods: Uint8Array.of(0),
      extensions: [
        makeExtension(ExtensionType.renegotiation_info, renegotiatedConnection, new Uint8Array(0)),
        makeExtension(ExtensionType.supported_groups, supportedGroups, [0x001d, 0x0017, 0x0018, 0x0019]),
        makeExtension(ExtensionType.ec_point_formats, ecPointFormats, [0]),
        makeExtension(ExtensionType.signature_algorithms, signatureSchemes, [...defaultSignatureSchemes]),
        emptyExtension(ExtensionType.extended_master_secret),
      ],
    });
    this.send(HandshakeType.client_hello, clientHello, hello);
  }

  sendServerHello(change: (hello: ServerHello) => ServerHello = (hello) => hello): void {
    this.random(this.serverRandom);
    this.transcript.begin(this.suite.hash);
    const hello = change({
      legacyVersion: 0x0303,
      random: this.serverRandom,
      legacySessionIdEcho: new Uint8Array(0),
      cipherSuite: this.suite.id,
      legacyCompressionMethod: 0,
      extensions: [
        makeExtension(ExtensionType.renegotiation_info, renegotiatedConnection, new Uint8Array(0)),
        emptyExtension(ExtensionType.extended_master_secret),
      ],
    });
    this.serverRandom = hello.random;
    this.send(HandshakeType.server_hello, serverHello, hello);
  }

  sendCertificate(id?: TestIdentity): void {
    this.send(HandshakeType.certificate, certificate12, [...(id?.certificates ?? [])]);
  }

  sendKeyExchange(
    id: TestIdentity = identity('P-256'),
    change: (message: ServerKeyExchange) => ServerKeyExchange = (message) => message,
  ): void {
    const params = paramsOf(this.own);
    const { id: algorithm, signature } = this.sign(
      id,
      signedParams(this.clientRandom, this.serverRandom, params),
    );
    this.send(HandshakeType.server_key_exchange, serverKeyExchange, change({ params, algorithm, signature }));
  }

  sign(id: TestIdentity, content: Uint8Array): { id: number; signature: Uint8Array } {
    const scheme = chooseScheme(defaultSignatureSchemes, id.privateKey.publicKey, 0x0303);
    if (!scheme) throw new Error('no scheme');
    return { id: scheme.id, signature: makeSignature(scheme, id.privateKey, content, this.random) };
  }

  sendCertificateRequest(certificateTypes: number[] = [1, 64]): void {
    this.send(HandshakeType.certificate_request, certificateRequest12, {
      certificateTypes,
      signatureSchemes: defaultSignatureSchemes,
      certificateAuthorities: [],
    });
  }

  sendDone(): void {
    this.send(HandshakeType.server_hello_done, nothing, null);
  }

  sendClientKeyExchange(point: Uint8Array = this.own.publicKey): void {
    this.send(HandshakeType.client_key_exchange, clientKeyExchange, point);
  }

  sendCertificateVerify(
    id: TestIdentity,
    change: (proof: { algorithm: number; signature: Uint8Array }) => typeof proof = (proof) => proof,
  ): void {
    const { id: algorithm, signature } = this.sign(id, this.transcript.takeMessages());
    this.send(HandshakeType.certificate_verify, certificateVerify, change({ algorithm, signature }));
  }

  /** To be called when the transcript ends with ClientKeyExchange. */
  derive(): void {
    const preMaster = this.group.agree(this.own, this.peerPoint);
    const master = extendedMasterSecret(this.suite.hash, preMaster, this.transcript.hash());
    this.keys = keysOf(this.suite, master, this.clientRandom, this.serverRandom);
  }

  sendChangeCipherSpec(content = Uint8Array.of(1)): void {
    this.sendRecord(ContentType.change_cipher_spec, content);
    if (this.keys) this.sealing = new RecordProtection12(this.suite, this.keys[this.role]);
  }

  finishedBody(): Uint8Array {
    if (!this.keys) throw new Error('no keys yet');
    return verifyData(this.keys, this.role, this.transcript.hash());
  }

  sendFinished(change: (body: Uint8Array) => Uint8Array = (body) => body): void {
    this.send(HandshakeType.finished, finished12, change(this.finishedBody()));
  }

  // ---- Hearing

  /** Bytes came from the end under test. */
  hear(bytes: Uint8Array): void {
    this.#reader.push(bytes);
    this.#reader.allowsEncrypted = true;
    for (let record = this.#reader.next(); record; record = this.#reader.next()) {
      if (record.type === ContentType.change_cipher_spec) {
        if (this.keys) {
          const theirs = this.role === 'client' ? this.keys.server : this.keys.client;
          this.#opening = new RecordProtection12(this.suite, theirs);
        }
        continue;
      }
      const inner = this.#opening?.open(record.header, record.content) ?? record;
      if (inner.type === ContentType.alert) {
        const [level, description] = inner.content;
        if (description !== AlertDescription.close_notify)
          this.outcome.push(`${level === 1 ? 'warning' : 'fatal'} ${nameOf(AlertDescription, description)}`);
      }
      if (inner.type === ContentType.application_data) this.outcome.push('data');
      if (inner.type === ContentType.handshake) this.#hearHandshake(inner.content);
    }
    this.#changed();
  }

  #hearHandshake(content: Uint8Array): void {
    this.#joiner.add(content);
    for (;;) {
      const message = this.#joiner.next(ALL, 'script');
      if (!message) return;
      this.transcript.add(message.bytes);
      this.#note(message);
      this.#messages.push(message);
    }
  }

  /** What later messages depend on. */
  #note({ type, body }: Message): void {
    if (type === HandshakeType.client_hello) this.clientRandom = body.slice(2, 34);
    if (type === HandshakeType.server_hello) {
      this.serverRandom = decode(serverHello, body, 'ServerHello').random.slice();
      this.transcript.begin(this.suite.hash);
    }
    if (type === HandshakeType.server_key_exchange)
      this.peerPoint = decode(serverKeyExchange, body, 'ServerKeyExchange').params.point.slice();
    if (type === HandshakeType.client_key_exchange) {
      this.peerPoint = decode(clientKeyExchange, body, 'ClientKeyExchange').slice();
      this.derive();
    }
  }

  end(): void {
    this.#ended = true;
    this.#changed();
  }

  noteSecure(): void {
    this.outcome.push('secure');
    this.#changed();
  }

  /** The next message of this type; earlier ones are passed over. */
  async message(type: number): Promise<Message> {
    for (;;) {
      for (let next = this.#messages.shift(); next; next = this.#messages.shift())
        if (next.type === type) return next;
      if (this.#ended) throw new Error(`ended before ${nameOf(HandshakeType, type)}: ${this.outcome}`);
      await this.#change();
    }
  }

  /** Settles when the end under test has said this, or has nothing more to say. */
  async until(wanted: RegExp): Promise<void> {
    while (!this.#ended && !this.outcome.some((said) => wanted.test(said))) await this.#change();
  }

  #change(): Promise<void> {
    return new Promise((resolve) => {
      this.#changed = resolve;
    });
  }
}

export type Script = (peer: Peer12) => void | Promise<void>;

/** Runs a script against an end of ours. */
export async function againstOurs(
  role: 'client' | 'server',
  script: Script,
  options: Overrides<ClientOptions & ServerOptions> = {},
): Promise<{ outcome: Outcome; end: End; peer: Peer12 }> {
  const peer = new Peer12(role);
  const versions = { min: 0x0303, max: 0x0303 } as const;
  const listener = (event: { type: string }) => {
    if (event.type === 'secure') peer.noteSecure();
  };
  const make = role === 'client' ? serverEnd : clientEnd;
  const end = make({ versions, listener, ...options });
  const flush = () => {
    const output = end.connection.takeOutput();
    if (output.length > 0) peer.hear(output);
  };
  peer.subject = {
    send(bytes) {
      end.connection.receive(bytes);
      flush();
      if (end.errors().length > 0) peer.end();
    },
    stop() {},
  };
  end.connection.start();
  flush();
  await script(peer);
  return { outcome: peer.outcome, end, peer };
}

/** What the Node that runs the test made of the same script. */
export async function againstNode(
  role: 'client' | 'server',
  script: Script,
  options: tls.TlsOptions & tls.ConnectionOptions = {},
): Promise<{ outcome: Outcome; code: string | undefined }> {
  const peer = new Peer12(role);
  // What we have ourselves, so that both are asked the same.
  const ciphers = 'ECDHE+AESGCM:ECDHE+CHACHA20';
  const versions = { minVersion: 'TLSv1.2', maxVersion: 'TLSv1.2', ciphers } as const;
  let code: string | undefined;
  const failed = (error: Error & { code?: string }) => {
    code ??= error.code;
  };
  const { certificatePem: cert, keyPem: key } = identity('P-256');
  const listener =
    role === 'client'
      ? tls.createServer({ cert, key, ...versions, ...options })
      : net.createServer((socket) => connectPeer(peer, socket));
  listener.listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const { port } = listener.address() as AddressInfo;
  const near =
    role === 'client'
      ? net.connect(port, '127.0.0.1')
      : tls.connect({ port, host: '127.0.0.1', rejectUnauthorized: false, ...versions, ...options });
  near.on('error', failed);
  if (role === 'client') {
    listener.on('secureConnection', (socket: tls.TLSSocket) => {
      socket.on('error', failed);
      socket.resume();
      peer.noteSecure();
    });
    listener.on('tlsClientError', failed);
    connectPeer(peer, near);
    await once(near, 'connect');
  } else {
    near.on('secureConnect', () => peer.noteSecure());
    near.resume();
  }
  try {
    await script(peer);
    // Whatever it has to say, it says before it sees the end.
    peer.subject?.stop();
    await peer.until(/^$/);
  } finally {
    near.destroy();
    listener.close();
  }
  return { outcome: peer.outcome, code };
}

function connectPeer(peer: Peer12, socket: net.Socket): void {
  peer.subject = {
    send: (bytes) => {
      if (socket.writable) socket.write(bytes);
    },
    stop: () => socket.end(),
  };
  socket.on('data', (chunk) => peer.hear(chunk));
  socket.on('error', () => peer.end());
  socket.on('close', () => peer.end());
}

/** The extensions of a hello, changed. */
export function without(
  type: number,
): <Hello extends { extensions: readonly Extension[] | undefined }>(hello: Hello) => Hello {
  return (hello) => ({
    ...hello,
    extensions: hello.extensions?.filter((extension) => extension.type !== type),
  });
}

export function withExtension(
  added: Extension,
): <Hello extends { extensions: readonly Extension[] | undefined }>(hello: Hello) => Hello {
  return (hello) => ({ ...hello, extensions: [...(hello.extensions ?? []), added] });
}
