// AsyncLocalStorage through `await`, as a server does it that gives each request an identity.
import { AsyncLocalStorage } from 'node:async_hooks';
import http from 'node:http';
import { Readable } from 'node:stream';
import timers from 'node:timers/promises';
import { inner } from './context/inner.cjs';

const store = new AsyncLocalStorage();
const say = (...words) => console.log(...words, store.getStore());
globalThis.say = say;

await Promise.all(
  ['a', 'b'].map((id) =>
    store.run(id, async () => {
      say('before');
      await null;
      say('after null');
      await timers.setImmediate();
      say('after an immediate');
      try {
        await Promise.reject(new Error('no'));
      } catch (error) {
        say(error.message);
      } finally {
        say('finally');
      }
      for await (const part of Readable.from(['x', 'y'])) say(part);
      for await (const part of ['p', Promise.resolve('q')]) say(part);
      await (say('a sequence'), inner());
      say('after a function of another file', await (async () => (await 1) + 1)());
      const exits = await store.run('inside', async () => {
        await null;
        return store.getStore();
      });
      say(exits);
      await { then: (done) => done('a thenable') };
      say('after a thenable');
      store.exit(() => queueMicrotask(() => say('outside')));
      await new Promise((resolve) => setImmediate(resolve));
      say('end');
    }),
  ),
);
say('top');

// A generator that is left early is told so, in the context of whoever left.
async function* numbers() {
  try {
    yield 1;
    yield 2;
  } finally {
    await null;
    say('left');
  }
}
await store.run('c', async () => {
  await timers.setTimeout(1);
  say('after a timer');
  for await (const number of numbers()) {
    say(number);
    break;
  }
  say('after the loop');
});

const server = http.createServer((request, response) =>
  store.run(request.url, async () => {
    let size = 0;
    for await (const part of request) size += part.length;
    await null;
    say(`server: ${size} bytes,`);
    response.end('ok');
  }),
);
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
for (const id of ['/first', '/second']) {
  await store.run(id, async () => {
    const response = await new Promise((resolve) => {
      const { port } = server.address();
      const options = { agent, port, host: '127.0.0.1', path: id, method: 'POST' };
      const request = http.request(options, (message) => {
        say('client: response');
        resolve(message);
      });
      request.end('body');
    });
    response.on('end', () => say('client: end'));
    for await (const part of response) say(`client: ${part}`);
  });
}
agent.destroy();
server.close();
