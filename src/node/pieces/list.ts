/**
 * Node's library in pieces. The engine every Run loads holds what nearly every program needs; the rest comes as scripts
 * of their own, fetched when a program's text names them. This list serves the build (what goes where) and the kernel
 * (what a program needs); it imports nothing.
 */

export const pieceNames = ['crypto', 'fetch', 'http', 'library', 'test-runner', 'parser'] as const;
export type PieceName = (typeof pieceNames)[number];

export interface Piece {
  /** Where the piece begins: ids of Node's library, or files of ours. What only they need comes along. */
  readonly roots: readonly string[];
  /** Builtin modules whose name, in quotes, says that a program needs the piece. */
  readonly builtins: readonly string[];
  /** Properties under which the piece's modules are reached, too: `fs.promises`, `console.table`. */
  readonly words: readonly string[];
  /** Globals that live in the piece. */
  readonly globals?: readonly string[];
  /** Pieces that this one needs. */
  readonly needs: readonly PieceName[];
}

export const pieces: Readonly<Record<PieceName, Piece>> = {
  crypto: {
    roots: [
      ...[
        'crypto',
        'internal/crypto/keys',
        'internal/crypto/random',
        'internal/crypto/util',
        'internal/crypto/x509',
      ],
      ...[
        'src/node/crypto/binding.ts',
        'src/node/crypto/certificate-names.ts',
        'src/node/crypto/key-handle.ts',
      ],
      ...[
        'src/node/crypto/jwk.ts',
        'src/node/crypto/key-encryption.ts',
        'src/x509/encrypted-key.ts',
        'src/x509/strict.ts',
      ],
    ],
    builtins: ['crypto'],
    words: [
      'getPeerX509Certificate',
      'getX509Certificate',
      'pfx',
      'passphrase',
      'randomUUID',
      'isKeyObject',
      'isCryptoKey',
      'integrity',
    ],
    globals: ['WebSocket'],
    needs: [],
  },
  fetch: {
    roots: ['internal/deps/undici/undici'],
    builtins: [],
    words: [],
    globals: ['fetch', 'FormData', 'Headers', 'Request', 'Response', 'WebSocket'],
    needs: ['library', 'http'],
  },
  http: {
    roots: [
      ...['_http_agent', '_http_client', '_http_common', '_http_incoming', '_http_outgoing', '_http_server'],
      ...['http', 'https', 'internal/http', 'src/node/bindings/http-parser.ts'],
    ],
    builtins: [
      ...['_http_agent', '_http_client', '_http_common', '_http_incoming', '_http_outgoing', '_http_server'],
      ...['http', 'https'],
    ],
    words: [],
    needs: ['library'],
  },
  library: {
    roots: [
      ...['assert', 'internal/assert/assertion_error', 'internal/assert/utils', 'internal/util/comparisons'],
      ...['internal/util/diff', 'internal/cli_table'],
      ...['readline', 'readline/promises', 'internal/readline/callbacks', 'internal/readline/interface'],
      ...['internal/fs/promises', 'internal/fs/streams', 'internal/fs/dir', 'internal/fs/rimraf'],
      ...['internal/dns/promises', 'timers/promises', 'stream/consumers'],
      ...['internal/webstreams/adapters', 'stream/web', 'url', 'punycode'],
      ...[
        'internal/util/parse_args/parse_args',
        'internal/blocklist',
        'src/node/bindings/block-list.ts',
        'os',
        'internal/socketaddress',
      ],
      ...['perf_hooks', 'v8', 'constants', 'internal/abort_controller', 'internal/event_target'],
    ],
    builtins: [
      ...['assert', 'assert/strict', 'readline', 'readline/promises', 'fs/promises', 'dns/promises'],
      ...['timers/promises', 'stream/promises', 'stream/consumers', 'stream/web', 'url', 'punycode'],
      ...['perf_hooks', 'v8', 'constants', 'stream', 'os'],
    ],
    words: [
      ...['promises', 'promisify', 'createReadStream', 'createWriteStream', 'ReadStream', 'WriteStream'],
      ...[
        'FileReadStream',
        'FileWriteStream',
        'opendir',
        'opendirSync',
        'Dir',
        'rm',
        'rmSync',
        'toWeb',
        'fromWeb',
      ],
      ...['parseArgs', 'MIMEType', 'MIMEParams', 'isDeepStrictEqual', 'diff', 'table', 'clear', 'BlockList'],
      ...['SocketAddress', 'openAsBlob', 'aborted', 'transferableAbortController', 'getEventListeners'],
    ],
    globals: ['AbortController', 'AbortSignal', 'Event', 'EventTarget', 'CustomEvent'],
    needs: ['parser'],
  },
  'test-runner': {
    roots: ['test', 'test/reporters'],
    builtins: ['test', 'test/reporters'],
    words: [],
    needs: ['library'],
  },
  /** Not of Node's library: what reads a program's text, for programs that the site's build has not read already. */
  parser: {
    roots: [
      ...['src/sandbox/embedded/loader/cjs-exports.ts', 'src/sandbox/embedded/loader/module-syntax.ts'],
      ...['src/sandbox/embedded/loader/script-syntax.ts', 'src/sandbox/embedded/loader/throw-site.ts'],
      'node_modules/acorn/dist/acorn.mjs',
    ],
    builtins: [],
    words: [],
    needs: [],
  },
};
