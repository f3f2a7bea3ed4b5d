/**
 * The program that BoringSSL's BoGo runs as the implementation under test: it understands BoGo's flags, connects to the
 * runner and lets our engine speak. Exit 89 says that a flag asks for something we do not have.
 *
 *   runner -shim-path node -shim-extra-flags …/shim.ts -loose-errors -allow-unimplemented
 */
import { readFileSync } from 'node:fs';
import net from 'node:net';
import {
  createTlsClient,
  createTlsServer,
  defaultSignatureSchemes,
  type Identity,
  NamedGroup,
  SignatureScheme,
  type TlsConnection,
  type TlsEvent,
} from '../../../src/tls/index.ts';
import { readPem, readPrivateKeyPem } from '../../../src/x509/index.ts';

const UNIMPLEMENTED = 89;

function unimplemented(what: string): never {
  process.stderr.write(`UNIMPLEMENTED ${what}\n`);
  process.exit(UNIMPLEMENTED);
}

const VALUED = new Set(
  `port shim-id key-file cert-file min-version max-version expect-version resume-count host-name expect-server-name
  advertise-alpn select-alpn expect-alpn export-keying-material export-label export-context trust-cert curves
  verify-prefs signing-prefs expect-curve-id expect-peer-signature-algorithm max-send-fragment
  expect-peer-verify-pref expect-certificate-types read-size`.split(/\s+/),
);
const FLAGS = new Set(
  `server shim-writes-first shim-shuts-down check-close-notify require-any-client-certificate verify-peer
  use-export-context ipv6 no-tls1 no-tls11 no-tls12 no-tls13 expect-hrr expect-no-hrr decline-alpn no-ticket key-update
  expect-no-session-id expect-session-id reject-alpn expect-no-session no-check-client-certificate-type
  no-check-ecdsa-curve expect-no-offer-early-data wait-for-debugger expect-extended-master-secret
  expect-secure-renegotiation install-ddos-callback async implicit-handshake verify-fail
  use-early-callback enable-grease`.split(/\s+/),
);
const LISTS = new Set(['curves', 'verify-prefs', 'signing-prefs', 'expect-peer-verify-pref']);

if (process.argv.includes('-is-handshaker-supported')) {
  console.log('No');
  process.exit(0);
}

const values: Record<string, string> = {};
const lists: Record<string, number[]> = {};
const flags = new Set<string>();
const args = process.argv.slice(2);
for (let index = 0; index < args.length; index++) {
  let name = args[index].replace(/^--?/, '');
  if (name.startsWith('on-initial-')) name = name.slice('on-initial-'.length);
  else if (/^on-(resume|retry)-/.test(name)) {
    unimplemented(name);
  }
  if (VALUED.has(name)) {
    index += 1;
    if (LISTS.has(name)) {
      lists[name] ??= [];
      lists[name].push(Number(args[index]));
    } else values[name] = args[index];
  } else if (FLAGS.has(name)) flags.add(name);
  else unimplemented(name);
}
if (Number(values['resume-count'] ?? 0) > 0) unimplemented('resumption');
if (Number(values['max-version'] ?? 0x304) < 0x304 || flags.has('no-tls13'))
  unimplemented('versions before 1.3');
if (flags.has('verify-fail')) unimplemented('judging certificates');
if (flags.has('enable-grease')) unimplemented('GREASE');
if (values['read-size']) unimplemented('read-size');

const knownGroups: number[] = [
  NamedGroup.x25519,
  NamedGroup.secp256r1,
  NamedGroup.secp384r1,
  NamedGroup.secp521r1,
];
// BoringSSL offers no P-521 unless asked.
const groups = lists.curves ?? knownGroups.slice(0, 3);
if (groups.some((id) => !knownGroups.includes(id))) unimplemented('group');

function fail(message: string): void {
  process.stderr.write(`${message}\n`);
  setTimeout(() => process.exit(1), 20);
}

function alpnList(wire: string): string[] {
  const names: string[] = [];
  for (let at = 0; at < wire.length; at += 1 + wire.charCodeAt(at))
    names.push(wire.slice(at + 1, at + 1 + wire.charCodeAt(at)));
  return names;
}

let identity: Identity | undefined;
if (values['key-file'] && values['cert-file']) {
  try {
    identity = {
      certificates: readPem(readFileSync(values['cert-file'], 'utf8')).map(({ bytes }) => bytes),
      privateKey: readPrivateKeyPem(readFileSync(values['key-file'], 'utf8')),
    };
  } catch (error) {
    unimplemented(`key: ${error}`);
  }
}

// Names come as bytes; Node reads arguments as UTF-8.
const latin1 = (text: string) => Buffer.from(text, 'utf8').toString('latin1');
const alpn = values['advertise-alpn']
  ? alpnList(latin1(values['advertise-alpn']))
  : values['select-alpn']
    ? [latin1(values['select-alpn'])]
    : flags.has('reject-alpn')
      ? ['\0none']
      : undefined;

async function dial(): Promise<net.Socket> {
  const connect = (host: string) =>
    new Promise<net.Socket>((resolve, reject) => {
      const socket = net.connect({ port: Number(values.port), host });
      socket.once('connect', () => {
        socket.removeAllListeners('error');
        resolve(socket);
      });
      socket.once('error', reject);
    });
  return connect('::1').catch(() => connect('127.0.0.1'));
}

const socket = await dial();
socket.setNoDelay(true);
if (values['shim-id'] !== undefined) {
  const id = Buffer.alloc(8);
  id.writeBigUInt64LE(BigInt(values['shim-id']));
  socket.write(id);
}

let connection: TlsConnection;
let done = false;

function flush(): void {
  const output = connection.takeOutput();
  if (output.length) socket.write(output);
}

function onEvent(event: TlsEvent): void {
  if (event.type === 'error') {
    done = true;
    queueMicrotask(() => {
      flush();
      socket.end();
      const { error } = event;
      fail(
        `${error.reason} ${error.message} ${error.fault === 'Internal' ? (error.cause as Error)?.stack : ''}`,
      );
    });
  } else if (event.type === 'secure') onSecure();
  else if (event.type === 'data') connection.write(event.bytes.map((byte) => byte ^ 0xff));
  else if (event.type === 'close-notify') {
    done = true;
    queueMicrotask(() => {
      connection.close();
      flush();
      socket.end();
      setTimeout(() => process.exit(0), 20);
    });
  }
}

function expectation(): string | undefined {
  const { result } = connection;
  if (!result) return 'no result';
  const expected = (name: string, actual: unknown) =>
    values[name] !== undefined && String(values[name]) !== String(actual) ? `${name}: ${actual}` : undefined;
  const peerScheme = flags.has('server') ? result.signatureScheme.client : result.signatureScheme.server;
  return (
    expected('expect-version', 0x0304) ??
    expected('expect-alpn', result.alpn || '') ??
    expected('expect-server-name', result.serverName) ??
    expected('expect-curve-id', result.group?.id) ??
    expected('expect-peer-signature-algorithm', peerScheme?.id) ??
    (flags.has('expect-hrr') && !result.helloRetried ? 'no hrr' : undefined) ??
    (flags.has('expect-no-hrr') && result.helloRetried ? 'hrr' : undefined)
  );
}

function onSecure(): void {
  if (done) return;
  const problem = expectation();
  if (problem) {
    fail(`BAD ${problem}`);
    return;
  }
  if (values['export-keying-material']) {
    const context = flags.has('use-export-context')
      ? Buffer.from(values['export-context'] ?? '', 'utf8')
      : undefined;
    const length = Number(values['export-keying-material']);
    connection.write(connection.exportKeyingMaterial(latin1(values['export-label'] ?? ''), context, length));
  }
  if (flags.has('key-update')) connection.updateKeys(false);
  if (flags.has('shim-writes-first')) connection.write(Buffer.from('hello'));
  if (flags.has('shim-shuts-down') || flags.has('check-close-notify')) connection.close();
  flush();
  if (flags.has('shim-shuts-down') && !flags.has('check-close-notify')) {
    socket.end();
    setTimeout(() => process.exit(0), 20);
  }
}

const verifyPrefs = lists['verify-prefs'];
const signingPrefs = lists['signing-prefs'];
// One list serves both in our engine; BoGo sets them apart only in tests of one or the other.
const schemes =
  verifyPrefs ?? signingPrefs ?? defaultSignatureSchemes.filter((id) => id !== SignatureScheme.ed25519);
const common = {
  now: () => Date.now(),
  random: (bytes: Uint8Array) => void crypto.getRandomValues(bytes as Uint8Array<ArrayBuffer>),
  identity,
  groups,
  signatureSchemes: schemes,
  alpn: flags.has('decline-alpn') ? undefined : alpn,
  onEvent,
};
if (flags.has('server')) {
  connection = createTlsServer({
    ...common,
    requestCertificate: flags.has('require-any-client-certificate') || flags.has('verify-peer'),
    requireCertificate: flags.has('require-any-client-certificate'),
  });
} else {
  connection = createTlsClient({ ...common, serverName: values['host-name'] });
  connection.start();
}
flush();
socket.on('data', (chunk) => {
  connection.receive(chunk);
  flush();
});
socket.on('error', () => {});
socket.on('close', () => {
  if (!done) fail('unexpected EOF');
});
