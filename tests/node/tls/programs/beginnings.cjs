// How a connection begins: a bare TLSSocket whose first write says hello, an empty write that waits for the handshake,
// and the name that a server knows of a client whom it refuses.
const { ca, server, done, tls, ecdhCurve } = require('./scenario.cjs');

const events = ['connect', 'secure', 'secureConnect', 'finish', 'end', 'close', 'error'];
const follow = (name, socket) => {
  for (const event of events)
    socket.on(event, (value) => console.log(`[${name}] ${event} ${value?.code ?? value?.message ?? value}`));
};

const serve = (options, onSecure) =>
  new Promise((resolve) => {
    const listener = tls.createServer({ ...server, ecdhCurve, ...options }, onSecure);
    listener.listen(0, '127.0.0.1', () => resolve(listener));
  });
const closed = (emitter) => new Promise((resolve) => emitter.on('close', resolve));

async function bareSocket() {
  const listener = await serve({}, (socket) => {
    let text = '';
    socket.on('data', (data) => (text += data));
    socket.on('end', () => {
      console.log('[bare server] read', text);
      socket.end();
    });
  });
  const socket = new tls.TLSSocket(undefined, { ecdhCurve });
  follow('bare', socket);
  socket.resume();
  socket.connect(listener.address().port, '127.0.0.1', () => socket.end('hello'));
  await closed(socket);
  await new Promise((resolve) => listener.close(resolve));
}

async function emptyWrite(write) {
  const listener = await serve({}, (socket) => {
    socket.resume();
    socket.on('end', () => socket.end());
  });
  const socket = tls.connect({
    port: listener.address().port,
    host: '127.0.0.1',
    servername: 'localhost',
    ca,
    ecdhCurve,
  });
  follow(`empty ${write}`, socket);
  socket.resume();
  if (write === 'end') socket.end('');
  else socket.write('', () => socket.end(() => console.log('[empty write] ended')));
  await closed(socket);
  await new Promise((resolve) => listener.close(resolve));
}

async function refusedName(name, choose) {
  const listener = await serve({ SNICallback: choose }, (socket) => {
    console.log(`[${name}] secure ${socket.servername}`);
    socket.end();
  });
  listener.on('tlsClientError', (error, socket) =>
    console.log(`[${name}] ${error.message} ${socket.servername}`),
  );
  const socket = tls.connect({
    port: listener.address().port,
    host: '127.0.0.1',
    servername: name,
    ca,
    ecdhCurve,
  });
  socket.resume();
  socket.on('error', (error) => console.log(`[${name}] client ${error.code} ${error.message}`));
  await closed(socket);
  await new Promise((resolve) => listener.close(resolve));
}

async function main() {
  await bareSocket();
  await emptyWrite('end');
  await emptyWrite('write');
  await refusedName('no.example', (_, callback) => callback(new Error('nobody of that name')));
  await refusedName('odd.example', (_, callback) => callback(null, {}));
  await refusedName('localhost', (_, callback) => callback(null, undefined));
}
main().then(done);
