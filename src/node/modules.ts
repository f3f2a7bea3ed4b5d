/** The modules a program may require or import, made on first use, each from Node's own file or from our override. */
import type { Any } from './current.ts';
import { testRunner } from './test/index.ts';

const MODULES: Readonly<Record<string, () => Any>> = {
  _http_agent: () => require('_http_agent'),
  _http_client: () => require('_http_client'),
  _http_common: () => require('_http_common'),
  _http_incoming: () => require('_http_incoming'),
  _http_outgoing: () => require('_http_outgoing'),
  _http_server: () => require('_http_server'),
  _stream_duplex: () => require('internal/streams/duplex'),
  _stream_passthrough: () => require('internal/streams/passthrough'),
  _stream_readable: () => require('internal/streams/readable'),
  _stream_transform: () => require('internal/streams/transform'),
  _stream_writable: () => require('internal/streams/writable'),
  assert: () => require('assert'),
  'assert/strict': () => require('assert').strict,
  async_hooks: () => require('async_hooks'),
  buffer: () => require('buffer'),
  child_process: () => require('child_process'),
  cluster: () => require('cluster'),
  console: () => require('internal/console/global'),
  constants: () => require('constants'),
  dgram: () => require('dgram'),
  diagnostics_channel: () => require('diagnostics_channel'),
  dns: () => require('dns'),
  'dns/promises': () => require('dns').promises,
  events: () => require('events'),
  fs: () => require('fs'),
  'fs/promises': () => require('fs').promises,
  http: () => require('http'),
  http2: () => require('http2'),
  inspector: () => require('inspector'),
  net: () => require('net'),
  os: () => require('os'),
  path: () => require('path'),
  'path/posix': () => require('path').posix,
  'path/win32': () => require('path').win32,
  perf_hooks: () => require('perf_hooks'),
  process: () => require('process'),
  punycode: () => require('punycode'),
  querystring: () => require('querystring'),
  readline: () => require('readline'),
  'readline/promises': () => require('readline/promises'),
  sqlite: () => require('./sqlite/index.ts').sqlite,
  stream: () => require('stream'),
  'stream/consumers': () => require('stream/consumers'),
  'stream/promises': () => require('stream/promises'),
  'stream/web': () => require('stream/web'),
  string_decoder: () => require('string_decoder'),
  sys: () => require('util'),
  test: () => testRunner('test'),
  'test/reporters': () => testRunner('test/reporters'),
  timers: () => require('timers'),
  'timers/promises': () => require('timers/promises'),
  tty: () => require('tty'),
  url: () => require('url'),
  util: () => require('util'),
  'util/types': () => require('internal/util/types'),
  v8: () => require('v8'),
  vm: () => require('vm'),
  worker_threads: () => require('worker_threads'),
  zlib: () => require('zlib'),
};

const added = new Map<string, () => Any>();

/** Adds modules that other parts supply: `crypto`, `tls`, `https`, `module`, `test` … */
export function addModules(more: Record<string, () => Any>): void {
  for (const [id, factory] of Object.entries(more)) added.set(id, factory);
  require('internal/builtin-modules').setBuiltinIds(builtinIds());
}

/** Modules that exist only as `node:…`. */
const SCHEME_ONLY = new Set(['test', 'test/reporters', 'sqlite', 'sea']);

export const builtinIds = (): string[] =>
  [...new Set([...Object.keys(MODULES), ...added.keys()])].filter((id) => !SCHEME_ONLY.has(id)).sort();

function factoryOf(id: string): (() => Any) | undefined {
  const bare = id.startsWith('node:') ? id.slice(5) : id;
  if (bare === id && SCHEME_ONLY.has(id)) return undefined;
  return added.get(bare) ?? (Object.hasOwn(MODULES, bare) ? MODULES[bare] : undefined);
}

export const isBuiltin = (id: string): boolean => factoryOf(id) !== undefined;

/** What `require(id)` gives; `undefined` where Node has no such module. */
export const builtin = (id: string): Any => factoryOf(id)?.();

const LAZILY: Readonly<Record<string, () => Any>> = {
  'internal/fs/dir': () => require('internal/fs/dir'),
  'internal/abort_controller': () => require('internal/abort_controller'),
  'internal/event_target': () => require('internal/event_target'),
  'internal/blob': () => require('internal/blob'),
  'internal/file': () => require('internal/file'),
  'internal/streams/utils': () => require('internal/streams/utils'),
  'internal/util/parse_args/parse_args': () => require('internal/util/parse_args/parse_args'),
  'internal/mime': () => require('internal/mime'),
  'internal/encoding': () => require('internal/encoding'),
  'internal/util/diff': () => require('internal/util/diff'),
  'internal/streams/fast-utf8-stream': () => ({}),
  // No SIGINT ever comes to be traced.
  'internal/util/trace_sigint': () => ({ setTraceSigInt() {} }),
};

/** `require` of one of Node's ids for properties that Node defines lazily by name. */
export function requireLazily(id: string): Any {
  const factory = LAZILY[id] ?? factoryOf(id);
  if (!factory) throw new Error(`${id} is not among the modules that can be loaded lazily`);
  return factory();
}
