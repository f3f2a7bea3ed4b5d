/** What a reader may find a message by. */
import { bytesToText, HandshakeType, hex, type Note } from '../tls/codec/index.ts';
import { certificatesOf, certificateThumbprint, keyThumbprint } from './binding.ts';
import { openMessage } from './describe.ts';
import { fromBase64url } from './jwt.ts';
import type { HttpWireMessage, WireConnection, WireMessage } from './model.ts';
import { parametersOf, tokensOf } from './oauth.ts';

/** Of a long value the beginning is looked into; nobody types more. */
const MOST = 65_536;

/** What a field says, as it is looked for. */
export const sayingOf = ({ name, value }: Pick<Note, 'name' | 'value'>): string =>
  `${name}: ${value.slice(0, MOST)}`.toLowerCase();

/**
 * All that a message says, a line for each field, in lower case: what it is opened to, what its parameters and the claims
 * of its tokens hold once they are decoded, and the thumbprints of what it shows.
 */
export function sayingsOf(message: WireMessage, connection: WireConnection): string {
  const said: string[] = [];
  const say = (name: string, value: unknown) =>
    said.push(sayingOf({ name, value: typeof value === 'string' ? value : (JSON.stringify(value) ?? '') }));
  const sayNote = (note: Note): void => {
    said.push(sayingOf(note));
    note.children.forEach(sayNote);
  };
  openMessage(message, connection.tls).notes.forEach(sayNote);
  if (message.kind === 'data') say('data', bytesToText(message.bytes.subarray(0, MOST)));
  if (message.kind === 'http') sayHttp(message, connection, say);
  if (message.kind === 'handshake' && message.bytes[0] === HandshakeType.certificate)
    for (const der of certificatesOf(connection, message.sender)) {
      const thumbprint = certificateThumbprint(der);
      say('x5t#S256', thumbprint);
      say('fingerprint256', hex(fromBase64url(thumbprint)));
    }
  return said.join('\n');
}

function sayHttp(
  message: HttpWireMessage,
  connection: WireConnection,
  say: (name: string, value: unknown) => void,
): void {
  say('message-body', new TextDecoder().decode(message.http.body.subarray(0, MOST)));
  for (const [name, value] of Object.entries(parametersOf(message))) say(name, value);
  for (const { jwt } of tokensOf(message, connection)) {
    for (const [name, value] of Object.entries({ ...jwt?.header, ...jwt?.claims })) say(name, value);
    const key = jwt?.header.jwk;
    if (typeof key === 'object' && key !== null)
      say('jkt', keyThumbprint(key as Readonly<Record<string, unknown>>));
  }
}

/** Bytes as other programs print them, `5A:3F:…`. */
const SEPARATED = /^(?:[0-9a-f]{2}[: ]){2,}[0-9a-f]{2}$/;

/** What a reader typed, as it is looked for. */
export function soughtIn(typed: string): string {
  const sought = typed.trim().toLowerCase();
  return SEPARATED.test(sought) ? sought.replace(/[: ]/g, '') : sought;
}
