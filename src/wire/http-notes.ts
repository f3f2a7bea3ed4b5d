/** A message of HTTP opened to its parts, each with its bytes. RFC 9112 §2.1 */
import { bytesToText, type Note } from '../tls/codec/index.ts';
import type { HttpMessage } from './http.ts';

const SECTION = {
  request: 'RFC 9112 §3',
  status: 'RFC 9112 §4',
  field: 'RFC 9112 §5',
  end: 'RFC 9112 §2.1',
  body: 'RFC 9112 §6',
};

/** What some fields are for; the others say it by their name. */
const FIELD_WORDS: Readonly<Record<string, [words: string, section: string]>> = {
  authorization: ['Who asks, or what they hold.', 'RFC 9110 §11.6.2'],
  'content-length': ['How many bytes of content follow.', 'RFC 9110 §8.6'],
  'content-type': ['What the content is.', 'RFC 9110 §8.3'],
  cookie: ['What this site gave the browser to keep, brought back.', 'RFC 6265 §4.2'],
  dpop: ['A proof of the key that the token is bound to, made for this one request.', 'RFC 9449 §4'],
  host: ['Which site is meant.', 'RFC 9110 §7.2'],
  location: ['Where to go instead.', 'RFC 9110 §10.2.2'],
  'set-cookie': ['For the browser to keep, and to bring back.', 'RFC 6265 §4.1'],
  'transfer-encoding': ['The content comes in chunks, each with its length.', 'RFC 9112 §6.1'],
  'www-authenticate': ['How to ask, so as to be heard.', 'RFC 9110 §11.6.1'],
};

/** The tree of a message; the leaves cover each byte once. */
export function httpNotes(bytes: Uint8Array, http: HttpMessage): Note[] {
  const lines = linesOf(bytes.subarray(0, http.headLength));
  const [start, ...rest] = lines;
  const isRequest = http.kind === 'request';
  const notes: Note[] = [
    leaf(
      isRequest ? 'request-line' : 'status-line',
      start.text,
      start,
      isRequest ? 'What is asked for.' : 'What came of it.',
      isRequest ? SECTION.request : SECTION.status,
    ),
  ];
  for (const line of rest) {
    const colon = line.text.indexOf(':');
    if (colon < 0) {
      notes.push(leaf('empty line', '', line, 'The head ends here.', SECTION.end));
      continue;
    }
    const name = line.text.slice(0, colon);
    const [words, section] = FIELD_WORDS[name.toLowerCase()] ?? ['A header field.', SECTION.field];
    notes.push(leaf(name, line.text.slice(colon + 1).trim(), line, words, section));
  }
  if (bytes.length > http.headLength) {
    const body = { offset: http.headLength, length: bytes.length - http.headLength };
    const words = http.body.length === body.length ? 'The content.' : 'The content, in chunks.';
    notes.push(leaf('message-body', excerpt(http.body), body, words, SECTION.body));
  }
  return notes;
}

/** A value shows the beginning of a long body; the bytes show all of it. */
const EXCERPT = 2000;

function excerpt(body: Uint8Array): string {
  const text = new TextDecoder().decode(body.subarray(0, EXCERPT));
  return body.length > EXCERPT ? `${text}…` : text;
}

interface Place {
  readonly offset: number;
  readonly length: number;
}

function leaf(name: string, value: string, { offset, length }: Place, words: string, section: string): Note {
  return { name, value, offset, length, words, section, children: [] };
}

function linesOf(head: Uint8Array): (Place & { readonly text: string })[] {
  const lines: (Place & { readonly text: string })[] = [];
  for (let offset = 0; offset < head.length; ) {
    const end = head.indexOf(10, offset) + 1 || head.length;
    lines.push({ offset, length: end - offset, text: bytesToText(head.subarray(offset, end)).trimEnd() });
    offset = end;
  }
  return lines;
}
