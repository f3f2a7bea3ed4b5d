// Why not Node's internal/bootstrap/switches/is_main_thread: it loads the module loaders too. The streams are made as
// there: standard streams that are pipes are sockets over a pipe handle whose writes are done when `write` returns.

function writable(fd) {
  const net = require('net');
  const stream = new net.Socket({ fd, readable: false, writable: true });
  stream._type = 'pipe';
  stream.fd = fd;
  stream._isStdio = true;
  stream.destroySoon = stream.destroy;
  // The descriptor itself is never closed.
  stream._destroy = function (error, callback) {
    callback(error);
    this._undestroy();
    if (!this._writableState.emitClose) process.nextTick(() => this.emit('close'));
  };
  return stream;
}

function readable() {
  const net = require('net');
  const stdin = new net.Socket({ fd: 0, readable: true, writable: false, manualStart: true });
  stdin._writableState.ended = true;
  stdin.fd = 0;
  const stop = () => {
    stdin._readableState.reading = false;
    stdin._handle.reading = false;
    stdin._handle.readStop();
  };
  stop();
  stdin.on('pause', () =>
    process.nextTick(() => {
      if (stdin._handle?.reading && !stdin.readableFlowing) stop();
    }),
  );
  return stdin;
}

module.exports = {
  defineStreams(target) {
    const make = { stdout: () => writable(1), stdin: readable, stderr: () => writable(2) };
    for (const name of Object.keys(make)) {
      let stream;
      const get = () => (stream ??= make[name]());
      Object.defineProperty(target, name, { __proto__: null, configurable: true, enumerable: true, get });
    }
  },
};
