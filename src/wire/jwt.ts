/** JSON Web Tokens, opened. Nothing is verified here: a token is read as anybody reads it who holds it. RFC 7519, RFC 7515 */

export interface Jwt {
  readonly header: Readonly<Record<string, unknown>>;
  readonly claims: Readonly<Record<string, unknown>>;
  readonly signature: Uint8Array;
}

const COMPACT = /^([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]*)$/;

/** Opens a token in compact serialization (RFC 7515 §3.1); nothing when it is none. */
export function readJwt(text: string): Jwt | undefined {
  const parts = COMPACT.exec(text);
  if (!parts) return undefined;
  try {
    const [header, claims] = [readObject(parts[1]), readObject(parts[2])];
    return header && claims ? { header, claims, signature: fromBase64url(parts[3]) } : undefined;
  } catch {
    return undefined; // three parts with dots between them are not yet a token
  }
}

function readObject(part: string): Record<string, unknown> | undefined {
  const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(fromBase64url(part)));
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : undefined;
}

/** RFC 4648 §5, without padding. */
export function fromBase64url(text: string): Uint8Array {
  const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
  return Uint8Array.from(binary, (character) => character.charCodeAt(0));
}

export function toBase64url(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');
}
