/** What a token is bound to, and whether who shows it holds that. RFC 8705 §3, RFC 9449 §6 */
import { sha256 } from '@noble/hashes/sha2.js';
import { certificate, certificate12, decode, HandshakeType, ProtocolVersion } from '../tls/codec/index.ts';
import { toBase64url } from './jwt.ts';
import type { Sender, WireConnection } from './model.ts';

/**
 * The certificates that one end showed, in DER, its own first; empty where it showed none. A resumed session keeps those
 * of the handshake that began it (RFC 8446 §2.2).
 */
export function certificatesOf(connection: WireConnection, sender: Sender): readonly Uint8Array[] {
  const message = connection.messages.find(
    (each) =>
      each.kind === 'handshake' && each.sender === sender && each.bytes[0] === HandshakeType.certificate,
  );
  if (message?.kind !== 'handshake')
    return connection.resumes ? certificatesOf(connection.resumes, sender) : [];
  const body = message.bytes.subarray(4);
  try {
    if (connection.tls.version !== ProtocolVersion['TLSv1.3'])
      return decode(certificate12, body, 'Certificate');
    return decode(certificate, body, 'Certificate').entries.map(({ data }) => data);
  } catch {
    return []; // what does not follow the description holds no certificate
  }
}

/** `x5t#S256`: the SHA-256 of a certificate in DER, in Base64url. RFC 8705 §3.1 */
export function certificateThumbprint(der: Uint8Array): string {
  return toBase64url(sha256(der));
}

/** The members of a key that its thumbprint covers, in the order of the alphabet. RFC 7638 §3.2, RFC 8037 §2 */
const REQUIRED_MEMBERS: Readonly<Record<string, readonly string[]>> = {
  EC: ['crv', 'kty', 'x', 'y'],
  OKP: ['crv', 'kty', 'x'],
  RSA: ['e', 'kty', 'n'],
  oct: ['k', 'kty'],
};

/** `jkt`: the thumbprint of a JSON Web Key (RFC 7638); nothing for a key that lacks a member. */
export function keyThumbprint(key: Readonly<Record<string, unknown>>): string | undefined {
  const members = REQUIRED_MEMBERS[String(key.kty)];
  if (!members?.every((name) => typeof key[name] === 'string')) return undefined;
  const canonical = JSON.stringify(Object.fromEntries(members.map((name) => [name, key[name]])));
  return toBase64url(sha256(new TextEncoder().encode(canonical)));
}

export interface Binding {
  /** As the claim is spelled. */
  readonly claim: 'x5t#S256' | 'jkt';
  /** What the token says in `cnf`. */
  readonly wanted: string;
  /** The thumbprint of what was shown with it; nothing where nothing was. */
  readonly shown: string | undefined;
  readonly holds: boolean;
  readonly section: string;
}

/** The bindings in a token's `cnf` (RFC 7800 §3), beside what came with it. */
export function bindingsOf(
  claims: Readonly<Record<string, unknown>>,
  shown: { readonly certificate?: Uint8Array; readonly proofKey?: Readonly<Record<string, unknown>> },
): Binding[] {
  const { cnf } = claims;
  if (typeof cnf !== 'object' || cnf === null) return [];
  const wanted = cnf as Record<string, unknown>;
  const found: Binding[] = [];
  const compare = (claim: Binding['claim'], actual: string | undefined, section: string) => {
    const text = wanted[claim];
    if (typeof text !== 'string') return;
    found.push({ claim, wanted: text, shown: actual, holds: text === actual, section });
  };
  const { certificate, proofKey } = shown;
  compare('x5t#S256', certificate && certificateThumbprint(certificate), 'RFC 8705 §3.1');
  compare('jkt', proofKey && keyThumbprint(proofKey), 'RFC 9449 §6.1');
  return found;
}
