/**
 * Modules of Node's library that the sandbox never reaches. Each is bundled as an empty object: the `require` that names
 * it succeeds, as it sits at the top of some file, and nothing calls into it.
 */
export const EMPTY_MODULES: ReadonlySet<string> = new Set([
  // Debugger, inspector, tracing, heap snapshots: there is no V8 API to back them.
  'inspector',
  'internal/inspector/network',
  'internal/util/inspector',
  'internal/heap_utils',
  'internal/trace_events_async_hooks',
  'internal/debugger/inspect_utils',
  // Source maps and the module loaders: ours is src/sandbox/embedded/loader.
  'internal/source_map/source_map_cache',
  'internal/modules/cjs/loader',
  'internal/modules/helpers',
  'internal/modules/package_json_reader',
  'internal/modules/esm/utils',
  'internal/modules/run_main',
  // Keys that this engine does not have.
  'internal/crypto/ml_dsa',
  'internal/crypto/ml_kem',
  'internal/wasm_web_api',
  // Streams never travel to another thread.
  'internal/webstreams/transfer',
  // Experimental or optional parts that only options of the command line switch on.
  'internal/streams/iter/classic',
  'internal/streams/iter/from',
  'internal/streams/iter/pull',
  'internal/streams/iter/types',
  'internal/streams/iter/utils',
  'internal/deps/minimatch/index',
  'internal/deps/acorn/acorn/dist/acorn',
  'internal/deps/acorn/acorn-walk/dist/walk',
  'internal/util/trace_sigint',
  'internal/process/report',
  'internal/http2/core',
  'internal/quic/quic',
  // Files that only a file system with notifications, globbing or copying needs.
  'internal/fs/watchers',
  'internal/fs/recursive_watch',
  'internal/fs/sync_write_stream',
  'internal/fs/glob',
  'internal/streams/fast-utf8-stream',
  'internal/fs/cp/cp',
  'internal/fs/cp/cp-sync',
  'internal/worker/io',
  'internal/worker',
  'internal/cluster/child',
  'internal/cluster/primary',
  'internal/dgram',
]);
