/**
 * The few lines of Node's files that cannot hold in a worker. A patch is one exact replacement; the build stops when the
 * text to replace is not there exactly once, so a new version of Node cannot silently lose one.
 */
export interface Patch {
  readonly from: string;
  readonly to: string;
}

const ABORT_CONTROLLER_LATER: Patch = {
  from: `const { AbortController } = require('internal/abort_controller');`,
  to: `const AbortController = function() { return new (require('internal/abort_controller').AbortController)(); };`,
};

export const PATCHES: Readonly<Record<string, readonly Patch[]>> = {
  // Between two immediates Node drains promise jobs synchronously; only the end of a browser task does that. So
  // `runNextTicks` leaves processImmediate by throwing YIELD (src/node/loop.ts) and the function is entered again:
  // what it remembers between two immediates must then outlive the call.
  'internal/timers': [
    {
      from: 'const outstandingQueue = new ImmediateList();',
      to: 'const outstandingQueue = new ImmediateList(); let prevImmediate;',
    },
    { from: '    let prevImmediate;\n', to: '' },
  ],
  // A private symbol of V8's is no property that anybody sees; here it would be one.
  'internal/per_context/domexception': [
    { from: '    self[transfer_mode_private_symbol] = kCloneable;\n', to: '' },
  ],
  // Whether an address is free is known to the kernel, which answers later. `listen` of our handle takes a callback for
  // the late answer; 'listening' waits for it, and a refusal takes the same path as in Node.
  net: [
    {
      from: `  // Generate connection key, this should be unique to the connection
  this._connectionKey = addressType + ':' + address + ':' + port;`,
      to: `  this._connectionKey = addressType + ':' + address + ':' + port;
  if (this._handle.whenListening?.((err) => {
    if (this._handle === null) return;
    if (err) {
      const ex = new UVExceptionWithHostPort(err, 'listen', address, port);
      this._handle.close();
      this._handle = null;
      emitErrorNT(this, ex);
    } else emitListeningNT(this);
  })) {
    if (this._unref) this.unref();
    return;
  }`,
    },
    // That the port of this end is taken is known later, too: it is still `bind` that has failed.
    {
      from: `  } else {
    let details;
    if (req.localAddress`,
      to: `  } else if (status === UV_EADDRINUSE && req.localPort) {
    self.destroy(new ExceptionWithHostPort(status, 'bind', req.localAddress, req.localPort));
  } else {
    let details;
    if (req.localAddress`,
    },
  ],
  // What a stack begins with, and how its frames read, is V8's.
  'internal/util/inspect': [
    {
      from: `    if (typeof stack === 'string') {
      return stack;
    }`,
      to: `    if (typeof stack === 'string') {
      return internalBinding('errors').readableStack(error, stack);
    }`,
    },
  ],
  // `once` and `setMaxListeners` of an emitter need nothing of EventTarget's, which comes with a piece.
  events: [
    {
      from: `        isEventTarget = require('internal/event_target').isEventTarget;

`,
      to: `        isEventTarget = (target) => typeof target?.addEventListener === 'function' &&
          require('internal/event_target').isEventTarget(target);

`,
    },
    {
      from: `    kResistStopPropagation ??= require('internal/event_target').kResistStopPropagation;
    const opts = { __proto__: null, once: true`,
      to: `    if (typeof emitter.addEventListener === 'function')
      kResistStopPropagation ??= require('internal/event_target').kResistStopPropagation;
    const opts = { __proto__: null, once: true`,
    },
  ],
  // Few streams are ever mapped, made of functions or piped by name: AbortController and EventTarget come with a piece.
  'internal/streams/duplexify': [ABORT_CONTROLLER_LATER],
  'internal/streams/pipeline': [ABORT_CONTROLLER_LATER],
  'internal/streams/operators': [
    {
      from: `const { AbortController, AbortSignal } = require('internal/abort_controller');`,
      to: `const AbortController = function() { return new (require('internal/abort_controller').AbortController)(); };
const AbortSignal = { any: (signals) => require('internal/abort_controller').AbortSignal.any(signals) };`,
    },
    { from: `const { kWeakHandler, kResistStopPropagation } = require('internal/event_target');`, to: '' },
    {
      from: `    const opts = { once: true, [kWeakHandler]`,
      to: `    const { kWeakHandler, kResistStopPropagation } = require('internal/event_target');
    const opts = { once: true, [kWeakHandler]`,
    },
  ],
  // TLS needs one digest of the `crypto` module, and classes of it only when a program asks for an X509Certificate or
  // gives a PKCS#12 file: the module is a piece of its own (src/node/pieces/list.ts).
  'internal/tls/wrap': [
    { from: "const crypto = require('crypto');", to: '' },
    {
      from: `crypto.createHash('sha1')
      .update(process.argv.join(' '))
      .digest('hex')
      .slice(0, 32);`,
      to: `internalBinding('crypto').sessionIdContext(process.argv.join(' '));`,
    },
    {
      from: `const {
  InternalX509Certificate,
} = require('internal/crypto/x509');`,
      to: `const certificateOf = (cert) => new (require('internal/crypto/x509').InternalX509Certificate)(cert);`,
    },
    {
      from: `getPeerX509Certificate();
  return cert ? new InternalX509Certificate(cert) : undefined;`,
      to: `getPeerX509Certificate();
  return cert ? certificateOf(cert) : undefined;`,
    },
    {
      from: `getX509Certificate();
  return cert ? new InternalX509Certificate(cert) : undefined;`,
      to: `getX509Certificate();
  return cert ? certificateOf(cert) : undefined;`,
    },
  ],
  'internal/tls/secure-context': [
    {
      from: `const {
  toBuf,
} = require('internal/crypto/util');`,
      to: `const toBuf = (value) => require('internal/crypto/util').toBuf(value);`,
    },
  ],
  // There is one realm: its own RegExp serves, at the cost of `RegExp.$1` and its like.
  'internal/util': [
    {
      from: `    const { runInNewContext } = require('vm');
    internalGlobal = runInNewContext('this', undefined, { contextName: 'internal' });`,
      to: `    internalGlobal = primordials;`,
    },
  ],
  // Before the `crypto` module is there, nothing can be a key of its.
  'internal/util/types': [
    {
      from: `      if (!isKeyObjectFn) {`,
      to: `      if (!internalBinding('crypto').isComplete()) return false;
      if (!isKeyObjectFn) {`,
    },
    {
      from: `      if (!isCryptoKeyFn) {`,
      to: `      if (!internalBinding('crypto').isComplete()) return false;
      if (!isCryptoKeyFn) {`,
    },
  ],
  // fetch asks at its start what Node has. Here `crypto` is a piece of its own, asked for when a body's hash or a
  // WebSocket's key is needed; SQLite would only keep a cache that fetch has not; nothing crosses to other threads; and
  // the browser's list of timings is not ours to write.
  'internal/deps/undici/undici': [
    { from: `=> require("node:crypto"), "node:crypto")`, to: `=> {}, "node:crypto")` },
    { from: `=> require("node:sqlite"), "node:sqlite")`, to: `=> {}, "node:sqlite")` },
    { from: `? require("node:worker_threads").markAsUncloneable :`, to: `? () => {} :` },
    { from: `runtimeFeatures.has("crypto") ? require("node:crypto").randomInt :`, to: '' },
    {
      from: `crypto = require("node:crypto");
      const cryptoHashes = crypto.getHashes();`,
      to: `crypto = { hash: (...given) => require("node:crypto").hash(...given) };
      const cryptoHashes = ["sha256", "sha384", "sha512"];`,
    },
    {
      from: `? require("node:crypto").randomFillSync :`,
      to: `? (...given) => require("node:crypto").randomFillSync(...given) :`,
    },
    {
      from: `runtimeFeatures.has("crypto") ? require("node:crypto") : null;`,
      to: `{ randomBytes: (size) => require("node:crypto").randomBytes(size), hash: (...given) => require("node:crypto").hash(...given) };`,
    },
    { from: `= performance.markResourceTiming;`, to: `= () => {};` },
  ],
  // A bundler cannot follow a computed `require`.
  'internal/test_runner/utils': [
    {
      from: 'return require(builtinPath);',
      to:
        "return { spec: () => require('internal/test_runner/reporter/spec'), tap: () => require('internal/test_runner/reporter/tap')," +
        " dot: () => require('internal/test_runner/reporter/dot') }[name]?.();",
    },
  ],
};
