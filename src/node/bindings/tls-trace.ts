/**
 * What `enableTrace()` writes: for each record where it went and what it is, as OpenSSL's SSL_trace does, and for each
 * message its fields under the RFC's names, as our own codec explains them.
 */
import {
  AlertDescription,
  AlertLevel,
  ContentType,
  describeMessage,
  type Note,
  nameOf,
  ProtocolVersion,
} from '../../tls/codec/index.ts';

/** OpenSSL's names. */
const TYPES: Readonly<Record<number, string>> = {
  [ContentType.change_cipher_spec]: 'ChangeCipherSpec',
  [ContentType.alert]: 'Alert',
  [ContentType.handshake]: 'Handshake',
  [ContentType.application_data]: 'ApplicationData',
};
const typeText = (type: number) => `${TYPES[type] ?? 'UNKNOWN'} (${type})`;

/** `header`: the five bytes on the wire; `contentType`: what the record really holds, which TLS 1.3 hides. */
export function traceRecord(sent: boolean, header: Uint8Array, contentType: number, hides: boolean): string {
  const version = header[1] * 256 + header[2];
  const name = nameOf(ProtocolVersion, version)
    .replace('TLSv1.', 'TLS 1.')
    .replace(/^TLSv1$/, 'TLS 1.0');
  const lines = [
    `${sent ? 'Sent' : 'Received'} TLS Record`,
    'Header:',
    `  Version = ${name} (0x${version.toString(16)})`,
    `  Content Type = ${typeText(header[0])}`,
    `  Length = ${header[3] * 256 + header[4]}`,
  ];
  const isHidden = hides && header[0] === ContentType.application_data;
  if (isHidden) lines.push(`  Inner Content Type = ${typeText(contentType)}`);
  if (contentType === ContentType.change_cipher_spec) lines.push('    change_cipher_spec (1)');
  return `${lines.join('\n')}\n`;
}

export function traceAlert(level: number, description: number): string {
  const [levelName, name] = [nameOf(AlertLevel, level), nameOf(AlertDescription, description)];
  return `    Level=${levelName}(${level}), description=${name.replaceAll('_', ' ')}(${description})\n\n`;
}

/** `version`: the one that was agreed on, as far as it is known. */
export function traceMessage(message: Uint8Array, version: number): string {
  const { name, notes, problem } = describeMessage(message, { version });
  const title = name === 'HelloRetryRequest' ? 'ServerHello' : name;
  const lines = [`    ${title}, Length=${message.length - 4}`];
  const body = notes.find((note) => note.name === 'body')?.children ?? notes;
  for (const note of body) if (note.name !== 'length') write(note, 6, lines);
  if (problem) lines.push(`      ${problem.field}: expected ${problem.expected}, found ${problem.actual}`);
  return `${lines.join('\n')}\n\n`;
}

function write({ name, value, length, children }: Note, indent: number, lines: string[]): void {
  const margin = ' '.repeat(indent);
  const inside = children.filter((child) => child.name !== 'length');
  // A vector of plain bytes has its value at the vector as well as inside.
  if (inside.length === 0 || value !== '')
    lines.push(`${margin}${name}${length > 8 ? ` (len=${length})` : ''}=${value}`);
  else {
    lines.push(`${margin}${name} (len=${length})`);
    for (const child of inside) write(child, indent + 2, lines);
  }
}
