import type { Endpoint } from '../../index.ts';
import { type ToPage, WINDOW_BYTES, type WorldEvent } from '../protocol.ts';

/**
 * Reads what the frame sent. Code of strangers runs in there: should it ever break out of its worker, this is where it
 * arrives, so every shape is checked and every size bounded. `undefined` means: not from our kernel.
 */
export function readMessages(data: unknown): ToPage[] | undefined {
  if (!Array.isArray(data) || data.length > LIMITS.batch) return undefined;
  const messages: ToPage[] = [];
  for (const item of data) {
    const message = readMessage(item);
    if (!message) return undefined;
    messages.push(message);
  }
  return messages;
}

const LIMITS = { batch: 100_000, text: 64 * 1024, name: 512, piece: 16 * 1024 * 1024 };

type Fields = Record<string, unknown>;

const isObject = (value: unknown): value is Fields => typeof value === 'object' && value !== null;
const isNumber = (value: unknown): value is number =>
  typeof value === 'number' && Number.isSafeInteger(value);
const isName = (value: unknown): value is string => typeof value === 'string' && value.length <= LIMITS.name;
const isText = (value: unknown): value is string => typeof value === 'string' && value.length <= LIMITS.text;
const isBytes = (value: unknown): value is Uint8Array =>
  value instanceof Uint8Array && value.length <= LIMITS.piece;
const isEndpoint = (value: unknown): boolean =>
  isObject(value) && isName(value.host) && isName(value.address) && isNumber(value.port);

const isKind = (value: unknown): value is 'data' | 'fin' | 'rst' =>
  value === 'data' || value === 'fin' || value === 'rst';
const isSegment = (value: unknown): value is Uint8Array => isBytes(value) && value.length <= SEGMENT_LIMIT;

function readMessage(item: unknown): ToPage | undefined {
  if (!isObject(item)) return undefined;
  const { type, id, world, pid } = item;
  switch (type) {
    case 'ready':
      return { type };
    case 'pong':
      return isNumber(id) ? { type, id } : undefined;
    case 'answer':
      return isNumber(id) ? { type, id, value: item.value } : undefined;
    case 'refusal':
      if (!isNumber(id) || !isText(item.message)) return undefined;
      return { type, id, message: item.message, code: isName(item.code) ? item.code : undefined };
    case 'output':
      if (!isNumber(world) || !isNumber(pid) || !isBytes(item.bytes) || (item.fd !== 1 && item.fd !== 2))
        return undefined;
      return { type, world, pid, fd: item.fd, bytes: item.bytes };
    case 'output-end':
      return isNumber(world) && isNumber(pid) ? { type, world, pid } : undefined;
    case 'crossing': {
      const { connection, sender, from, to, kind, bytes } = item;
      if (!isNumber(world) || !isNumber(connection) || (sender !== 'client' && sender !== 'server'))
        return undefined;
      if (!isEndpoint(from) || !isEndpoint(to) || !isKind(kind) || !isSegment(bytes)) return undefined;
      return {
        type,
        world,
        connection,
        sender,
        from: from as unknown as Endpoint,
        to: to as unknown as Endpoint,
        kind,
        bytes,
      };
    }
    case 'event': {
      if (!isNumber(world) || !isObject(item.detail) || typeof item.name !== 'string') return undefined;
      if (!Object.hasOwn(eventShapes, item.name)) return undefined;
      const name = item.name as WorldEvent;
      return eventShapes[name](item.detail) ? { type, world, name, detail: item.detail } : undefined;
    }
    default:
      return undefined;
  }
}

const eventShapes: Record<WorldEvent, (detail: Fields) => boolean> = {
  spawn: ({ pid, command, args, host }) =>
    isNumber(pid) &&
    isText(command) &&
    Array.isArray(args) &&
    args.every((word) => typeof word === 'string') &&
    isName(host),
  listen: ({ pid, at }) => isNumber(pid) && isEndpoint(at),
  unlisten: ({ pid, at }) => isNumber(pid) && isEndpoint(at),
  connection: ({ id, from, to, status }) =>
    isNumber(id) && isEndpoint(from) && isEndpoint(to) && (status === 'open' || status === 'refused'),
  exit: ({ pid, code }) => isNumber(pid) && isNumber(code),
  keylog: ({ pid, line }) => isNumber(pid) && isText(line),
  segment: ({ connection, from, to, kind, bytes, time }) =>
    isNumber(connection) &&
    isEndpoint(from) &&
    isEndpoint(to) &&
    isKind(kind) &&
    isSegment(bytes) &&
    typeof time === 'number',
  notice: ({ message }) => isText(message),
};

/** A segment never exceeds the window, except the last bytes of a socket that was closed while they waited. */
const SEGMENT_LIMIT = 256 * WINDOW_BYTES;
