/**
 * Node's library in pieces. The engine every Run loads holds what nearly every program needs; the rest comes as scripts
 * of their own, fetched when a program's text names them. This list serves the build (what goes where) and the kernel
 * (what a program needs); it imports nothing.
 */

export const pieceNames = [
  'awaits',
  'chacha20',
  'child-process',
  'crypto',
  'fetch',
  'http',
  'library',
  'revocation',
  'sqlite',
  'test-runner',
  'tls-errors',
  'tls-trace',
  'web-streams',
  'parser',
  'webidl',
] as const;
export type PieceName = (typeof pieceNames)[number];

/** What a piece needs beside its script, as it is served: bytes that `Host.asset` gives. */
export type AssetName = 'sqlite.wasm';
export type PartName = PieceName | AssetName;

export interface Piece {
  /** Builtin modules whose name, in quotes, says that a program needs the piece. */
  readonly builtins: readonly string[];
  /** Properties under which the piece's modules are reached, too: `fs.promises`, `console.table`. */
  readonly words: readonly string[];
  /** Globals that live in the piece. */
  readonly globals?: readonly string[];
  /** Pieces and bytes that this one needs. */
  readonly needs: readonly PartName[];
  /** It costs a program much: one gets it that names it, not one that may need anything. */
  readonly isHeavy?: true;
}

/**
 * Where each piece begins: ids of Node's library, or files of ours. What only they need comes along. Apart from the rest,
 * as only the build asks for it.
 */
export const roots: Readonly<Record<PieceName, readonly string[]>> = {
  awaits: ['src/sandbox/embedded/loader/awaits.ts'],
  chacha20: ['src/tls/chacha20.ts', 'src/node/crypto/chacha20.ts'],
  'child-process': ['child_process', 'src/node/bindings/process-wrap.ts'],
  crypto: [
    ...[
      'crypto',
      'internal/crypto/keys',
      'internal/crypto/random',
      'internal/crypto/util',
      'internal/crypto/webcrypto',
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
      'src/x509/pkcs12.ts',
      'src/x509/strict.ts',
    ],
  ],
  fetch: ['internal/deps/undici/undici'],
  http: [
    ...['_http_agent', '_http_client', '_http_common', '_http_incoming', '_http_outgoing', '_http_server'],
    ...['http', 'https', 'internal/http', 'src/node/bindings/http-parser.ts'],
  ],
  library: [
    ...['assert', 'internal/assert/assertion_error', 'internal/assert/utils', 'internal/util/comparisons'],
    ...['internal/util/diff', 'internal/cli_table'],
    ...['readline', 'readline/promises', 'internal/readline/callbacks', 'internal/readline/interface'],
    ...['internal/fs/promises', 'internal/fs/streams', 'internal/fs/dir', 'internal/fs/rimraf'],
    ...['internal/dns/promises', 'timers/promises', 'stream/consumers'],
    ...['url', 'punycode'],
    ...[
      'internal/util/parse_args/parse_args',
      'internal/blocklist',
      'src/node/bindings/block-list.ts',
      'os',
      'internal/socketaddress',
    ],
    ...['perf_hooks', 'v8', 'constants', 'internal/abort_controller', 'internal/event_target'],
  ],
  revocation: ['src/x509/revocation.ts', 'src/x509/revocation-list.ts'],
  sqlite: ['src/node/sqlite/index.ts'],
  'test-runner': ['test', 'test/reporters'],
  'tls-errors': ['src/node/bindings/tls-error-origins.ts', 'src/x509/verdicts.ts'],
  'tls-trace': ['src/node/bindings/tls-trace.ts'],
  'web-streams': [...['internal/webstreams/adapters', 'internal/webstreams/readablestream', 'stream/web']],
  parser: [
    ...['src/sandbox/embedded/loader/cjs-exports.ts', 'src/sandbox/embedded/loader/module-syntax.ts'],
    ...['src/sandbox/embedded/loader/scope.ts', 'src/sandbox/embedded/loader/script-syntax.ts'],
    'src/sandbox/embedded/loader/throw-site.ts',
    'node_modules/acorn/dist/acorn.mjs',
  ],
  webidl: ['internal/webidl'],
};

export const pieces: Readonly<Record<PieceName, Piece>> = {
  /** Lets AsyncLocalStorage follow `await`. Every file is parsed for it, so only programs that name the class have it. */
  awaits: {
    builtins: [],
    words: ['AsyncLocalStorage'],
    needs: ['parser'],
    isHeavy: true,
  },
  /** A cipher that AES is preferred to. The peer may insist on it, whatever this program says. */
  chacha20: {
    builtins: ['tls'],
    words: [],
    needs: [],
  },
  'child-process': {
    builtins: ['child_process'],
    words: [],
    // A forked program has its channel without naming anything.
    needs: ['library'],
  },
  crypto: {
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
    globals: ['WebSocket', 'crypto', 'Crypto', 'CryptoKey', 'SubtleCrypto'],
    needs: ['chacha20', 'webidl'],
  },
  fetch: {
    builtins: [],
    words: [],
    globals: [
      ...['fetch', 'CloseEvent', 'FormData', 'Headers', 'MessageEvent', 'Request', 'Response', 'WebSocket'],
    ],
    needs: ['library', 'http', 'web-streams'],
  },
  http: {
    builtins: [
      ...['_http_agent', '_http_client', '_http_common', '_http_incoming', '_http_outgoing', '_http_server'],
      ...['http', 'https'],
    ],
    words: [],
    needs: ['chacha20', 'library', 'tls-errors'],
  },
  library: {
    builtins: [
      ...['assert', 'assert/strict', 'readline', 'readline/promises', 'fs/promises', 'dns/promises'],
      ...['timers/promises', 'stream/promises', 'stream/consumers', 'url', 'punycode'],
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
        'rmdir',
        'rmdirSync',
      ],
      ...['parseArgs', 'MIMEType', 'MIMEParams', 'isDeepStrictEqual', 'diff', 'table', 'clear', 'BlockList'],
      ...['SocketAddress', 'openAsBlob', 'aborted', 'transferableAbortController', 'getEventListeners'],
    ],
    globals: ['AbortController', 'AbortSignal', 'Event', 'EventTarget', 'CustomEvent'],
    needs: ['parser', 'webidl'],
  },
  /** Reading revocation lists, and judging by them. */
  revocation: {
    builtins: [],
    words: ['crl'],
    needs: [],
  },
  sqlite: {
    builtins: ['sqlite'],
    words: [],
    needs: ['sqlite.wasm'],
    isHeavy: true,
  },
  'test-runner': {
    builtins: ['test', 'test/reporters'],
    words: [],
    needs: ['library'],
  },
  /** What OpenSSL would have said of a failure, and of a chain that it does not trust. */
  'tls-errors': {
    builtins: ['tls'],
    words: [],
    needs: [],
  },
  /** What a connection writes of itself when it is told to. */
  'tls-trace': {
    builtins: [],
    words: ['enableTrace'],
    needs: [],
  },
  /** Not of Node's library: what reads a program's text, for programs that the site's build has not read already. */
  parser: {
    builtins: [],
    words: [],
    needs: [],
  },
  /** Checks arguments, for classes of the web in several of the others. */
  webidl: {
    builtins: [],
    words: [],
    needs: [],
  },
  // Node's own rather than the browser's: fetch and the streams of Node look inside them.
  'web-streams': {
    builtins: ['stream/web'],
    words: ['toWeb', 'fromWeb', 'readableWebStream'],
    globals: [
      ...['ReadableStream', 'WritableStream', 'TransformStream', 'TextEncoderStream', 'TextDecoderStream'],
      ...['ByteLengthQueuingStrategy', 'CountQueuingStrategy', 'Blob'],
      ...['CompressionStream', 'DecompressionStream'],
    ],
    needs: ['library'],
  },
};
