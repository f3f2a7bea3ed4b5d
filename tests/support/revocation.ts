/** Revocation lists for tests, made field by field as certificates are in pki.ts. */
import { writePem } from '../../src/x509/index.ts';
import { algorithmIdentifier, der, extension, extensions, type Issued, signTbs, time } from './pki.ts';

export interface Entry {
  readonly serial: bigint;
  /** CRLReason (RFC 5280 §5.3.1). */
  readonly reason?: number;
  readonly extensions?: readonly Uint8Array[];
}

export interface ListRequest {
  readonly revoked?: readonly Entry[];
  readonly thisUpdate?: Date | Uint8Array;
  /** Null: left out. */
  readonly nextUpdate?: Date | Uint8Array | null;
  readonly extensions?: readonly Uint8Array[];
  /** Without one, the list names its issuer's key. */
  readonly keyIdentifier?: Uint8Array | null;
  readonly hash?: 'sha1' | 'sha256' | 'sha384' | 'sha512';
  readonly issuerName?: Uint8Array;
  /** What the list claims inside, or outside, the signed part, when it is to lie. */
  readonly innerAlgorithm?: Uint8Array;
  readonly outerAlgorithm?: Uint8Array;
  readonly tamper?: (signature: Uint8Array) => Uint8Array;
}

const HOUR = 3_600_000;
const timeOf = (value: Date | Uint8Array) => (value instanceof Date ? time(value) : value);

/** A list in PEM, signed by `issuer`. */
export function revocationList(issuer: Issued, request: ListRequest = {}): string {
  const { revoked = [], hash = 'sha256', keyIdentifier = issuer.keyIdentifier } = request;
  const { thisUpdate = new Date(Date.now() - HOUR), nextUpdate = new Date(Date.now() + HOUR) } = request;
  const algorithm = algorithmIdentifier(issuer.key, hash, false);
  const all = [
    ...(keyIdentifier ? [extensions.authorityKey(keyIdentifier)] : []),
    extension('2.5.29.20', der.integer(1)),
    ...(request.extensions ?? []),
  ];
  const tbs = der.sequence(
    der.integer(1),
    request.innerAlgorithm ?? algorithm,
    request.issuerName ?? issuer.subject,
    timeOf(thisUpdate),
    ...(nextUpdate ? [timeOf(nextUpdate)] : []),
    ...(revoked.length > 0 ? [der.sequence(...revoked.map(entry))] : []),
    der.context(0, der.sequence(...all), true),
  );
  const signature = signTbs(tbs, issuer.key, hash, false);
  return writePem(
    'X509 CRL',
    der.sequence(
      tbs,
      request.outerAlgorithm ?? algorithm,
      der.bits(request.tamper?.(signature) ?? signature),
    ),
  );
}

function entry({ serial, reason, extensions: more = [] }: Entry): Uint8Array {
  const all = [
    ...(reason === undefined ? [] : [extension('2.5.29.21', Uint8Array.of(0x0a, 1, reason))]),
    ...more,
  ];
  return der.sequence(
    der.integer(serial),
    time(new Date(Date.now() - HOUR)),
    ...(all.length > 0 ? [der.sequence(...all)] : []),
  );
}

export interface Point {
  readonly fullName?: readonly Uint8Array[];
  /** Attributes of the one RDN to append to the issuer's name. */
  readonly relativeName?: Uint8Array;
}

function pointName({ fullName, relativeName }: Point): Uint8Array[] {
  if (fullName) return [der.context(0, der.raw(0xa0, ...fullName), true)];
  return relativeName ? [der.context(0, der.raw(0xa1, relativeName), true)] : [];
}

/** issuingDistributionPoint of a list (§5.2.5). */
export function scope(
  request: Point & {
    readonly onlyUsers?: boolean;
    readonly onlyAuthorities?: boolean;
    readonly onlyAttributes?: boolean;
    readonly onlyReasons?: Uint8Array;
    readonly indirect?: boolean;
  },
): Uint8Array {
  const flag = (number: number, value = false) => (value ? [der.context(number, Uint8Array.of(0xff))] : []);
  const value = der.sequence(
    ...pointName(request),
    ...flag(1, request.onlyUsers),
    ...flag(2, request.onlyAuthorities),
    ...(request.onlyReasons ? [der.context(3, request.onlyReasons)] : []),
    ...flag(4, request.indirect),
    ...flag(5, request.onlyAttributes),
  );
  return extension('2.5.29.28', value, true);
}

/** cRLDistributionPoints of a certificate (§4.2.1.13). */
export function distributionPoints(
  ...points: (Point & { reasons?: Uint8Array; crlIssuer?: readonly Uint8Array[] })[]
): Uint8Array {
  const value = points.map(({ reasons, crlIssuer, ...point }) =>
    der.sequence(
      ...pointName(point),
      ...(reasons ? [der.context(1, reasons)] : []),
      ...(crlIssuer ? [der.raw(0xa2, ...crlIssuer)] : []),
    ),
  );
  return extension('2.5.29.31', der.sequence(...value));
}
