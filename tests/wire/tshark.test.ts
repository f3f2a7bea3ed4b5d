// Wireshark reads the file we write, decrypts it with the keys in it, and sees the same messages as we do.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { Dissector, type Seen, seenBy, type WireMessage, writePcapng } from '../../src/wire/index.ts';
import { play, scenes } from './support/scenes.ts';

const skip =
  spawnSync('tshark', ['--version']).status === 0 ? false : 'tshark is not installed (Debian: tshark)';

const FIELDS = [
  'tcp.srcport',
  'tls.handshake.type',
  'tls.handshake.ciphersuite',
  'tls.handshake.random',
  'tls.alert_message.desc',
  'tcp.flags.str',
  'tcp.checksum.status',
  'tcp.analysis.flags',
  'frame.time_epoch',
  'http.request.method',
  'http.request.uri',
  'http.response.code',
  'http.file_data',
  'ip.src_host',
];

/** One record for each packet. `as`: what is spoken on the servers' port. */
function tshark(file: Uint8Array, as: 'tls' | 'http'): Record<string, string[]>[] {
  const folder = mkdtempSync(path.join(tmpdir(), 'handfast-pcapng-'));
  try {
    const place = path.join(folder, 'lab.pcapng');
    writeFileSync(place, file);
    const options = [
      '-r',
      place,
      '-T',
      'fields',
      '-E',
      'separator=/t',
      '-E',
      'occurrence=a',
      '-E',
      'aggregator=|',
    ];
    const text = execFileSync(
      'tshark',
      [
        ...options,
        '-N',
        'n',
        '-o',
        'tcp.check_checksum:TRUE',
        '-d',
        `tcp.port==8443,${as}`,
        ...FIELDS.flatMap((field) => ['-e', field]),
      ],
      { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'], maxBuffer: 64 * 1024 * 1024 },
    );
    return text
      .trimEnd()
      .split('\n')
      .map((line) => {
        const values = line.split('\t');
        return Object.fromEntries(
          FIELDS.map((field, index) => [
            field,
            (values[index] ?? '').split('|').filter((value) => value !== ''),
          ]),
        );
      });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function messagesOf(seen: readonly Seen[]): WireMessage[] {
  const dissector = new Dissector();
  for (const each of seen) dissector.add(each);
  dissector.work();
  return dissector.connections.flatMap((connection) => seenBy('everything', connection));
}

const keyLogOf = (seen: readonly Seen[]) =>
  seen.flatMap((each) => (each.type === 'keylog' ? [each.line.trim()] : []));
const number = (text: string) => Number(text);

for (const name of Object.keys(scenes)) {
  test(`Wireshark and we agree: ${name}`, { skip }, async () => {
    const seen = await play(name);
    const packets = tshark(
      writePcapng(seen, { keyLog: keyLogOf(seen), comment: name }),
      scenes[name].plain ? 'http' : 'tls',
    );
    const ours = messagesOf(seen);

    for (const sender of ['client', 'server'] as const) {
      const theirs = packets.filter(
        (packet) => (packet['tcp.srcport'][0] === '8443') === (sender === 'server'),
      );
      const all = (field: string) => theirs.flatMap((packet) => packet[field]);
      const mine = ours.filter((message) => message.sender === sender);
      const handshakes = mine.filter((message) => message.kind === 'handshake');
      assert.deepEqual(
        all('tls.handshake.type').map(number),
        handshakes.map(({ bytes }) => bytes[0]),
        `${sender}: handshake messages`,
      );
      const hellos = handshakes.filter(({ bytes }) => bytes[0] <= 2);
      assert.deepEqual(
        all('tls.handshake.random'),
        hellos.map(({ bytes }) => Buffer.from(bytes.subarray(6, 38)).toString('hex')),
        `${sender}: random of each hello`,
      );
      assert.deepEqual(
        all('tls.alert_message.desc').map(number),
        mine.flatMap((message) => (message.kind === 'alert' ? [message.bytes[1]] : [])),
        `${sender}: alerts`,
      );
      const https = mine.flatMap((message) => (message.kind === 'http' ? [message.http] : []));
      assert.deepEqual(
        theirs.flatMap((packet) => packet['http.request.method']),
        https.flatMap(({ method }) => method ?? []),
      );
      assert.deepEqual(
        all('http.request.uri'),
        https.flatMap(({ target }) => target ?? []),
      );
      assert.deepEqual(
        all('http.response.code').map(number),
        https.flatMap(({ status }) => status ?? []),
      );
      assert.deepEqual(
        all('http.file_data').map(contentOf),
        https.flatMap(({ body }) => (body.length > 0 ? [Buffer.from(body).toString()] : [])),
        `${sender}: content`,
      );
    }
    const [serverHello] = ours.filter(
      (message) => message.kind === 'handshake' && message.name === 'ServerHello',
    );
    if (serverHello?.kind === 'handshake') {
      const suite = packets.findLast((packet) => packet['tls.handshake.type'].includes('2'))?.[
        'tls.handshake.ciphersuite'
      ];
      const at = 4 + 2 + 32 + 1 + serverHello.bytes[38];
      const mine = serverHello.bytes[at] * 256 + serverHello.bytes[at + 1];
      assert.equal(Number(suite?.[0]), mine, 'the cipher suite');
    }
    assert.deepEqual([...new Set(packets.flatMap((packet) => packet['ip.src_host']))].sort(), [
      'api.tally.example',
      'app.tally.example',
    ]);
  });
}

/** tshark gives content as text, from version 4.2 on in hex. */
function contentOf(value: string): string {
  return /^([0-9a-f]{2})+$/.test(value) ? Buffer.from(value, 'hex').toString() : value;
}

test('a file without keys shows Wireshark what an observer sees', { skip }, async () => {
  const seen = await play('mutual TLS 1.3, three requests on one connection');
  const packets = tshark(writePcapng(seen), 'tls');
  const all = (field: string) => packets.flatMap((packet) => packet[field]);
  assert.deepEqual(all('tls.handshake.type'), ['1', '2']);
  assert.deepEqual(all('http.request.uri'), []);
});

test('a connection that was refused, a reset, IPv6, and more than a packet holds', { skip }, () => {
  const from = { host: 'ana.example', address: '::1', port: 40_000 };
  const to = { host: 'localhost', address: '2001:db8::5', port: 8443 };
  const time = 1_700_000_000_000.25;
  const request = Buffer.from(
    `POST /a HTTP/1.1\r\nhost: a\r\ncontent-length: 100000\r\n\r\n${'x'.repeat(100_000)}`,
  );
  const packets = tshark(
    writePcapng([
      { type: 'connection', id: 1, from, to, status: 'refused', time },
      { type: 'connection', id: 2, from: { ...from, port: 40_001 }, to, status: 'open', time },
      {
        type: 'segment',
        connection: 2,
        from: { ...from, port: 40_001 },
        to,
        kind: 'data',
        bytes: request,
        time,
      },
      {
        type: 'segment',
        connection: 2,
        from: to,
        to: { ...from, port: 40_001 },
        kind: 'rst',
        bytes: new Uint8Array(),
        time,
      },
    ]),
    'http',
  );
  const all = (field: string) => packets.flatMap((packet) => packet[field]);
  assert.equal(all('tcp.flags.str').filter((flags) => flags.includes('R')).length, 2);
  assert.deepEqual(
    all('tcp.checksum.status').filter((status) => status !== '1'),
    [],
    'every checksum is good',
  );
  assert.deepEqual(all('tcp.analysis.flags'), [], 'nothing is out of order, missing or sent twice');
  assert.deepEqual(all('http.request.uri'), ['/a']);
  assert.equal(contentOf(all('http.file_data')[0]).length, 100_000);
  assert.deepEqual([...new Set(all('frame.time_epoch').map(Number))], [time / 1000], 'to the microsecond');
});
