/**
 * `internalBinding(name)`: the sandbox's replacement for Node's C++ layer. `addBindings` is how the parts that are built
 * apart (TLS, cryptography) put theirs in; a factory runs when its binding is first asked for.
 */
import type { Any } from '../current.ts';
import { taskQueueBinding, timersBinding } from '../loop.ts';
import { asyncContextFrame, asyncWrap } from './async.ts';
import { buffer } from './buffer.ts';
import { constants } from './constants.ts';
import { caresWrap } from './dns.ts';
import { fs, fsDir, fsEventWrap } from './fs.ts';
import { messaging } from './messaging.ts';
import * as misc from './misc.ts';
import { pipeWrap } from './pipe.ts';
import { credentials, os, performanceBinding, processMethods, signalWrap } from './process.ts';
import { streamWrap } from './stream.ts';
import { stringDecoder } from './string-decoder.ts';
import { tcpWrap } from './tcp.ts';
import { url } from './url.ts';
import { errors, symbols, types, util } from './util.ts';
import { uv } from './uv.ts';

const bindings: Record<string, Any> = {
  async_context_frame: asyncContextFrame,
  async_wrap: asyncWrap,
  blob: misc.blob,
  buffer,
  builtins: misc.builtins,
  cares_wrap: caresWrap,
  config: misc.config,
  constants,
  credentials,
  diagnostics_channel: misc.diagnosticsChannel,
  encoding_binding: misc.encodingBinding,
  errors,
  fs,
  fs_dir: fsDir,
  fs_event_wrap: fsEventWrap,
  icu: {},
  inspector: misc.inspector,
  js_stream: { JSStream: class JSStream {} },
  messaging,
  mksnapshot: misc.mksnapshot,
  module_wrap: {},
  options: {},
  os,
  performance: performanceBinding,
  permission: misc.permission,
  pipe_wrap: pipeWrap,
  process_methods: processMethods,
  report: misc.reportBinding,
  signal_wrap: signalWrap,
  stream_wrap: streamWrap,
  string_decoder: stringDecoder,
  symbols,
  task_queue: taskQueueBinding,
  tcp_wrap: tcpWrap,
  timers: timersBinding,
  trace_events: misc.traceEvents,
  types,
  url,
  url_pattern: misc.urlPattern,
  util,
  uv,
  worker: misc.worker,
};

const factories = new Map<string, () => Any>([
  // These come with the pieces of the library that use them.
  ['block_list', () => require('./block-list.ts').blockList],
  ['http_parser', () => require('./http-parser.ts').httpParser],
  ['process_wrap', () => require('./process-wrap.ts').processWrap],
  ['tty_wrap', () => require('./process-wrap.ts').ttyWrap],
  ['udp_wrap', () => require('./process-wrap.ts').udpWrap],
  ['spawn_sync', () => require('./process-wrap.ts').spawnSync],
  ['ipc_serdes', () => require('./process-wrap.ts').ipcSerdes],
]);

/** Registers bindings made on first use. */
export function addBindings(more: Record<string, () => Any>): void {
  for (const [name, factory] of Object.entries(more)) factories.set(name, factory);
}

export function internalBinding(name: string): Any {
  const factory = factories.get(name);
  if (factory) {
    factories.delete(name);
    bindings[name] = factory();
  }
  const found = bindings[name];
  if (found === undefined) throw new Error(`No such binding: ${name}`);
  return found;
}
