import type { PublicKey } from '../../../x509/index.ts';
import type { Named, Session } from '../../api.ts';
import type { Client, Offer, Requested } from '../../client/context.ts';
import type { KeyPair } from '../../key-exchange.ts';
import type { SignatureScheme } from '../../signature-schemes.ts';
import type { Suite12 } from '../cipher-suites.ts';
import type { Keys } from '../key-schedule.ts';

export type { Client, Offer };

/** Known once ServerHello has been read. */
export interface TermsAgreed {
  readonly offer: Offer;
  readonly suite: Suite12;
  readonly serverRandom: Uint8Array;
  readonly sessionId: Uint8Array;
  readonly alpn: string | false;
  /** The server will send a NewSessionTicket. RFC 5077 §3.2 */
  readonly ticketComes: boolean;
}

/** Known once the server has shown its certificate. */
export interface ServerShown extends TermsAgreed {
  readonly certificates: readonly Uint8Array[];
  readonly publicKey: PublicKey;
}

/** Known once the server has sent its key, signed. */
export interface KeysExchanged extends ServerShown {
  readonly scheme: SignatureScheme;
  readonly group: Named;
  /** Ours for this connection, and what came of both. */
  readonly own: KeyPair;
  readonly preMaster: Uint8Array;
}

/** What a CertificateRequest asks for. */
export interface Requested12 extends Omit<Requested, 'signatureSchemesCert'> {
  readonly certificateTypes: readonly number[];
}

/** What is left to do once both know the keys. */
export interface Ending {
  readonly agreed: TermsAgreed;
  readonly keys: Keys;
  /** The session that is being resumed. */
  readonly resumed: Session | undefined;
  readonly certificates: readonly Uint8Array[];
  readonly group: Named | undefined;
  readonly scheme: SignatureScheme | undefined;
  readonly clientScheme: SignatureScheme | undefined;
  readonly request: Requested12 | undefined;
}
