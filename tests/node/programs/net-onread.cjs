// A program's own buffers for what a socket reads: filled in turn, and a pause holds what has come.
const net = require('node:net');
// `localhost` has two addresses, and a busy machine is no reason to try the second as well.
net.setDefaultAutoSelectFamilyAttemptTimeout(60_000);

const fill = (name, buffers, onPiece, then) => {
  const server = net.createServer((socket) => {
    socket.end('abcdefghijklmnopqrstuvwxyz');
    server.close(then);
  });
  server.listen(0, () => {
    let turn = 0;
    const socket = net.connect({
      port: server.address().port,
      onread: {
        buffer: Array.isArray(buffers) ? () => buffers[turn++ % buffers.length] : buffers,
        callback(count, buffer) {
          const known = Array.isArray(buffers) ? buffers.indexOf(buffer) : buffer === buffers;
          console.log(`[${name}]`, count, known, String(buffer.subarray(0, count)));
          return onPiece?.call(this, count);
        },
      },
    });
    socket.on('end', () => console.log(`[${name}] end ${socket.bytesRead}`));
  });
};

let isPaused = false;
function pause(stop) {
  if (isPaused) console.log('called in a pause');
  isPaused = true;
  setTimeout(() => {
    isPaused = false;
    this.resume();
  }, 5);
  return stop(this);
}

fill('one', Buffer.alloc(10), undefined, () =>
  fill('two', [Buffer.alloc(7), Buffer.alloc(3)], undefined, () =>
    fill(
      'pause',
      Buffer.alloc(12),
      function () {
        return pause.call(this, (socket) => void socket.pause());
      },
      () =>
        fill('false', Buffer.alloc(12), function () {
          return pause.call(this, () => false);
        }),
    ),
  ),
);
