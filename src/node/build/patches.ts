/**
 * The few lines of Node's files that cannot hold in a worker. A patch is one exact replacement; the build stops when the
 * text to replace is not there exactly once, so a new version of Node cannot silently lose one.
 */
export interface Patch {
  readonly from: string;
  readonly to: string;
}

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
  ],
};
