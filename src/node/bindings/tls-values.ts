/** Small values that TLSWrap shows in Node's own words. */
import { CipherSuite, NamedGroup, nameOf } from '../../tls/index.ts';
import type { PublicKey } from '../../x509/index.ts';
import { opensslCipherName } from './tls-ciphers.ts';

const CLIENT_HELLO = 1;
const SESSION_TICKET = 35;
const SUPPORTED_VERSIONS = 43;

/** ALPN's list of protocols, each with its length before it (RFC 7301 §3.1); one character here is one byte there. */
export function splitProtocols(wire: Uint8Array): string[] {
  const protocols: string[] = [];
  for (let at = 0; at < wire.length; at += 1 + wire[at]) {
    protocols.push(String.fromCharCode(...wire.subarray(at + 1, at + 1 + wire[at])));
  }
  return protocols;
}

export function joinProtocols(protocols: readonly string[]): Uint8Array {
  return Uint8Array.from(
    protocols.flatMap((name) => [name.length, ...Array.from(name, (character) => character.charCodeAt(0))]),
  );
}

/** `getEphemeralKeyInfo()`: OpenSSL counts the bits of X25519 as 253. */
export function ephemeralKeyInfo(group: number | undefined): object {
  switch (group) {
    case NamedGroup.x25519:
      return { type: 'ECDH', name: 'X25519', size: 253 };
    case NamedGroup.secp256r1:
      return { type: 'ECDH', name: 'prime256v1', size: 256 };
    case NamedGroup.secp384r1:
      return { type: 'ECDH', name: 'secp384r1', size: 384 };
    case NamedGroup.secp521r1:
      return { type: 'ECDH', name: 'secp521r1', size: 521 };
    case NamedGroup.X25519MLKEM768:
      return { type: 'TLSGroup', name: 'X25519MLKEM768', size: undefined };
    default:
      return {};
  }
}

/** The same where keys were exchanged in an earlier connection: OpenSSL then knows the group's name alone. */
export function groupInfo(group: number | undefined): object {
  return group === undefined ? {} : { type: 'TLSGroup', name: nameOf(NamedGroup, group), size: undefined };
}

/** Whether a suite of TLS 1.2 goes with a key of this kind. RFC 8422 §2 */
export function fitsSuite(key: PublicKey, suite: number): boolean {
  const wanted = key.kind === 'rsa' || key.kind === 'rsa-pss' ? '_RSA_' : '_ECDSA_';
  return nameOf(CipherSuite, suite).includes(wanted);
}

/**
 * The first certificate of a Certificate message: after the header comes a list of entries, and before that in TLS 1.3 a
 * context. RFC 8446 §4.4.2, RFC 5246 §7.4.2
 */
export function leafOf(message: Uint8Array, isTls12: boolean): Uint8Array | undefined {
  const view = new DataView(message.buffer, message.byteOffset, message.byteLength);
  const entry = 4 + (isTls12 ? 0 : 1 + message[4]) + 3;
  if (entry + 3 > message.length) return undefined;
  const length = view.getUint16(entry) * 256 + message[entry + 2];
  return message.subarray(entry + 3, entry + 3 + length);
}

/** The extensions of a ClientHello or ServerHello, by their numbers; as far as they can be read. */
function extensionsOf(hello: Uint8Array): Map<number, Uint8Array> {
  const found = new Map<number, Uint8Array>();
  const view = new DataView(hello.buffer, hello.byteOffset, hello.byteLength);
  try {
    let at = 4 + 2 + 32;
    at += 1 + view.getUint8(at);
    if (hello[0] === CLIENT_HELLO) {
      at += 2 + view.getUint16(at);
      at += 1 + view.getUint8(at);
    } else at += 3;
    const end = at + 2 + view.getUint16(at);
    at += 2;
    while (at < end) {
      const length = view.getUint16(at + 2);
      found.set(view.getUint16(at), hello.subarray(at + 4, at + 4 + length));
      at += 4 + length;
    }
  } catch {
    // Shorter than it says: the engine refuses it in a moment.
  }
  return found;
}

/** Whether a ClientHello shows a ticket of TLS 1.2 (RFC 5077 §3.2): a session_ticket extension that holds something. */
export function offersSessionTicket(hello: Uint8Array): boolean {
  return (extensionsOf(hello).get(SESSION_TICKET)?.length ?? 0) > 0;
}

/** Whether a ServerHello chose TLS 1.2: it then says nothing of the newer way to choose. */
export function choosesTls12(hello: Uint8Array): boolean {
  return !extensionsOf(hello).has(SUPPORTED_VERSIONS);
}

/** `getCipher()`: OpenSSL has names of its own for the suites of TLS 1.2. */
export function cipherNames(standardName: string): { name: string; standardName: string } {
  return { name: opensslCipherName(standardName), standardName };
}
