// Our own tls and crypto in place of a real Node's (`src/node/hosted`), forced on it: they talk to themselves, to plain
// Node.js and to OpenSSL, with mutual TLS.
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { ec, rsa } from '../../src/sandbox/probe/keys.js';

const engine = fileURLToPath(new URL('../../.build/engine/', import.meta.url));
let folder: string;

const SERVER = `
import { readFileSync } from 'node:fs';
import tls from 'node:tls';
const read = (name) => readFileSync(new URL(name, import.meta.url));
const [who] = process.argv.slice(2);
const server = tls.createServer(
  { key: read(who + '.key'), cert: read(who + '.pem'), ca: [read('rsa.pem'), read('ec.pem')], requestCert: true },
  (socket) => socket.end('hello ' + socket.getPeerCertificate().subject.CN + ' ' + socket.getProtocol()),
);
server.on('tlsClientError', ({ code }) => console.log('refused ' + code));
server.listen(0, '127.0.0.1', () => console.log('port ' + server.address().port));
`;

const CLIENT = `
import { readFileSync } from 'node:fs';
import tls from 'node:tls';
const read = (name) => readFileSync(new URL(name, import.meta.url));
const [port, who] = process.argv.slice(2);
const identity = who === 'nobody' ? {} : { key: read(who + '.key'), cert: read(who + '.pem') };
const socket = tls.connect({
  port: Number(port), host: '127.0.0.1', servername: 'probe.example', ca: [read('rsa.pem'), read('ec.pem')], ...identity,
});
socket.on('error', ({ code }) => console.log('error ' + code));
for await (const bytes of socket) console.log(Buffer.isBuffer(bytes), String(bytes));
console.log('over');
`;

before(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'handfast-own-tls-'));
  copyFileSync(path.join(engine, 'container-tls.js'), path.join(folder, 'own.mjs'));
  writeFileSync(path.join(folder, 'server.mjs'), SERVER);
  writeFileSync(path.join(folder, 'client.mjs'), CLIENT);
  for (const [name, { key, cert }] of Object.entries({ rsa, ec })) {
    writeFileSync(path.join(folder, `${name}.key`), key);
    writeFileSync(path.join(folder, `${name}.pem`), cert);
  }
});
after(() => rmSync(folder, { recursive: true, force: true }));

type Tls = 'ours' | 'its own';

function node(tls: Tls, ...words: string[]): ChildProcess {
  const preload = tls === 'ours' ? [`--import=${path.join(folder, 'own.mjs')}`] : [];
  return spawn(process.execPath, [...preload, ...words], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

/** All that it prints, when it has ended. */
function output(child: ChildProcess): Promise<string> {
  let text = '';
  child.stdout?.setEncoding('utf8').on('data', (more) => {
    text += more;
  });
  return new Promise((resolve) => child.once('close', () => resolve(text)));
}

/** Serves while the work goes on. `heard` waits until the server has printed what matches. */
async function serving(
  tls: Tls,
  who: string,
  work: (port: string, heard: (words: RegExp) => Promise<RegExpExecArray>) => Promise<void>,
): Promise<void> {
  const server = node(tls, 'server.mjs', who);
  let said = '';
  server.stdout?.setEncoding('utf8').on('data', (more) => {
    said += more;
  });
  const heard = async (words: RegExp) => {
    for (;;) {
      const found = words.exec(said);
      if (found) return found;
      if (server.exitCode !== null) assert.fail(`The server has ended, and said: ${said}`);
      await Promise.race([once(server.stdout as Readable, 'data'), once(server, 'close')]);
    }
  };
  try {
    await work((await heard(/^port (\d+)/))[1], heard);
  } finally {
    server.kill();
  }
}

test('it is ours, not that Node’s, which is in place', async () => {
  const program =
    'import tls from "node:tls"; import { createSign } from "node:crypto"; console.log(String(tls.connect).length, String(createSign).length)';
  const [ours, theirs] = await Promise.all([
    output(node('ours', '--input-type=module', '-e', program)),
    output(node('its own', '--input-type=module', '-e', program)),
  ]);
  const [own, real] = [ours, theirs].map((text) => text.trim().split(' '));
  assert.notEqual(own[0], real[0]);
  assert.notEqual(own[1], real[1]);
});

for (const [server, client] of [
  ['ours', 'ours'],
  ['ours', 'its own'],
  ['its own', 'ours'],
] as const) {
  for (const [who, caller] of [
    ['rsa', 'ec'],
    ['ec', 'rsa'],
  ] as const) {
    test(`mutual TLS, server with ${server} (${who}), client with ${client} (${caller})`, async () => {
      await serving(server, who, async (port) => {
        assert.equal(
          await output(node(client, 'client.mjs', port, caller)),
          `true hello probe-${caller} TLSv1.3\nover\n`,
        );
      });
    });
  }

  test(`a caller without a certificate is refused, server with ${server}, client with ${client}`, async () => {
    await serving(server, 'ec', async (port, heard) => {
      const seen = await output(node(client, 'client.mjs', port, 'nobody'));
      assert.match(seen, /error ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED/);
      assert.doesNotMatch(seen, /hello/);
      await heard(/refused ERR_SSL_PEER_DID_NOT_RETURN_A_CERTIFICATE/);
    });
  });
}

test('who is told of a server’s port can call it at once', async () => {
  const caller = `require('node:net').connect(Number(process.argv[1]), '127.0.0.1', () => process.exit()).on('error', ({ code }) => console.log(code))`;
  const program = `
    import { spawnSync } from 'node:child_process';
    import tls from 'node:tls';
    const server = tls.createServer().listen(0, '127.0.0.1', () => {
      const { status, stdout } = spawnSync(process.execPath, ['-e', ${JSON.stringify(caller)}, String(server.address().port)]);
      console.log('called', status, String(stdout));
      process.exit();
    });`;
  assert.equal(await output(node('ours', '--input-type=module', '-e', program)), 'called 0 \n');
});

test('OpenSSL calls a server with ours, with its certificate', async () => {
  await serving('ours', 'rsa', async (port) => {
    const words = [
      's_client',
      '-connect',
      `127.0.0.1:${port}`,
      '-cert',
      'ec.pem',
      '-key',
      'ec.key',
      '-CAfile',
      'rsa.pem',
    ];
    const seen = await output(
      spawn('openssl', [...words, '-quiet', '-verify_return_error'], {
        cwd: folder,
        stdio: ['pipe', 'pipe', 'ignore'],
      }),
    );
    assert.match(seen, /hello probe-ec TLSv1\.3/);
  });
});
