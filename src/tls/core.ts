import { alertEvent, readAlert, Warnings } from './alerts.ts';
import type { HandshakeResult, TlsEvent, Version } from './api.ts';
import { empty } from './bytes.ts';
import type { Suite } from './cipher-suites.ts';
import { alert as alertCodec, handshakeMessage, keyUpdate, RECORD_HEADER_LENGTH } from './codec/messages.ts';
import { AlertDescription, AlertLevel, ContentType, HandshakeType } from './codec/registries.ts';
import type { Codec } from './codec/wire.ts';
import { encode } from './codec/writer.ts';
import { type TlsError, tlsError } from './errors.ts';
import { asTlsError, ListenerError } from './failures.ts';
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
  readonly #warnings = new Warnings();
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
  /** TLS 1.2: change_cipher_spec has come, and Finished has not. */
  #keysChanged = false;

  constructor(role: 'client' | 'server', onEvent: (event: TlsEvent) => void, first: State) {
    this.role = role;
    this.#onEvent = onEvent;
    this.#state = first;
    this.outgoing = new Outgoing((contentType, record) =>
      this.emit({
        type: 'record',
        sent: true,
        contentType,
        length: record.length,
        header: record.subarray(0, RECORD_HEADER_LENGTH),
      }),
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
      this.#keysChanged = false;
      return true;
    }
    const record = this.incoming.next();
    if (!record) return false;
    const { type, content } = record;
    this.emit({
      type: 'record',
      sent: false,
      contentType: type,
      length: content.length,
      header: record.header,
    });
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
    if (this.#keysChanged) throw tlsError('data-between-ccs-and-finished');
    if (!this.#state.changeCipherSpec) throw tlsError('unexpected-change-cipher-spec');
    this.#keysChanged = true;
    this.#state = this.#state.changeCipherSpec();
  }

  #receiveData(bytes: Uint8Array): void {
    if (!this.connected)
      throw tlsError(this.#keysChanged ? 'data-between-ccs-and-finished' : 'data-before-finished');
    if (!this.#joiner.isEmpty) throw tlsError('interleaved-record');
    this.#warnings.reset();
    if (bytes.length === 0) return;
    this.onProgress();
    this.emit({ type: 'data', bytes });
  }

  #receiveAlert(content: Uint8Array): void {
    const alert = readAlert(content);
    this.emit(alertEvent(alert, false));
    if (alert.description === AlertDescription.close_notify) {
      this.#peerClosed = true;
      this.incoming.clear();
      this.emit({ type: 'close-notify' });
    } else this.#warnings.hear(alert, this.version);
  }

  #sendAlert(level: number, description: number): void {
    const alert = { level, description };
    this.outgoing.send(ContentType.alert, encode(alertCodec, alert));
    this.emit(alertEvent(alert, true));
  }

  #queueHandshake(message: Uint8Array, legacyVersion?: number): void {
    this.outgoing.send(ContentType.handshake, message, legacyVersion);
    this.emit({ type: 'handshake', sent: true, message });
  }
}
