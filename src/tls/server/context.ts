import type { Identity, ServerOptions, Session } from '../api.ts';
import type { Suite } from '../cipher-suites.ts';
import type { ClientHello } from '../codec/messages.ts';
import type { Core } from '../core.ts';
import type { Group } from '../key-exchange.ts';
import type { KeySchedule, TrafficSecrets } from '../key-schedule.ts';
import type { Settings } from '../settings.ts';
import type { SignatureScheme } from '../signature-schemes.ts';
import type { ReadHello } from './read-client-hello.ts';
import type { Resumption } from './resumption.ts';

/** What every state of a server needs. */
export interface Server {
  readonly core: Core;
  readonly options: ServerOptions;
  readonly settings: Settings;
  /** What the owner chose at 'client-hello', if it was asked. */
  readonly choices: Chosen;
}

export interface Chosen {
  identity: Identity | undefined;
  alpn: readonly string[] | undefined;
  nameUsed: boolean | undefined;
  session: Session | undefined;
}

/** What our HelloRetryRequest settled. */
export interface Retried {
  readonly firstHello: ClientHello;
  readonly suite: Suite;
  readonly group: Group;
  /** Whether it asked for a share of that group, as none had come. */
  readonly asked: boolean;
  readonly cookie: Uint8Array | undefined;
}

/** Known once ServerHello … Finished have been sent. */
export interface FlightSent {
  readonly hello: ReadHello;
  readonly suite: Suite;
  readonly group: Group;
  readonly alpn: string | false;
  readonly helloRetried: boolean;
  readonly resumption: Resumption | undefined;
  /** How we signed; not at all where a session is resumed. */
  readonly scheme: SignatureScheme | undefined;
  readonly schedule: KeySchedule;
  readonly handshakeTraffic: TrafficSecrets;
  readonly applicationTraffic: TrafficSecrets;
  readonly exporterMaster: Uint8Array;
}

/** Known once the client has answered our CertificateRequest, if there was one. */
export interface ClientShown extends FlightSent {
  readonly certificates: readonly Uint8Array[];
  readonly clientScheme: SignatureScheme | undefined;
}
