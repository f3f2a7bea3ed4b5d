import { signatureSchemes } from './extensions.ts';
import { ClientCertificateType, ECCurveType, NamedGroup, SignatureScheme } from './registries.ts';
import type { Codec, Wire } from './wire.ts';

/** The handshake messages that TLS 1.2 has alone, or fills differently. RFC 5246 §7.4, RFC 8422 §5, RFC 5077 §3.3. */

/** The server's ephemeral key for ECDHE. RFC 8422 §5.4 */
export interface ServerEcdhParams {
  readonly curveType: number;
  readonly namedCurve: number;
  readonly point: Uint8Array;
}

export interface ServerKeyExchange {
  readonly params: ServerEcdhParams;
  readonly algorithm: number;
  readonly signature: Uint8Array;
}

export interface CertificateRequest12 {
  readonly certificateTypes: readonly number[];
  readonly signatureSchemes: readonly number[];
  readonly certificateAuthorities: readonly Uint8Array[];
}

export interface NewSessionTicket12 {
  /** Seconds; 0 where the server does not say. */
  readonly lifetimeHint: number;
  readonly ticket: Uint8Array;
}

/** In DER, leaf first. RFC 5246 §7.4.2 */
export const certificate12: Codec<Uint8Array[]> = (wire, value) =>
  wire.list(
    3,
    [0, 0xffffff],
    value,
    'certificate_list',
    'The sender’s own certificate, then the ones that vouch for it: in clear, for everybody on the way to read.',
    'RFC 5246 §7.4.2',
    (wire, certificate?: Uint8Array) =>
      wire.vector(
        3,
        [1, 0xffffff],
        certificate,
        'ASN.1Cert',
        'An X.509 certificate in DER.',
        'RFC 5246 §7.4.2',
      ),
  );

const point = (wire: Wire, value: Uint8Array | undefined, name: string, words: string, section: string) =>
  wire.group(name, words, section, () =>
    wire.vector(1, [1, 255], value, 'point', 'A point, or the u-coordinate of X25519.', 'RFC 8422 §5.4.1'),
  );

/** What the server signs, after both randoms. */
export const serverEcdhParams: Codec<ServerEcdhParams> = (wire, value) =>
  wire.group('ServerECDHParams', 'A key for this connection alone.', 'RFC 8422 §5.4', () => ({
    ...wire.group('ECParameters', 'The curve.', 'RFC 8422 §5.4', () => ({
      curveType: wire.uint(
        1,
        value?.curveType,
        'curve_type',
        'The curve has a name; no other way to give one is left.',
        'RFC 8422 §5.4',
        ECCurveType,
      ),
      namedCurve: wire.uint(
        2,
        value?.namedCurve,
        'namedcurve',
        'One of the client’s supported_groups.',
        'RFC 8422 §5.4',
        NamedGroup,
      ),
    })),
    point: point(
      wire,
      value?.point,
      'public',
      'The server’s ephemeral public key: fresh for this connection, forgotten after it.',
      'RFC 8422 §5.4',
    ),
  }));

/** RFC 8422 §5.4 */
export const serverKeyExchange: Codec<ServerKeyExchange> = (wire, value) => ({
  params: serverEcdhParams(wire, value?.params),
  ...wire.group(
    'signed_params',
    'The proof that the server holds its certificate’s key: without it anybody could put in a key of his own.',
    'RFC 8422 §5.4',
    () => digitallySigned(wire, value),
  ),
});

/** RFC 5246 §4.7; hash and signature in one number, as TLS 1.3 writes them too. */
function digitallySigned(
  wire: Wire,
  value: Pick<ServerKeyExchange, 'algorithm' | 'signature'> | undefined,
): Pick<ServerKeyExchange, 'algorithm' | 'signature'> {
  return {
    algorithm: wire.uint(
      2,
      value?.algorithm,
      'algorithm',
      'How the signature was made; the other side must have offered it.',
      'RFC 5246 §4.7',
      SignatureScheme,
    ),
    signature: wire.vector(
      2,
      [0, 0xffff],
      value?.signature,
      'signature',
      'Over both randoms and the key above.',
      'RFC 5246 §4.7',
    ),
  };
}

/** RFC 5246 §7.4.4 */
export const certificateRequest12: Codec<CertificateRequest12> = (wire, value) => ({
  certificateTypes: wire.list(
    1,
    [1, 255],
    value?.certificateTypes as number[] | undefined,
    'certificate_types',
    'The kinds of keys the server takes.',
    'RFC 5246 §7.4.4',
    (wire, type?: number) =>
      wire.uint(
        1,
        type,
        'ClientCertificateType',
        'ecdsa_sign stands for Ed25519 as well.',
        'RFC 8422 §5.5',
        ClientCertificateType,
      ),
  ),
  signatureSchemes: signatureSchemes(wire, value?.signatureSchemes as number[] | undefined),
  certificateAuthorities: wire.list(
    2,
    [0, 0xffff],
    value?.certificateAuthorities as Uint8Array[] | undefined,
    'certificate_authorities',
    'The issuers the server trusts, to help the client choose a certificate.',
    'RFC 5246 §7.4.4',
    (wire, name?: Uint8Array) =>
      wire.vector(2, [1, 0xffff], name, 'DistinguishedName', 'A name in DER.', 'RFC 5246 §7.4.4'),
  ),
});

/** The client's ephemeral key. RFC 8422 §5.7 */
export const clientKeyExchange: Codec<Uint8Array> = (wire, value) =>
  wire.group('ClientECDiffieHellmanPublic', 'The client’s half of the key exchange.', 'RFC 8422 §5.7', () =>
    point(wire, value, 'ecdh_Yc', 'The client’s ephemeral public key.', 'RFC 8422 §5.7'),
  );

/** RFC 5246 §7.4.9 */
export const finished12: Codec<Uint8Array> = (wire, value) =>
  wire.rest(
    value,
    'verify_data',
    'Twelve bytes made of the master secret and everything said so far: both sides saw the same handshake.',
    'RFC 5246 §7.4.9',
  );

/** RFC 5077 §3.3 */
export const newSessionTicket12: Codec<NewSessionTicket12> = (wire, value) => ({
  lifetimeHint: wire.uint(
    4,
    value?.lifetimeHint,
    'ticket_lifetime_hint',
    'How long the server expects to take the ticket; 0 says nothing.',
    'RFC 5077 §3.3',
    'seconds',
  ),
  ticket: wire.vector(
    2,
    [0, 0xffff],
    value?.ticket,
    'ticket',
    'The session, sealed by the server for itself. In TLS 1.2 it travels in clear.',
    'RFC 5077 §3.3',
  ),
});

/** The one byte between a peer's last message in clear and its Finished. RFC 5246 §7.1 */
export const changeCipherSpec: Codec<number> = (wire, value) =>
  wire.uint(
    1,
    value,
    'type',
    'Always 1: what the sender says next is under the new keys. TLS 1.3 keeps it as an empty habit.',
    'RFC 5246 §7.1',
  );
