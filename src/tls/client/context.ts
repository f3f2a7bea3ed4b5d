import type { PublicKey } from '../../x509/index.ts';
import type { ClientOptions, Session } from '../api.ts';
import type { PeerSchemes } from '../authentication.ts';
import type { Suite } from '../cipher-suites.ts';
import type { ClientHello } from '../codec/messages.ts';
import type { Core } from '../core.ts';
import type { Group, KeyPair } from '../key-exchange.ts';
import type { KeySchedule, TrafficSecrets } from '../key-schedule.ts';
import type { Settings } from '../settings.ts';
import type { SignatureScheme } from '../signature-schemes.ts';
import type { OfferedPsk } from './pre-shared-key.ts';

/** What every state of a client needs. */
export interface Client {
  readonly core: Core;
  readonly options: ClientOptions;
  readonly settings: Settings;
}

/** What we have said so far. */
export interface Offer {
  readonly hello: ClientHello;
  readonly keyPairs: readonly KeyPair[];
  readonly psk: OfferedPsk | undefined;
  /** The session of TLS 1.2 that we would go on with. */
  readonly session12: Session | undefined;
  /** What the server's HelloRetryRequest settled, if it sent one. */
  readonly retry: { readonly suite: Suite; readonly group: number | undefined } | undefined;
}

/** Known once ServerHello has been read. */
export interface KeysAgreed {
  readonly offer: Offer;
  readonly suite: Suite;
  readonly group: Group;
  readonly schedule: KeySchedule;
  readonly traffic: TrafficSecrets;
  /** The session that the server agreed to resume. */
  readonly resumed: Session | undefined;
}

/** Known once EncryptedExtensions has been read. */
export interface TermsAgreed extends KeysAgreed {
  readonly alpn: string | false;
}

/** What a CertificateRequest asks for. */
export interface Requested extends PeerSchemes {
  readonly certificateAuthorities: readonly Uint8Array[];
}

/** Known once it is clear whether the server asks for our certificate. */
export interface RequestKnown extends TermsAgreed {
  readonly request: Requested | undefined;
}

/** Known once the server has shown its certificate. */
export interface ServerShown extends RequestKnown {
  readonly certificates: readonly Uint8Array[];
  readonly publicKey: PublicKey;
}

/** Known once the server has proved that it is who it says: by a signature, or as the one we had the session with. */
export interface ServerProved extends RequestKnown {
  readonly certificates: readonly Uint8Array[];
  readonly scheme: SignatureScheme | undefined;
}
