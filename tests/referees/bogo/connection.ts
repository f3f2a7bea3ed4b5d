/** One connection of our engine to BoGo's runner, doing what the runner's flags say. */
import net from 'node:net';
import {
  createTlsClient,
  createTlsServer,
  decodeSession,
  encodeSession,
  type Session,
  type TicketSealer,
  type TlsConnection,
  type TlsError,
  type TlsEvent,
} from '../../../src/tls/index.ts';
import { errorNames } from './errors.ts';
import { unmet } from './expectations.ts';
import type { Config } from './flags.ts';
import { engineOptions } from './options.ts';

/** What the shim holds from one connection to the next. */
export interface Memory {
  /** What a client offers. */
  session: Session | undefined;
  readonly tickets: TicketSealer;
  /** A server's sessions by id: TLS 1.2 without tickets. */
  readonly sessionsById: Map<string, Session>;
  /** Our clock, in milliseconds since the Unix epoch: it stands still but for what the runner has it advanced. */
  now: number;
}

/** Ends the run; the runner compares these words with what it expects. */
export class Failure extends Error {}

const GREETING = Buffer.from('hello');
const RECORD_SIZES = [0, 1, 255, 256, 257, 16383, 16384, 16385, 32767, 32768, 32769];

export async function runConnection(config: Config, memory: Memory, isResumption: boolean): Promise<void> {
  const socket = await dial(config.number('port') ?? 0);
  await new Exchange(socket, config, memory, isResumption).done;
}

/** The runner listens on one of the two, as the machine allows. */
async function dial(port: number): Promise<net.Socket> {
  for (const host of ['::1', '127.0.0.1']) {
    const socket = net.connect({ host, port, allowHalfOpen: true, noDelay: true });
    const connected = await new Promise((resolve) => {
      socket.once('connect', () => resolve(true));
      socket.once('error', () => resolve(false));
    });
    if (connected) return socket;
  }
  throw new Failure('the runner does not listen');
}

class Exchange {
  readonly done: Promise<void>;
  readonly #config: Config;
  readonly #memory: Memory;
  readonly #isResumption: boolean;
  readonly #socket: net.Socket;
  readonly #connection: TlsConnection;
  readonly #trafficSecrets: Record<string, Uint8Array> = {};
  #failure: Error | undefined;
  #newSession: Session | undefined;
  #ended = false;
  /** Output held back because a write shall stay unfinished until something has been read. */
  #heldBack: Uint8Array | undefined;

  constructor(socket: net.Socket, config: Config, memory: Memory, isResumption: boolean) {
    this.#socket = socket;
    this.#config = config;
    this.#memory = memory;
    this.#isResumption = isResumption;
    this.#connection = this.#makeConnection();
    this.done = new Promise((resolve, reject) => {
      this.#socket.on('close', () => {
        if (this.#failure) reject(this.#failure);
        else if (!this.#ended) reject(new Failure('the connection was lost'));
        else resolve();
      });
    });
    this.#socket.on('data', (chunk) => this.#drive(() => this.#receive(chunk)));
    this.#socket.on('end', () => {
      this.#drive(() => this.#connection.receiveEnd());
      this.#socket.end();
    });
    // The runner hangs up without ado when it has seen enough; 'close' follows and settles the matter.
    this.#socket.on('error', () => {});
    this.#drive(() => this.#connection.start());
  }

  #makeConnection(): TlsConnection {
    const config = this.#config;
    const memory = this.#memory;
    const common = {
      ...engineOptions(config),
      now: () => memory.now,
      onEvent: (event: TlsEvent) => this.#onEvent(event),
    };
    if (!config.has('server')) {
      // As a program would keep it: in bytes.
      const session = memory.session && decodeSession(encodeSession(memory.session));
      return createTlsClient({ ...common, session });
    }
    return createTlsServer({ ...common, tickets: config.has('no-ticket') ? false : memory.tickets });
  }

  /** Lets the engine work, sends what it has to say, and hangs up when the exchange is over. */
  #drive(work: () => void): void {
    if (this.#ended || this.#failure) return;
    try {
      work();
    } catch (error) {
      this.#failure = error as Error;
    }
    this.#flush();
    if (this.#ended || this.#failure) this.#socket.end();
  }

  #flush(): void {
    const output = this.#connection.takeOutput();
    if (output.length) this.#socket.write(output);
  }

  /** With `-async` the runner wants every read to come in pieces. */
  #receive(chunk: Uint8Array): void {
    const step = this.#config.has('async') ? 1 : chunk.length;
    for (let at = 0; at < chunk.length; at += step) this.#connection.receive(chunk.subarray(at, at + step));
  }

  #onEvent(event: TlsEvent): void {
    if (event.type === 'client-hello') this.#choose(event);
    else if (event.type === 'keylog') this.#keepSecret(event.line);
    else if (event.type === 'session') this.#keepSession(event.session);
    else if (event.type === 'secure') this.#onSecure();
    else if (event.type === 'data') this.#answer(event.bytes);
    else if (event.type === 'close-notify') this.#onEnd();
    else if (event.type === 'error') this.#onError(event.error);
  }

  #choose(event: Extract<TlsEvent, { type: 'client-hello' }>): void {
    const config = this.#config;
    const advertised = event.alpn.map((name) => String.fromCharCode(name.length) + name).join('');
    const expected = config.text('expect-advertised-alpn');
    if (expected !== undefined && expected !== advertised) throw new Failure('unexpected ALPN offer');
    if (config.has('fail-early-callback')) this.#abort('handshake_failure', ':CONNECTION_REJECTED:');
    if (config.has('fail-ddos-callback')) this.#abort('internal_error', ':CONNECTION_REJECTED:');
    if (config.has('fail-cert-callback')) this.#abort('internal_error', ':CERT_CB_ERROR:');
    const session = this.#memory.sessionsById.get(hex(event.sessionId));
    const resume = () => this.#connection.resume(undefined, session && { session });
    if (config.has('async')) setImmediate(() => this.#drive(resume));
    else resume();
  }

  #keepSecret(line: string): void {
    const [label, , secret] = line.split(' ');
    this.#trafficSecrets[label] = Buffer.from(secret, 'hex');
  }

  #keepSession(session: Session): void {
    this.#newSession = session;
    if (this.#config.has('server') && session.sessionId.length)
      this.#memory.sessionsById.set(hex(session.sessionId), session);
  }

  #onSecure(): void {
    const config = this.#config;
    const connection = this.#connection;
    const { result } = connection;
    if (!result) throw new Failure('no result');
    const problem = unmet(config, result, this.#isResumption);
    if (problem) throw new Failure(problem);
    if (this.#rejectsCertificate(result.resumed)) {
      const isCustom = config.has('use-custom-verify-callback');
      this.#abort(isCustom ? 'certificate_unknown' : 'handshake_failure', ':CERTIFICATE_VERIFY_FAILED:');
    }
    if (config.has('send-alert')) this.#abort('decompression_failure');
    const exported = config.number('export-keying-material');
    if (exported) {
      const context = config.has('use-export-context')
        ? Buffer.from(config.text('export-context') ?? '', 'latin1')
        : undefined;
      connection.write(connection.exportKeyingMaterial(config.text('export-label') ?? '', context, exported));
    }
    if (config.has('export-traffic-secrets')) connection.write(this.#readAndWriteSecret());
    if (config.has('tls-unique')) {
      // RFC 5929 §3.1: the first Finished of the handshake, which a server sends first when it resumes.
      const ownIsFirst = config.has('server') === result.resumed;
      connection.write(ownIsFirst ? result.finished.own : result.finished.peer);
    }
    if (config.has('read-with-unfinished-write')) this.#holdBackWrite();
    else if (config.has('shim-writes-first')) connection.write(GREETING);
    if (config.has('write-different-record-sizes'))
      for (const size of RECORD_SIZES) connection.write(new Uint8Array(size).fill(0x42));
    if (config.has('shim-shuts-down')) {
      connection.close();
      // Without `check-close-notify` nobody waits for the peer's.
      if (!config.has('check-close-notify')) this.#onEnd();
    }
  }

  /**
   * A chain is judged by the engine's owner, here the shim, once the handshake is over. A client that was not told to
   * verify goes on in any case, as BoringSSL's.
   */
  #rejectsCertificate(resumed: boolean): boolean {
    const config = this.#config;
    if (!config.has('verify-fail') || (resumed && !config.has('reverify-on-resume'))) return false;
    return config.has('verify-peer') || config.has('require-any-client-certificate');
  }

  #readAndWriteSecret(): Uint8Array {
    const server = this.#trafficSecrets.SERVER_TRAFFIC_SECRET_0;
    const client = this.#trafficSecrets.CLIENT_TRAFFIC_SECRET_0;
    const length = Uint8Array.of(server.length & 0xff, server.length >> 8);
    return Buffer.concat([length, ...(this.#config.has('server') ? [client, server] : [server, client])]);
  }

  /** A record of which only the first byte goes out for now. */
  #holdBackWrite(): void {
    this.#flush();
    this.#connection.write(GREETING);
    const record = this.#connection.takeOutput();
    this.#socket.write(record.subarray(0, 1));
    this.#heldBack = record.subarray(1);
  }

  #answer(bytes: Uint8Array): void {
    if (this.#ended) return;
    if (this.#heldBack) this.#socket.write(this.#heldBack);
    this.#heldBack = undefined;
    if (this.#config.has('key-update')) this.#connection.updateKeys(false);
    this.#connection.write(bytes.map((byte) => byte ^ 0xff));
  }

  /** The peer has said all it had to say. */
  #onEnd(): void {
    this.#checkNewSession();
    this.#memory.session = this.#newSession;
    if (this.#config.has('check-close-notify')) this.#connection.close();
    this.#ended = true;
  }

  /** TLS 1.2 has a new session when the handshake is over, TLS 1.3 only when a ticket came later. */
  #checkNewSession(): void {
    const config = this.#config;
    const { result } = this.#connection;
    if (!result) return;
    if (config.has('server')) {
      const kept = this.#newSession !== undefined && this.#newSession.sessionId.length > 0;
      if (this.#isResumption) return;
      if (config.has('expect-session-id') && !kept) throw new Failure('no session was kept');
      if (config.has('expect-no-session-id') && kept) throw new Failure('a session was kept');
      return;
    }
    // BoringSSL does not look at what comes while it waits for the peer's close_notify.
    if (result.version === 'TLSv1.3' && config.has('shim-shuts-down')) return;
    const may = result.version === 'TLSv1.3' || !result.resumed || config.has('expect-ticket-renewal');
    const expected = may && !config.has('expect-no-session');
    const got = this.#newSession !== undefined;
    if (got !== expected) throw new Failure(`new session: expected ${expected}, found ${got}`);
  }

  #onError(error: TlsError): void {
    const { reason, message, fault, cause } = error;
    // An unclean end is forgiven unless it is asked about.
    if (reason === 'unexpected-eof' && !this.#config.has('check-close-notify')) {
      this.#onEnd();
      return;
    }
    const details = fault === 'Internal' && cause instanceof Error ? `\n${cause.stack}` : '';
    throw new Failure(`${errorNames(error)}\n${reason}: ${message}${details}`);
  }

  #abort(alert: Parameters<TlsConnection['abort']>[0], name = ''): never {
    this.#connection.abort(alert);
    throw new Failure(`${name} given up by the shim`);
  }
}

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');
