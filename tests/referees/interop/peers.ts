/** What the matrix asks of somebody else's implementation. */
import type { TestIdentity } from '../../tls/support/identities.ts';

export const LABEL = 'EXPERIMENTAL test';
/** What theirs say back, unless they echo. */
export const ANSWER = 'from theirs';
export const kinds = ['rsa', 'rsa-pss', 'P-256', 'P-384', 'ed25519'] as const;
export const versions = ['TLSv1.2', 'TLSv1.3'] as const;
export type Version = (typeof versions)[number];

export interface Setting {
  readonly server: TestIdentity;
  /** The client's; the server then demands one. */
  readonly client: TestIdentity | undefined;
}

/**
 * A server of theirs that speaks both versions, one connection after the other, over P-384 and P-256 alone: so a client
 * that sends a share for another group gets a HelloRetryRequest.
 */
export interface TheirServer {
  readonly port: number;
  /** Settles when it says that the connection begun last has this keying material, resumed or not. */
  connected(exported: string, resumed: boolean): Promise<void>;
  /** Settles when it has heard `line`, and gives what it says to that. */
  converse(line: string): Promise<string>;
  stop(): Promise<void>;
}

export interface Connect extends Setting {
  readonly port: number;
  readonly version: Version;
  /** Send a share for X25519, and be able to use P-384. */
  readonly retries: boolean;
  /** It shall be able to resume. */
  readonly keeps?: boolean;
  /** What `TheirClient.session()` gave. */
  readonly session?: unknown;
}

/** A client of theirs, connected or about to be. */
export interface TheirClient {
  connected(exported: string, resumed: boolean): Promise<void>;
  /** As a server's; undefined where it has said goodbye already. */
  converse?(line: string): Promise<string>;
  /** What it needs to resume; settles when it has it. It may say goodbye for that. */
  session(): Promise<unknown>;
  stop(): Promise<void>;
}

export interface Peer {
  readonly name: string;
  /** Why it cannot be asked here. */
  readonly absent: string | undefined;
  serve(setting: Setting): Promise<TheirServer>;
  connect(options: Connect): Promise<TheirClient>;
}
