// The global fetch: requests, replies, bodies, redirects, refusals, and an end that comes by itself.
import http from 'node:http';
import net from 'node:net';

// `localhost` has two addresses, and a busy machine is no reason to try the second as well.
net.setDefaultAutoSelectFamilyAttemptTimeout(60_000);

const show = (value) => console.log(value);
const seen = [];
const server = http.createServer(async (request, response) => {
  const { pathname, searchParams } = new URL(request.url, 'http://localhost');
  // One that is given up soon may or may not have come this far.
  if (pathname !== '/hang') seen.push(`${request.method} ${request.url}`);
  const body = Buffer.concat(await request.toArray());
  switch (pathname) {
    case '/echo':
      response.setHeader('content-type', 'application/json');
      return response.end(
        JSON.stringify({
          method: request.method,
          headers: request.rawHeaders.map(hide),
          body: body.toString('latin1'),
        }),
      );
    case '/redirect':
      response.writeHead(Number(searchParams.get('status')), { location: searchParams.get('to') ?? '/echo' });
      return response.end('gone');
    case '/loop':
      return response.writeHead(302, { location: '/loop' }).end();
    case '/cookies':
      response.setHeader('set-cookie', ['a=1; HttpOnly', 'b=2']);
      response.setHeader('x-twice', ['one', 'two']);
      return response.end('cookies');
    case '/stream':
      response.write('one ');
      await new Promise((resolve) => setImmediate(resolve));
      response.write('two ');
      return response.end('three');
    case '/cut':
      response.writeHead(200, { 'content-length': 100 });
      response.write('part');
      return setImmediate(() => response.destroy());
    case '/hang':
      return undefined;
    case '/status':
      return response.writeHead(Number(searchParams.get('of')), 'As Asked').end();
    case '/json-not':
      return response.end('{"a":');
    case '/close':
      return request.socket.destroy();
    default:
      return response.writeHead(404).end('nothing here');
  }
});
const hide = (text) =>
  text.replace(/localhost:\d+/, 'localhost:PORT').replace(/(formdata-undici-0)\d+/g, '$1N');
await new Promise((resolve) => server.listen(0, resolve));
const at = `http://localhost:${server.address().port}`;

async function attempt(name, doing) {
  try {
    show([name, await doing()]);
  } catch (error) {
    const { cause } = error;
    show([name, error.constructor.name, error.name, error.message.replaceAll(at, 'AT'), error.code]);
    if (cause)
      show([
        name,
        cause.constructor.name,
        cause.name,
        cause.code,
        cause.message.replace(/:\d{4,5}/g, ':PORT').replaceAll(at, 'AT'),
      ]);
  }
}
const echo = async (init, path = '/echo') => {
  const reply = await (await fetch(at + path, init)).json();
  reply.body = hide(reply.body).replace(/\d{11}/g, 'N');
  reply.headers = reply.headers.map((text) => text.replace(/\d{11}/g, 'N'));
  return reply;
};

await attempt('get', () => echo());
await attempt('string', () => echo({ method: 'POST', body: 'päge' }));
await attempt('bytes', () => echo({ method: 'PUT', body: new Uint8Array([1, 2, 255]) }));
await attempt('params', () =>
  echo({
    method: 'POST',
    body: new URLSearchParams([
      ['a', 'b c'],
      ['d', 'é&'],
    ]),
  }),
);
await attempt('blob', () => echo({ method: 'POST', body: new Blob(['x', 'y'], { type: 'text/x' }) }));
await attempt('stream', () =>
  echo({
    method: 'POST',
    duplex: 'half',
    body: new ReadableStream({
      start(controller) {
        controller.enqueue(new TextEncoder().encode('from '));
        controller.enqueue(new TextEncoder().encode('a stream'));
        controller.close();
      },
    }),
  }),
);
await attempt('stream without duplex', () => echo({ method: 'POST', body: new ReadableStream() }));
await attempt('form', async () => {
  const form = new FormData();
  form.append('name', 'Ana');
  form.append('file', new Blob(['content'], { type: 'text/plain' }), 'a.txt');
  return echo({ method: 'POST', body: form });
});
await attempt('headers', () =>
  echo({
    headers: { Authorization: 'Bearer abc', 'X-One': '1', 'user-agent': 'me', accept: 'application/json' },
  }),
);
await attempt('bad header', () => echo({ headers: { 'bad name': '1' } }));
await attempt('bad value', () => echo({ headers: { name: 'a\nb' } }));
await attempt('get with a body', () => echo({ body: 'x' }));
await attempt('bad method', () => echo({ method: 'CONNECT' }));
await attempt('lower case', () => echo({ method: 'post', body: '' }));
await attempt('a Request', async () => {
  const request = new Request(`${at}/echo`, { method: 'POST', body: 'q', headers: [['a', 'b']] });
  show([
    request.method,
    request.url.replace(at, 'AT'),
    [...request.headers],
    request.redirect,
    request.credentials,
    request.mode,
  ]);
  return (await fetch(request)).status;
});
for (const status of [301, 302, 303, 307, 308]) {
  await attempt(`redirect ${status}`, () =>
    echo({ method: 'POST', body: 'data' }, `/redirect?status=${status}`),
  );
}
await attempt('manual', async () => {
  const reply = await fetch(`${at}/redirect?status=302&to=/elsewhere?code=1`, { redirect: 'manual' });
  return [
    reply.status,
    reply.headers.get('location'),
    reply.type,
    reply.redirected,
    reply.ok,
    await reply.text(),
  ];
});
await attempt('error', () => echo({ redirect: 'error' }, '/redirect?status=302'));
await attempt('followed', async () => {
  const reply = await fetch(`${at}/redirect?status=302&to=/status?of=204`);
  return [reply.status, reply.url.replace(at, 'AT'), reply.redirected, reply.statusText, reply.body];
});
await attempt('loop', () => fetch(`${at}/loop`));
await attempt('cookies', async () => {
  const reply = await fetch(`${at}/cookies`);
  return [
    reply.headers.getSetCookie(),
    reply.headers.get('set-cookie'),
    reply.headers.get('X-Twice'),
    reply.headers.has('nothing'),
  ];
});
await attempt('streamed', async () => {
  const reply = await fetch(`${at}/stream`);
  let text = '';
  for await (const chunk of reply.body) text += Buffer.from(chunk);
  return [text, reply.bodyUsed];
});
await attempt('reader', async () => {
  const reader = (await fetch(`${at}/stream`)).body.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  for (let next = await reader.read(); !next.done; next = await reader.read()) text += next.value;
  return text;
});
await attempt('read twice', async () => {
  const reply = await fetch(`${at}/stream`);
  const copy = reply.clone();
  show([await reply.text(), (await copy.arrayBuffer()).byteLength]);
  return reply.text();
});
await attempt('bytes and blob', async () => [
  await (await fetch(`${at}/stream`)).bytes(),
  (await (await fetch(`${at}/stream`)).blob()).size,
]);
await attempt('no JSON', async () => (await fetch(`${at}/json-not`)).json());
await attempt('cut', async () => (await fetch(`${at}/cut`)).text());
await attempt('closed', () => fetch(`${at}/close`));
await attempt('status', async () => {
  const reply = await fetch(`${at}/status?of=404`);
  return [reply.status, reply.ok, reply.statusText];
});
await attempt('head', async () => {
  const reply = await fetch(`${at}/nothing`, { method: 'HEAD' });
  return [reply.status, await reply.text()];
});
await attempt('refused', () => fetch('http://127.0.0.1:9/'));
await attempt('refused on two addresses', () => fetch('http://localhost:64999/'));
await attempt('no such name', () => fetch('http://nowhere.example/'));
await attempt('bad port', () => fetch('http://localhost:25/'));
await attempt('no URL', () => fetch('nonsense'));
await attempt('credentials', () => fetch('http://user:secret@localhost/'));
await attempt('scheme', () => fetch('ftp://localhost/'));
await attempt('nothing', () => fetch());
await attempt('data', async () => (await fetch('data:text/plain;base64,aGk=')).text());
await attempt('timeout', () => fetch(`${at}/hang`, { signal: AbortSignal.timeout(30) }));
await attempt('aborted before', () => fetch(`${at}/hang`, { signal: AbortSignal.abort() }));
await attempt('aborted with a reason', () =>
  fetch(`${at}/hang`, { signal: AbortSignal.abort(new Error('my reason')) }),
);
await attempt('aborted later', () => {
  const controller = new AbortController();
  server.once('request', () => setImmediate(() => controller.abort()));
  return fetch(`${at}/hang`, { signal: controller.signal });
});
await attempt('many', async () => {
  const replies = await Promise.all(
    Array.from({ length: 12 }, (_, index) => fetch(`${at}/status?of=${200 + index}`)),
  );
  return replies.map(({ status }) => status).join(' ');
});

// The classes by themselves.
show(new Headers({ B: '2', a: '1' }));
show([
  ...new Headers([
    ['x', '1'],
    ['X', '2'],
  ]),
]);
show(Response.json({ a: 1 }).headers.get('content-type'));
show(await new Response('text').text());
show(Response.redirect('http://localhost/there', 303).headers.get('location'));
show(Response.error().type);
await attempt('bad status', () => new Response('', { status: 700 }));
show(new Response('body', { status: 201, headers: { a: 'b' } }));
const form = new FormData();
form.set('a', '1');
form.append('a', '2');
show([form.get('a'), form.getAll('a'), [...form.keys()]]);
show(form);
show([
  typeof fetch,
  fetch.name,
  fetch.length,
  Object.keys(globalThis).includes('fetch'),
  Object.keys(globalThis).includes('Headers'),
]);
show([
  Object.prototype.toString.call(new Headers()),
  Headers.name,
  String(new Request(at)).replace(at, 'AT'),
]);
show(seen.length);
server.close(() => show('closed'));
process.on('exit', (code) => show(`exit ${code}`));
