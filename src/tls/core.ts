import type { HandshakeResult, TlsEvent, Version } from './api.ts';
import { empty } from './bytes.ts';
import type { Suite } from './cipher-suites.ts';
import { alert as alertCodec, handshakeMessage, keyUpdate } from './codec/messages.ts';
import { decode } from './codec/reader.ts';
import {
  AlertDescription,
  AlertLevel,
  type AlertName,
  ContentType,
  HandshakeType,
  nameOf,
  ProtocolVersion,
} from './codec/registries.ts';
import { type Codec, DecodeError } from './codec/wire.ts';
import { encode } from './codec/writer.ts';
import { TlsError, tlsError } from './errors.ts';
import { HandshakeJoiner, type Message } from './handshake-joiner.ts';
import { Incoming } from './incoming.ts';
import { type KeyLogLabel, keyLogLine } from './keylog.ts';
import { Outgoing } from './outgoing.ts';
import { Transcript } from './transcript.ts';

/**
 * Where a handshake stands, named for what it waits for. A message that is expected is handled and answered with the next
 * state; any other is out of turn.
 */
export interface State {
  readonly name: string;
  /** Types of the messages it takes; none while the owner is being waited for. */
  readonly expects: readonly number[];
  handle(message: Message): State;
  /** TLS 1.2: takes a change_cipher_spec, where one is due. RFC 5246 §7.1 */
  changeCipherSpec?(): State;
}

/** RFC 5705, §7.5: what `TlsConnection.exportKeyingMaterial` does once there are keys. */
export type Exporter = (label: string, context: Uint8Array | undefined, length: number) => Uint8Array;

/** user_canceled is a warning that may come again and again; BoringSSL's patience ends at four as well. */
const MAX_WARNINGS = 4;

/** While the owner is asked something, a peer has nothing to say but early data, which is kept short. §4.2.10 */
const MAX_WAITING = 65_536;

/**
 * What both ends and all states share: records in and out, the transcript, alerts, and the loop that hands messages to
 * the state whose turn it is.
 */
export class Core {
  readonly role: 'client' | 'server';
  readonly transcript = new Transcript();
  readonly incoming = new Incoming();
  readonly outgoing: Outgoing;
  readonly #joiner = new HandshakeJoiner();
  readonly #onEvent: (event: TlsEvent) => void;
  #state: State;
  #processing = false;
  #failed = false;
  #closeSent = false;
  #peerClosed = false;
  #warnings = 0;
  /** The version agreed on, once it is. */
  version: Version | undefined;
  /** Application data may flow. */
  connected = false;
  /** The owner must call `resume()` before anything more is read. */
  paused = false;
  result: HandshakeResult | null = null;
  /** `verify_data` of the Finished messages so far. */
  readonly finished: { own: Uint8Array; peer: Uint8Array } = { own: empty, peer: empty };
  /** The peer asked for a KeyUpdate of ours: it goes out before our next application data, and answers all such wishes. */
  keyUpdateOwed = false;
  /** Called when application data shows that the peer does more than change keys. */
  onProgress: () => void = () => {};
  #exporter: Exporter | undefined;

  constructor(role: 'client' | 'server', onEvent: (event: TlsEvent) => void, first: State) {
    this.role = role;
    this.#onEvent = onEvent;
    this.#state = first;
    this.outgoing = new Outgoing((contentType, record) =>
      this.emit({ type: 'record', sent: true, contentType, length: record.length }),
    );
  }

  get ended(): boolean {
    return this.#failed;
  }

  get closeSent(): boolean {
    return this.#closeSent;
  }

  /** Runs something that may fail as a connection fails, and turns that into an alert and an 'error' event. */
  guard(action: () => void): void {
    try {
      try {
        action();
      } catch (error) {
        if (error instanceof ListenerError) throw error;
        this.fail(asTlsError(error));
      }
    } catch (error) {
      throw error instanceof ListenerError ? error.cause : error;
    }
  }

  receive(bytes: Uint8Array): void {
    if (this.#failed || this.#peerClosed) return;
    this.incoming.push(bytes);
    if (this.paused && this.incoming.waiting > MAX_WAITING)
      this.guard(() => {
        throw tlsError('too-much-skipped-early-data', {
          expected: MAX_WAITING,
          actual: this.incoming.waiting,
        });
      });
    this.process();
  }

  /** The TCP stream ended: after close_notify that is good manners, before it somebody may have cut it. §6.1 */
  receiveEnd(): void {
    if (this.#failed) return;
    if (this.#peerClosed && this.connected) return;
    this.guard(() => {
      throw tlsError(this.connected ? 'unexpected-eof' : 'eof-in-handshake');
    });
  }

  /** Reads what has come, until it is used up or the owner is asked something. */
  process(): void {
    if (this.#processing) return;
    this.#processing = true;
    try {
      this.guard(() => {
        while (!this.paused && !this.#failed && !this.#peerClosed && this.#step());
      });
    } finally {
      this.#processing = false;
    }
  }

  /** Sets the state from outside a message: at the start. */
  enter(state: State): void {
    this.#state = state;
  }

  /**
   * The owner lets a waiting state go on. From inside the very event that asked, the state is still at work
   * and sees for itself that it need not wait.
   */
  proceed(step: (state: State) => State): void {
    if (this.#processing) return;
    this.#processing = true;
    try {
      this.guard(() => {
        this.#state = step(this.#state);
      });
    } finally {
      this.#processing = false;
    }
    this.process();
  }

  /** A handshake message, in the transcript and on its way. */
  sendHandshake<T>(type: number, codec: Codec<T>, value: T, legacyVersion?: number): Uint8Array {
    const message = handshakeMessage(type, codec, value);
    this.sendMessage(message, legacyVersion);
    return message;
  }

  /** The same, where the message has been made already. */
  sendMessage(message: Uint8Array, legacyVersion?: number): void {
    this.transcript.add(message);
    this.#queueHandshake(message, legacyVersion);
  }

  /** A message that comes after the handshake, and so is in no transcript. §4.6 */
  sendAfterHandshake<T>(type: number, codec: Codec<T>, value: T): void {
    this.#queueHandshake(handshakeMessage(type, codec, value));
  }

  sendData(plaintext: Uint8Array): void {
    const step = this.outgoing.fragmentLength;
    for (let start = 0; start < plaintext.length; start += step) {
      if (this.keyUpdateOwed || this.outgoing.worn) this.sendKeyUpdate(false);
      this.outgoing.send(ContentType.application_data, plaintext.subarray(start, start + step));
    }
  }

  /** §4.6.3: the message itself still goes under the old keys. */
  sendKeyUpdate(requestPeer: boolean): void {
    this.sendAfterHandshake(HandshakeType.key_update, keyUpdate, requestPeer ? 1 : 0);
    this.outgoing.updateKeys();
    this.keyUpdateOwed = false;
    this.emit({ type: 'key-update', sent: true, requested: requestPeer });
  }

  /** What is read next is under other keys: so nothing read so far may reach beyond this point. §5.1 */
  changeReadKeys(suite: Suite, trafficSecret: Uint8Array, options?: { plaintextAlerts?: boolean }): void {
    this.expectRecordBoundary();
    this.incoming.protect(suite, trafficSecret, options);
  }

  updateReadKeys(): void {
    this.expectRecordBoundary();
    this.incoming.updateKeys();
  }

  expectRecordBoundary(): void {
    if (!this.#joiner.isEmpty) throw tlsError('data-across-key-change');
  }

  keyLog(label: KeyLogLabel, clientRandom: Uint8Array, secret: Uint8Array): void {
    this.emit({ type: 'keylog', line: keyLogLine(label, clientRandom, secret) });
  }

  /** The handshake is done on our side. */
  becomeConnected(result: HandshakeResult, exporter: Exporter): void {
    this.#exporter = exporter;
    this.result = result;
    this.connected = true;
    this.emit({ type: 'secure' });
  }

  exportKeyingMaterial(label: string, context: Uint8Array | undefined, length: number): Uint8Array {
    if (!this.#exporter) throw tlsError('not-connected');
    return this.#exporter(label, context, length);
  }

  takeOutput(): Uint8Array {
    return this.outgoing.take();
  }

  sendCloseNotify(): void {
    if (this.#failed || this.#closeSent) return;
    this.#sendAlert(AlertLevel.warning, AlertDescription.close_notify);
    this.#closeSent = true;
  }

  /** A warning: the connection goes on. */
  warn(description: number): void {
    this.#sendAlert(AlertLevel.warning, description);
  }

  abort(description: number): void {
    if (this.#failed) return;
    this.#failed = true;
    this.incoming.clear();
    if (!this.#closeSent) this.#sendAlert(AlertLevel.fatal, description);
  }

  fail(error: TlsError): void {
    if (this.#failed) return;
    this.#failed = true;
    this.incoming.clear();
    if (error.alert && !this.#closeSent) this.#sendAlert(AlertLevel.fatal, error.alert.number);
    this.emit({ type: 'error', error });
  }

  /** A listener's own mistake is the listener's: it must come out of `receive()` and not become an alert. */
  emit(event: TlsEvent): void {
    try {
      this.#onEvent(event);
    } catch (cause) {
      throw new ListenerError(cause);
    }
  }

  /** Takes one step: a message that is already whole, else the next record. Says whether there may be more. */
  #step(): boolean {
    const message = this.#joiner.next(this.#state.expects, this.#state.name);
    if (message) {
      this.emit({ type: 'handshake', sent: false, message: message.bytes });
      this.#state = this.#state.handle(message);
      return true;
    }
    const record = this.incoming.next();
    if (!record) return false;
    const { type, content } = record;
    this.emit({ type: 'record', sent: false, contentType: type, length: content.length });
    if (type === ContentType.handshake) this.#joiner.add(content);
    else if (type === ContentType.alert) this.#receiveAlert(content);
    else if (type === ContentType.application_data) this.#receiveData(content);
    else if (type === ContentType.change_cipher_spec) this.#receiveChangeCipherSpec(content);
    else throw tlsError('bad-record-type', { actual: type });
    return true;
  }

  /** Comes here in TLS 1.2 alone. It must not stand inside a handshake message, nor come out of turn. */
  #receiveChangeCipherSpec(content: Uint8Array): void {
    if (!this.#joiner.isEmpty || content.length !== 1 || content[0] !== 1)
      throw tlsError('bad-change-cipher-spec');
    if (!this.#state.changeCipherSpec) throw tlsError('unexpected-change-cipher-spec');
    this.#state = this.#state.changeCipherSpec();
  }

  #receiveData(bytes: Uint8Array): void {
    if (!this.connected) throw tlsError('data-before-finished');
    if (!this.#joiner.isEmpty) throw tlsError('interleaved-record');
    this.#warnings = 0;
    if (bytes.length === 0) return;
    this.onProgress();
    this.emit({ type: 'data', bytes });
  }

  /** §6: in TLS 1.3 every alert but two ends the connection, whatever its level says. Before, warnings were just that. */
  #receiveAlert(content: Uint8Array): void {
    if (content.length !== 2) throw tlsError('bad-alert', { expected: 2, actual: content.length });
    const { level, description } = decode(alertCodec, content, 'alert');
    if (level !== AlertLevel.warning && level !== AlertLevel.fatal)
      throw tlsError('unknown-alert-level', { actual: level });
    this.#emitAlert(level, description, false);
    if (description === AlertDescription.close_notify) {
      this.#peerClosed = true;
      this.incoming.clear();
      this.emit({ type: 'close-notify' });
      return;
    }
    const ignorable = this.version === ProtocolVersion['TLSv1.3'] ? false : level === AlertLevel.warning;
    // OpenSSL holds that who asked for a renegotiation cannot do without; we never ask. RFC 5246 §7.2.2
    if (ignorable && description === AlertDescription.no_renegotiation) throw tlsError('no-renegotiation');
    if (ignorable || description === AlertDescription.user_canceled) {
      this.#warnings += 1;
      if (this.#warnings > MAX_WARNINGS) throw tlsError('too-many-warning-alerts');
      return;
    }
    throw tlsError('alert-received', { received: description });
  }

  #sendAlert(level: number, description: number): void {
    this.outgoing.send(ContentType.alert, encode(alertCodec, { level, description }));
    this.#emitAlert(level, description, true);
  }

  #emitAlert(level: number, description: number, sent: boolean): void {
    this.emit({
      type: 'alert',
      level: level === AlertLevel.warning ? 'warning' : 'fatal',
      description,
      name: nameOf(AlertDescription, description),
      sent,
    });
  }

  #queueHandshake(message: Uint8Array, legacyVersion?: number): void {
    this.outgoing.send(ContentType.handshake, message, legacyVersion);
    this.emit({ type: 'handshake', sent: true, message });
  }
}

class ListenerError extends Error {
  constructor(cause: unknown) {
    super('an event listener threw', { cause });
  }
}

function asTlsError(error: unknown): TlsError {
  if (error instanceof TlsError) return error;
  if (error instanceof DecodeError)
    return tlsError('decode-error', {
      expected: `${error.field} of ${error.expected}`,
      actual: error.actual,
      cause: error,
    });
  return tlsError('internal-error', { cause: error });
}

/** An alert by number, whether given by name or not. */
export function alertNumber(alert: AlertName | number): number {
  return typeof alert === 'number' ? alert : AlertDescription[alert];
}
