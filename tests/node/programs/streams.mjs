import {
  captureRejectionSymbol,
  EventEmitter,
  errorMonitor,
  getEventListeners,
  once,
  setMaxListeners,
} from 'node:events';
import {
  addAbortSignal,
  compose,
  Duplex,
  finished,
  PassThrough,
  pipeline,
  Readable,
  Transform,
  Writable,
} from 'node:stream';
import { buffer, json, text } from 'node:stream/consumers';
import * as sp from 'node:stream/promises';

const attempt = async (name, body) => {
  try {
    console.log(name, await body());
  } catch (e) {
    console.log(name, e.name, e.code, e.message);
  }
};
await attempt('pipeline', async () => {
  const out = [];
  await sp.pipeline(
    Readable.from(['a', 'b']),
    new Transform({
      transform(c, _, cb) {
        cb(null, String(c).toUpperCase());
      },
    }),
    async function* (s) {
      for await (const c of s) yield `${c}!`;
    },
    new Writable({
      write(c, _, cb) {
        out.push(String(c));
        cb();
      },
    }),
  );
  return out;
});
await attempt('error', () =>
  sp.pipeline(
    new Readable({
      read() {
        this.destroy(new Error('bad'));
      },
    }),
    new PassThrough(),
  ),
);
await attempt('premature', () =>
  sp.finished(
    new Readable({
      read() {
        this.destroy();
      },
    }).resume(),
  ),
);
await attempt(
  'write after end',
  () =>
    new Promise((_, j) => {
      const w = new PassThrough();
      w.end();
      w.on('error', j);
      w.write('x');
    }),
);
await attempt('null write', () => new PassThrough().write(null));
await attempt('bad chunk', () => new PassThrough().write(5));
await attempt('operators', () =>
  Readable.from([1, 2, 3, 4])
    .filter((x) => x % 2)
    .map(async (x) => x * 10)
    .toArray(),
);
await attempt('more operators', async () => [
  await Readable.from([1, 2, 3]).reduce((a, b) => a + b),
  await Readable.from([1, 2, 3]).some((x) => x > 2),
  await Readable.from([1, 2, 3]).take(2).toArray(),
  await Readable.from([1, 2, 3]).drop(1).toArray(),
  await Readable.from([1, [2, 3]])
    .flatMap((x) => x)
    .toArray(),
  await Readable.from([4, 5]).find((x) => x > 4),
]);
await attempt('consumers', async () => [
  await text(Readable.from(['x', 'y'])),
  await json(Readable.from(['{"a":', '1}'])),
  await buffer(Readable.from([Buffer.from('b')])),
]);
await attempt('events order', async () => {
  const log = [];
  const r = new Readable({
    highWaterMark: 2,
    read() {
      log.push('read');
    },
  });
  r.on('readable', () => log.push(`readable ${r.read()}`));
  r.on('end', () => log.push('end'));
  r.on('close', () => log.push('close'));
  r.push('a');
  r.push('b');
  setImmediate(() => {
    r.push('c');
    r.push(null);
  });
  await once(r, 'close');
  return log;
});
await attempt('backpressure', async () => {
  const log = [];
  const w = new Writable({
    highWaterMark: 3,
    write(c, _, cb) {
      log.push(`w${c}`);
      setImmediate(cb);
    },
    final(cb) {
      log.push('final');
      cb();
    },
  });
  log.push(w.write('ab'), w.write('cd'), w.writableLength, w.writableNeedDrain);
  w.on('drain', () => log.push('drain'));
  w.on('finish', () => log.push('finish'));
  await once(w, 'drain');
  w.end('e', () => log.push('end cb'));
  await once(w, 'close');
  return log;
});
await attempt('cork writev', async () => {
  const w = new Writable({
    writev(c, cb) {
      console.log(
        'writev',
        c.map((x) => String(x.chunk)),
      );
      cb();
    },
  });
  w.cork();
  w.write('1');
  w.write('2');
  process.nextTick(() => w.uncork());
  w.end('3');
  await sp.finished(w);
});
await attempt('objectMode', async () => {
  const t = new Transform({
    objectMode: true,
    transform(o, _, cb) {
      this.push({ ...o, t: 1 });
      cb();
    },
    flush(cb) {
      this.push({ last: true });
      cb();
    },
  });
  t.end({ a: 1 });
  return t.toArray();
});
await attempt('destroy', async () => {
  const d = new Duplex({
    read() {},
    write(c, e, cb) {
      cb();
    },
  });
  const seen = [];
  d.on('error', (e) => seen.push(e.message)).on('close', () => seen.push('close'));
  d.destroy(new Error('why'));
  await new Promise((r) => d.on('close', r));
  return [seen, d.destroyed, d.errored.message, d.closed];
});
await attempt('abort', async () => {
  const ac = new AbortController();
  const r = addAbortSignal(ac.signal, new Readable({ read() {} }));
  setTimeout(() => ac.abort(), 1);
  for await (const _ of r);
});
await attempt('iterator break', async () => {
  const r = Readable.from([1, 2, 3]);
  for await (const x of r) {
    if (x === 2) break;
  }
  return r.destroyed;
});
await attempt('compose', async () =>
  text(
    compose(Readable.from(['a']), async function* (s) {
      for await (const c of s) yield `${c}${c}`;
    }),
  ),
);
await attempt('web', async () => {
  const w = Readable.toWeb(Readable.from(['web']));
  const back = Readable.fromWeb(
    new ReadableStream({
      start(c) {
        c.enqueue('fw');
        c.close();
      },
    }),
  );
  return [w.constructor.name, await text(back)];
});
await attempt('unpipe', async () => {
  const a = new PassThrough(),
    b = new PassThrough();
  const log = [];
  b.on('pipe', () => log.push('pipe')).on('unpipe', () => log.push('unpipe'));
  a.pipe(b);
  a.unpipe(b);
  return log;
});
await attempt('encoding', async () => {
  const r = new Readable({ read() {} });
  r.setEncoding('utf8');
  r.push(Buffer.from([0xe2, 0x82]));
  r.push(Buffer.from([0xac]));
  r.push(null);
  return r.toArray();
});
finished(Readable.from([]).resume(), (e) => console.log('finished', e));
pipeline(Readable.from(['x']), new PassThrough(), (e) => console.log('pipeline cb', e)).resume();
const e = new EventEmitter({ captureRejections: true });
e.on('error', (x) => console.log('captured', x.message));
e.on('a', async () => {
  throw new Error('async');
});
e.emit('a');
e.once('b', function (...args) {
  console.log('b', args, this === e);
});
console.log(e.emit('b', 1), e.emit('b'), e.eventNames(), e.listenerCount('a'), e.rawListeners('a').length);
const m = new EventEmitter();
for (let i = 0; i < 11; i++) m.on('x', () => {});
for (const body of [
  () => new EventEmitter().emit('error', new Error('unhandled')),
  () => new EventEmitter().emit('error', { a: 1 }),
  () => new EventEmitter().emit('error'),
  () => e.on('x', 5),
  () => e.setMaxListeners(-1),
  () => setMaxListeners('x'),
  () => new EventTarget().dispatchEvent({}),
  () => new Writable({ highWaterMark: -1 }),
])
  try {
    console.log(body());
  } catch (err) {
    console.log(err.name, err.code, err.message);
  }
const et = new EventTarget();
et.addEventListener('foo', (ev) => console.log(ev.type, ev.target === et, ev.defaultPrevented), {
  once: true,
});
et.dispatchEvent(new Event('foo'));
et.dispatchEvent(new Event('foo'));
const prepend = new EventEmitter();
prepend.on('p', () => console.log('second'));
prepend.prependListener('p', () => console.log('first'));
prepend.emit('p');
prepend.on('newListener', (n) => console.log('new', n));
prepend.on('q', () => {});
console.log(getEventListeners(prepend, 'p').length, typeof errorMonitor, String(captureRejectionSymbol));
