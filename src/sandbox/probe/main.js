/**
 * Asks a Node.js what it can do of all that a lab needs, by doing it; prints one line of JSON. A plain program that runs in every engine: it
 * never hangs, and says of each thing that fails how it failed.
 */
import { ec, rsa } from './keys.js';

/** A thing that takes longer than this does not work. */
const LIMIT_MS = 10_000;

/** @type {Record<string, () => unknown>} */
const questions = {
  async net() {
    const { default: net } = await import('node:net');
    const server = net.createServer((socket) => socket.end('hello'));
    const port = await listening(server);
    try {
      expect(await readAll(net.connect(port, 'localhost')), 'hello');
    } finally {
      server.close();
    }
  },
  async tls() {
    await handshake(rsa, ec);
    await handshake(ec, rsa);
  },
  async 'tls refusal'() {
    const refused = await handshake(ec, undefined).then(
      () => false,
      () => true,
    );
    if (!refused) throw new Error('a client without a certificate was served');
  },
  rsa: () => signing(rsa, 'sha256'),
  ec: () => signing(ec, 'sha256'),
  async 'rsa keys'() {
    const { generateKeyPairSync } = await import('node:crypto');
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    expect(privateKey.asymmetricKeyType, 'rsa');
  },
  async 'ec keys'() {
    const { createPrivateKey, generateKeyPairSync } = await import('node:crypto');
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const jwk = privateKey.export({ format: 'jwk' });
    expect(createPrivateKey({ key: jwk, format: 'jwk' }).asymmetricKeyType, 'ec');
  },
  async X509Certificate() {
    const { createPrivateKey, X509Certificate } = await import('node:crypto');
    for (const { cert, key } of [rsa, ec]) {
      const certificate = new X509Certificate(cert);
      expect(certificate.subjectAltName, 'DNS:probe.example');
      expect(certificate.checkPrivateKey(createPrivateKey(key)), true);
      expect(certificate.verify(certificate.publicKey), true);
    }
  },
  async AsyncLocalStorage() {
    const { AsyncLocalStorage } = await import('node:async_hooks');
    const storage = new AsyncLocalStorage();
    const seen = await storage.run('kept', async () => {
      await new Promise((resolve) => setTimeout(resolve, 1));
      return storage.getStore();
    });
    expect(seen, 'kept');
  },
};

/** @param {unknown} actual @param {unknown} expected */
function expect(actual, expected) {
  if (actual !== expected) throw new Error(`expected ${expected}, got ${actual}`);
}

/** @param {import('node:net').Server} server @returns {Promise<number>} */
function listening(server) {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, () => {
      const address = server.address();
      if (address === null || typeof address === 'string') reject(new Error('it listens on no port'));
      else resolve(address.port);
    });
  });
}

/** @param {import('node:net').Socket} socket @returns {Promise<string>} */
function readAll(socket) {
  return new Promise((resolve, reject) => {
    let text = '';
    socket.setEncoding('utf8');
    socket.on('data', (more) => {
      text += more;
    });
    socket.once('error', reject);
    socket.once('end', () => resolve(text));
  });
}

/**
 * Mutual TLS with itself: each side trusts only the other's certificate.
 * @typedef {{ key: string, cert: string }} Identity
 * @param {Identity} server @param {Identity | undefined} client
 */
async function handshake(server, client) {
  const { default: tls } = await import('node:tls');
  const trusts = [rsa.cert, ec.cert];
  const listener = tls.createServer({ ...server, ca: trusts, requestCert: true }, (socket) => {
    socket.end(`hello ${socket.getPeerCertificate().subject.CN}`);
  });
  const port = await listening(listener);
  try {
    const caller = tls.connect({
      port,
      host: 'localhost',
      servername: 'probe.example',
      ca: trusts,
      ...client,
    });
    const expected = client === rsa ? 'probe-rsa' : 'probe-ec';
    expect(await readAll(caller), `hello ${expected}`);
  } finally {
    listener.close();
  }
}

/** @param {Identity} identity @param {string} digest */
async function signing({ key, cert }, digest) {
  const { createSign, createVerify, X509Certificate } = await import('node:crypto');
  const signature = createSign(digest).update('said').sign(key);
  const { publicKey } = new X509Certificate(cert);
  expect(createVerify(digest).update('said').verify(publicKey, signature), true);
  expect(createVerify(digest).update('else').verify(publicKey, signature), false);
}

/** @param {unknown} problem */
const wordsOf = (problem) => (problem instanceof Error ? problem.message : String(problem)).split('\n')[0];

/** @param {() => unknown} question @returns {Promise<true | string>} `true`, or how it failed */
async function answer(question) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer in ${LIMIT_MS / 1000} seconds`)), LIMIT_MS);
  });
  try {
    await Promise.race([(async () => question())(), late]);
    return true;
  } catch (problem) {
    return wordsOf(problem);
  } finally {
    clearTimeout(timer);
  }
}

/** @type {Record<string, true | string>} */
const answers = {};
for (const [name, question] of Object.entries(questions)) answers[name] = await answer(question);
const report = { node: process.version, openssl: process.versions.openssl ?? '', answers };
// What failed may keep the process alive.
process.stdout.write(`${JSON.stringify(report)}\n`, () => process.exit(0));
