/** What the site's page and the pane's frame say to each other over their port. */
import type { PageRequest, PageResponse } from './fetching.ts';
import type { HeaderList } from './network/protocol.ts';

/** All that the frame is given to show a document. */
export interface PaneContent {
  /** HTML made fit for the pane; each script's `src` is `marker:N`, N an index of `scripts`. */
  html: string;
  marker: string;
  scripts: string[];
  address: string;
  referrer: string;
  /** `document.cookie` as it is now. */
  cookie: string;
  storage: { local: [string, string][]; session: [string, string][] };
  /** Hosts of the lab: links lead only there. */
  hosts: string[];
  /** What the page's own policy lets scripts do that come into being later. */
  later: { handlers: boolean; scripts: boolean; evaluation: boolean };
}

/** What a script asks the network for. */
export interface FrameRequest extends PageRequest {
  /** `empty` is a fetch, printed; `beacon` is one that is not. */
  destination: 'empty' | 'beacon' | 'image' | 'script';
}

export interface FrameNavigation {
  url: string;
  method: 'GET' | 'POST';
  body?: Uint8Array;
  contentType?: string;
  /** A form's, which the page's policy may forbid. */
  isForm: boolean;
}

export type FromFrame =
  | { type: 'loaded'; title: string; text: string }
  | { type: 'console'; text: string }
  | { type: 'script-error'; text: string }
  | { type: 'cookie'; text: string }
  | { type: 'storage'; area: 'local' | 'session'; entries: [string, string][] }
  | { type: 'address'; url: string }
  | { type: 'navigate'; to: FrameNavigation }
  | { type: 'request'; id: number; request: FrameRequest }
  | { type: 'acted'; complaint?: string }
  | { type: 'alive' };

export type ToFrame =
  | { type: 'cookie'; text: string }
  | { type: 'response'; id: number; response: FrameResponse }
  | { type: 'act'; fill: [label: string, value: string][]; press: string }
  | { type: 'alive' };

/** What a script may know of the answer. */
export type FrameResponse = { failed: string } | Omit<PageResponse, 'actual'>;

type Fields = Record<string, unknown>;

const TEXT_LIMIT = 1024 * 1024;
const BODY_LIMIT = 16 * 1024 * 1024;
const COUNT_LIMIT = 10_000;

const isObject = (value: unknown): value is Fields => typeof value === 'object' && value !== null;
const isText = (value: unknown): value is string => typeof value === 'string' && value.length <= TEXT_LIMIT;
const isPairs = (value: unknown): value is [string, string][] =>
  Array.isArray(value) &&
  value.length <= COUNT_LIMIT &&
  value.every((pair) => Array.isArray(pair) && pair.length === 2 && pair.every(isText));
const isBody = (value: unknown): value is Uint8Array | undefined =>
  value === undefined || (value instanceof Uint8Array && value.length <= BODY_LIMIT);
const oneOf = <Word extends string>(value: unknown, words: readonly Word[]): value is Word =>
  words.includes(value as Word);

/** A token of HTTP, and a field value: nothing that could break out of a header. RFC 9110 §5.1, §5.5. */
const isHeaders = (value: unknown): value is HeaderList =>
  isPairs(value) &&
  value.every(([name, text]) => /^[\w!#$%&'*+.^`|~-]+$/.test(name) && /^[\t\x20-\x7e\x80-\xff]*$/.test(text));

/**
 * Reads what a frame sent. The scripts in it are strangers' and can say anything they like; so every shape is checked and
 * every size bounded. `undefined` means: not understood, to be dropped.
 */
export function readMessage(data: unknown): FromFrame | undefined {
  if (!isObject(data)) return undefined;
  const { type, text, title } = data;
  switch (type) {
    case 'alive':
      return { type };
    case 'loaded':
      return isText(title) && isText(text) ? { type, title, text } : undefined;
    case 'console':
    case 'script-error':
    case 'cookie':
      return isText(text) ? { type, text } : undefined;
    case 'address':
      return isText(data.url) ? { type, url: data.url } : undefined;
    case 'storage':
      return oneOf(data.area, ['local', 'session']) && isPairs(data.entries)
        ? { type, area: data.area, entries: data.entries }
        : undefined;
    case 'acted':
      return data.complaint === undefined || isText(data.complaint)
        ? { type, complaint: data.complaint }
        : undefined;
    case 'navigate': {
      const to = isObject(data.to) ? readNavigation(data.to) : undefined;
      return to && { type, to };
    }
    case 'request': {
      const request = isObject(data.request) ? readRequest(data.request) : undefined;
      return request && typeof data.id === 'number' ? { type, id: data.id, request } : undefined;
    }
    default:
      return undefined;
  }
}

function readNavigation({ url, method, body, contentType, isForm }: Fields): FrameNavigation | undefined {
  if (!isText(url) || !oneOf(method, ['GET', 'POST']) || !isBody(body)) return undefined;
  if (contentType !== undefined && !isHeaders([['content-type', contentType]])) return undefined;
  return { url, method, body, contentType: contentType as string | undefined, isForm: isForm === true };
}

/** Methods and headers that no page may use. Fetch §2.2.1, §2.2.2. */
const FORBIDDEN_METHOD = /^(connect|trace|track)$/i;
const FORBIDDEN_HEADER =
  /^(accept-(charset|encoding)|access-control-request-.*|connection|content-length|cookie2?|date|dnt|expect|host|keep-alive|origin|referer|set-cookie|te|trailer|transfer-encoding|upgrade|user-agent|via|proxy-.*|sec-.*)$/i;

function readRequest(fields: Fields): FrameRequest | undefined {
  const { url, method, headers, body, mode, credentials, redirect, destination } = fields;
  if (!isText(url) || typeof method !== 'string' || !/^[A-Za-z-]{1,40}$/.test(method)) return undefined;
  if (FORBIDDEN_METHOD.test(method) || !isHeaders(headers) || !isBody(body)) return undefined;
  if (!oneOf(mode, ['cors', 'no-cors', 'same-origin'])) return undefined;
  if (!oneOf(credentials, ['omit', 'same-origin', 'include'])) return undefined;
  if (!oneOf(redirect, ['follow', 'error', 'manual'])) return undefined;
  if (!oneOf(destination, ['empty', 'beacon', 'image', 'script'])) return undefined;
  return {
    url,
    method,
    headers: headers.filter(([name]) => !FORBIDDEN_HEADER.test(name)),
    body,
    mode,
    credentials,
    redirect,
    destination,
  };
}
