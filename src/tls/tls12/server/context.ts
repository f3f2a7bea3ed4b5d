import type { Identity, Session } from '../../api.ts';
import type { ClientHello } from '../../codec/messages.ts';
import type { Group, KeyPair } from '../../key-exchange.ts';
import type { Server } from '../../server/context.ts';
import type { SignatureScheme } from '../../signature-schemes.ts';
import type { Suite12 } from '../cipher-suites.ts';
import type { Keys } from '../key-schedule.ts';

export type { Server };

/** A ClientHello with the extensions a server looks at, all of them checked for what can be checked alone. */
export interface ReadHello12 {
  readonly hello: ClientHello;
  readonly serverName: string | false;
  /** Empty when the client offered none. */
  readonly alpn: readonly string[];
  readonly groups: readonly number[];
  readonly signatureSchemes: readonly number[];
  /** The ticket the client shows; empty when it has none but would like one, `undefined` when it would not. */
  readonly ticket: Uint8Array | undefined;
  readonly recordSizeLimit: number | undefined;
  /** The client knows renegotiation_info. RFC 5746 §3.6 */
  readonly secureRenegotiation: boolean;
  /** The client wrote ec_point_formats, so that it wants to read ours. */
  readonly pointFormats: boolean;
}

/** What a full handshake will use. */
export interface Agreement {
  readonly read: ReadHello12;
  readonly suite: Suite12;
  readonly identity: Identity;
  readonly scheme: SignatureScheme;
  readonly group: Group;
}

/** Known once ServerHello … ServerHelloDone have been sent. */
export interface FlightSent extends Agreement {
  readonly serverRandom: Uint8Array;
  readonly sessionId: Uint8Array;
  readonly alpn: string | false;
  readonly own: KeyPair;
}

/** What is left to do once both know the keys. */
export interface Ending {
  readonly read: ReadHello12;
  readonly keys: Keys;
  readonly alpn: string | false;
  readonly sessionId: Uint8Array;
  readonly certificates: readonly Uint8Array[];
  readonly clientScheme: SignatureScheme | undefined;
  /** The session that is being resumed. */
  readonly resumed: Session | undefined;
  readonly agreement: Agreement | undefined;
}
