import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { readAddress } from '../../src/sandbox/embedded/network/addresses.ts';
import { WINDOW_BYTES } from '../../src/sandbox/embedded/protocol.ts';
import { createLabNetwork, dial, ipv4, ipv6, serve, watch } from './support/lab-network.ts';

const EPIPE = -32;
const EADDRINUSE = -98;
const EADDRNOTAVAIL = -99;
const ENETUNREACH = -101;
const ECONNRESET = -104;
const ECONNREFUSED = -111;
const EHOSTUNREACH = -113;
const ENOTFOUND = -3008;

/** A server and a client of one machine, connected. */
function pair({ hungryServer = true, hungryClient = true } = {}) {
  const lab = createLabNetwork();
  const server = serve(lab.start(1), ipv4('127.0.0.1', 8443), hungryServer);
  const outcome = dial(lab.start(2), ipv4('127.0.0.1', 8443), hungryClient);
  lab.settle();
  const [far] = server.accepted;
  const near = outcome.end;
  assert.ok(far && near, 'connected');
  return { lab, server, near, far };
}

describe('binding', () => {
  test('is answered at once, with the address a server reports', () => {
    const lab = createLabNetwork();
    const server = serve(lab.start(1), ipv4('127.0.0.1', 8443));
    assert.equal(server.status, 0);
    assert.deepEqual(server.bound, ipv4('127.0.0.1', 8443));
  });

  test('to port 0 gives each socket another port, before the kernel has said a word', () => {
    const lab = createLabNetwork();
    const [one, other] = [lab.start(1), lab.start(2)];
    const ports = [one, other, one, other].map((process) => serve(process, ipv4('127.0.0.1', 0)).bound.port);
    assert.equal(new Set(ports).size, 4);
    assert.ok(ports.every((port) => port > 1023));
  });

  test('to port 0 goes on for as long as one likes', () => {
    const lab = createLabNetwork();
    const process = lab.start(1);
    const ports = new Set<number>();
    for (let count = 0; count < 100; count++) {
      const { status, bound } = serve(process, ipv4('127.0.0.1', 0));
      assert.equal(status, 0);
      ports.add(bound.port);
      lab.settle();
    }
    assert.equal(ports.size, 100);
  });

  test('the same address twice is EADDRINUSE, from the same process and from another', () => {
    const lab = createLabNetwork();
    const [one, other] = [lab.start(1), lab.start(2)];
    serve(one, ipv4('127.0.0.1', 8443));
    assert.equal(serve(one, ipv4('127.0.0.1', 8443)).status, EADDRINUSE);
    lab.settle();
    assert.equal(serve(other, ipv4('127.0.0.1', 8443)).status, EADDRINUSE);
  });

  test('at the same instant from two processes: the kernel decides, and the loser is told', () => {
    const lab = createLabNetwork();
    const [one, other] = [lab.start(1), lab.start(2)];
    const [first, second] = [serve(one, ipv4('127.0.0.1', 8443)), serve(other, ipv4('127.0.0.1', 8443))];
    lab.settle();
    assert.deepEqual([first.lost, second.lost], [[], [EADDRINUSE]]);
    assert.deepEqual(lab.events, ['listen 1 localhost/127.0.0.1:8443']);
  });

  test('a wildcard excludes its addresses, dual-stack :: excludes IPv4 too, ipv6Only does not', () => {
    const cases: [Parameters<typeof serve>[1], Parameters<typeof serve>[1], number][] = [
      [ipv4('0.0.0.0', 1), ipv4('127.0.0.1', 1), EADDRINUSE],
      [ipv4('127.0.0.1', 1), ipv4('0.0.0.0', 1), EADDRINUSE],
      [ipv6('::', 1), ipv4('127.0.0.1', 1), EADDRINUSE],
      [ipv6('::', 1), ipv4('0.0.0.0', 1), EADDRINUSE],
      [ipv6('::', 1), ipv6('::1', 1), EADDRINUSE],
      [{ ...ipv6('::', 1), ipv6Only: true }, ipv4('0.0.0.0', 1), 0],
      [ipv4('0.0.0.0', 1), ipv6('::1', 1), 0],
      [ipv4('127.0.0.1', 1), ipv4('127.0.0.2', 1), 0],
      [ipv4('127.0.0.1', 1), ipv6('::1', 1), 0],
      [ipv4('0.0.0.0', 1), ipv4('0.0.0.0', 2), 0],
    ];
    for (const [first, second, expected] of cases) {
      const process = createLabNetwork().start(1);
      assert.equal(serve(process, first).status, 0);
      assert.equal(serve(process, second).status, expected, `${first.address} then ${second.address}`);
    }
  });

  test('to an address of another machine, or of none, is EADDRNOTAVAIL', () => {
    const lab = createLabNetwork({ 'api.example': '10.0.0.2', 'ana.example': '127.0.5.3' });
    const api = lab.start(1, 'api.example');
    assert.equal(serve(api, ipv4('10.0.0.2', 8443)).status, 0);
    assert.equal(serve(api, ipv4('10.0.0.3', 8443)).status, EADDRNOTAVAIL);
    assert.equal(serve(api, ipv4('127.0.5.3', 8443)).status, EADDRNOTAVAIL);
    assert.equal(serve(api, ipv6('2001:db8::1', 8443)).status, EADDRNOTAVAIL);
  });

  test('a port is free again once its listener has closed, or its process was killed', () => {
    const lab = createLabNetwork();
    const [one, other] = [lab.start(1), lab.start(2)];
    const server = serve(one, ipv4('127.0.0.1', 8443));
    lab.settle();
    server.close();
    lab.settle();
    assert.equal(serve(other, ipv4('127.0.0.1', 8443)).status, 0);
    lab.settle();
    lab.kill(2);
    lab.settle();
    assert.equal(serve(one, ipv4('127.0.0.1', 8443)).status, 0);
    lab.settle();
    assert.deepEqual(lab.events, [
      'listen 1 localhost/127.0.0.1:8443',
      'unlisten 1 localhost/127.0.0.1:8443',
      'listen 2 localhost/127.0.0.1:8443',
      'unlisten 2 localhost/127.0.0.1:8443',
      'listen 1 localhost/127.0.0.1:8443',
    ]);
  });
});

describe('connecting', () => {
  test('where nobody listens is refused, and where somebody only bound as well', () => {
    const lab = createLabNetwork();
    const process = lab.start(1);
    process.bind(ipv4('127.0.0.1', 2), () => {});
    const outcomes = [dial(process, ipv4('127.0.0.1', 1)), dial(process, ipv4('127.0.0.1', 2))];
    lab.settle();
    assert.deepEqual(
      outcomes.map(({ status }) => status),
      [ECONNREFUSED, ECONNREFUSED],
    );
    assert.equal(lab.events[0], 'refused localhost localhost/127.0.0.1:1');
  });

  test('to an address nobody has is unreachable', () => {
    const lab = createLabNetwork({ 'api.example': '10.0.0.2' });
    const process = lab.start(1, 'api.example');
    const outcomes = [dial(process, ipv4('10.0.0.9', 1)), dial(process, ipv6('2001:db8::1', 1))];
    lab.settle();
    assert.deepEqual(
      outcomes.map(({ status }) => status),
      [EHOSTUNREACH, ENETUNREACH],
    );
  });

  test('each end knows its own address and the other', () => {
    const lab = createLabNetwork({ 'api.example': '10.0.0.2', 'ana.example': '10.0.0.3' });
    const server = serve(lab.start(1, 'api.example'), ipv4('0.0.0.0', 8443));
    const outcome = dial(lab.start(2, 'ana.example'), ipv4('10.0.0.2', 8443));
    lab.settle();
    const near = outcome.end?.connection;
    const far = server.accepted[0].connection;
    assert.equal(near?.local.address, '10.0.0.3');
    assert.deepEqual(near?.remote, ipv4('10.0.0.2', 8443));
    assert.deepEqual(far.remote, near?.local);
    assert.deepEqual(far.local, near?.remote);
    assert.equal(lab.events.at(-1), 'open ana.example api.example/10.0.0.2:8443');
  });

  test('a dual-stack server sees an IPv4 client by its mapped address (RFC 4291 §2.5.5.2)', () => {
    const lab = createLabNetwork();
    const server = serve(lab.start(1), ipv6('::', 8443));
    const client = lab.start(2);
    const outcomes = [ipv4('127.0.0.1', 8443), ipv6('::1', 8443)].map((to) => dial(client, to));
    lab.settle();
    assert.deepEqual(
      server.accepted.map(({ connection }) => [connection.remote.address, connection.remote.family]),
      [
        ['::ffff:127.0.0.1', 'IPv6'],
        ['::1', 'IPv6'],
      ],
    );
    assert.deepEqual(
      outcomes.map(({ end }) => end?.connection.local.address),
      ['127.0.0.1', '::1'],
    );
  });

  test('the listener of the exact address comes before a wildcard; an ipv6Only one takes no IPv4', () => {
    const lab = createLabNetwork();
    const process = lab.start(1);
    const onlyIpv6 = serve(process, { ...ipv6('::', 5), ipv6Only: true });
    const outcome = dial(process, ipv4('127.0.0.1', 5));
    lab.settle();
    assert.equal(outcome.status, ECONNREFUSED);
    const any = serve(process, ipv4('0.0.0.0', 5));
    dial(process, ipv4('127.0.0.1', 5));
    lab.settle();
    assert.deepEqual([onlyIpv6.accepted.length, any.accepted.length], [0, 1]);
  });

  test('loopback is each machine itself, and 0.0.0.0 means it too', () => {
    const lab = createLabNetwork({ 'api.example': '10.0.0.2', 'ana.example': '10.0.0.3' });
    const server = serve(lab.start(1, 'api.example'), ipv4('0.0.0.0', 8443));
    const elsewhere = dial(lab.start(2, 'ana.example'), ipv4('127.0.0.1', 8443));
    const neighbour = lab.start(3, 'api.example');
    const own = [ipv4('127.0.0.1', 8443), ipv4('127.8.8.8', 8443), ipv4('0.0.0.0', 8443)].map((to) =>
      dial(neighbour, to),
    );
    lab.settle();
    assert.equal(elsewhere.status, ECONNREFUSED);
    assert.deepEqual(
      own.map(({ status }) => status),
      [0, 0, 0],
    );
    assert.equal(server.accepted.length, 3);
  });

  test('from an address that is not its own is EADDRNOTAVAIL; from its own it is kept', () => {
    const lab = createLabNetwork({ 'api.example': '10.0.0.2' });
    const process = lab.start(1, 'api.example');
    serve(process, ipv4('0.0.0.0', 8443));
    const foreign = dial(process, ipv4('127.0.0.1', 8443), true, { address: '10.0.0.9' });
    const own = dial(process, ipv4('127.0.0.1', 8443), true, { address: '127.0.0.7', port: 5555 });
    lab.settle();
    assert.equal(foreign.status, EADDRNOTAVAIL);
    assert.deepEqual(own.end?.connection.local, ipv4('127.0.0.7', 5555));
  });

  test('to a listener that closes meanwhile ends in a reset', () => {
    const lab = createLabNetwork();
    const server = serve(lab.start(1), ipv4('127.0.0.1', 8443));
    lab.settle();
    const outcome = dial(lab.start(2), ipv4('127.0.0.1', 8443));
    server.close();
    // The client's request reaches the kernel first.
    lab.settle();
    assert.ok(outcome.status === ECONNREFUSED || outcome.end?.error === ECONNRESET);
    assert.equal(server.accepted.length, 0);
  });
});

describe('names', () => {
  const resolve = (lab: ReturnType<typeof createLabNetwork>, host: string, name: string) => {
    let answer: [number, string[]] | undefined;
    lab.start(1, host).resolve(name, (status, addresses) => {
      answer = [status, addresses.map(({ address, family }) => `${address}/${family}`)];
    });
    return answer;
  };

  test('of the lab resolve to their addresses, localhost to both loopbacks, whatever the case', () => {
    const lab = createLabNetwork({ 'api.example': '10.0.0.2' });
    assert.deepEqual(resolve(lab, 'localhost', 'API.example'), [0, ['10.0.0.2/4']]);
    assert.deepEqual(resolve(lab, 'api.example', 'localhost'), [0, ['::1/6', '127.0.0.1/4']]);
  });

  test('nobody knows are ENOTFOUND, and what every object has is no name', () => {
    const lab = createLabNetwork();
    assert.deepEqual(resolve(lab, 'localhost', 'nowhere.example'), [ENOTFOUND, []]);
    assert.deepEqual(resolve(lab, 'localhost', 'constructor'), [ENOTFOUND, []]);
  });
});

describe('a connection', () => {
  test('carries bytes both ways, in order, and each write is done', () => {
    const { lab, near, far } = pair();
    near.write('one ');
    near.write('two');
    far.write('three');
    lab.settle();
    assert.equal(far.text, 'one two');
    assert.equal(near.text, 'three');
    assert.deepEqual([near.written, far.written], [[0, 0], [0]]);
  });

  test('delivers nothing before the owner has set its callbacks, and loses nothing', () => {
    const lab = createLabNetwork();
    const process = lab.start(1);
    let accepted: Parameters<typeof watch>[0] | undefined;
    process.bind(ipv4('127.0.0.1', 8443), (_status, bound) =>
      process.listen(bound, (connection) => {
        accepted = connection;
      }),
    );
    const outcome = dial(lab.start(2), ipv4('127.0.0.1', 8443));
    lab.settle();
    outcome.end?.write('early');
    outcome.end?.connection.shutdown(() => {});
    lab.settle();
    assert.ok(accepted);
    const far = watch(accepted);
    assert.deepEqual([far.text, far.ended], ['early', true]);
  });

  test('holds at most a window of what the peer has not consumed; the writer waits, then goes on', () => {
    const { lab, near, far } = pair({ hungryServer: false });
    const size = WINDOW_BYTES + 1000;
    near.write(new Uint8Array(size));
    near.write(new Uint8Array(10));
    lab.settle();
    assert.equal(far.received, WINDOW_BYTES);
    assert.deepEqual(near.written, []);
    far.connection.consumed(1000);
    lab.settle();
    assert.equal(far.received, size);
    assert.deepEqual(near.written, [0], 'the second write still waits');
    far.connection.consumed(10);
    lab.settle();
    assert.deepEqual(near.written, [0, 0]);
    assert.equal(far.received, size + 10);
  });

  test('moves a lot when the peer keeps consuming', () => {
    const { lab, near, far } = pair();
    near.write(new Uint8Array(5_000_000));
    lab.settle();
    assert.equal(far.received, 5_000_000);
    assert.deepEqual(near.written, [0]);
  });

  test('half-closed, it still carries the other direction (RFC 9293 §3.6)', () => {
    const { lab, near, far } = pair();
    near.connection.shutdown((status) => near.written.push(status));
    lab.settle();
    assert.equal(far.ended, true);
    assert.equal(near.ended, false);
    far.write('still here');
    lab.settle();
    assert.equal(near.text, 'still here');
    near.write('no more');
    assert.deepEqual(near.written, [0, EPIPE]);
  });

  test('shutdown comes after what was written, even when that waits for the window', () => {
    const { lab, near, far } = pair({ hungryServer: false });
    near.write(new Uint8Array(WINDOW_BYTES + 1));
    let done: number | undefined;
    near.connection.shutdown((status) => {
      done = status;
    });
    lab.settle();
    assert.deepEqual([far.ended, done], [false, undefined]);
    far.connection.consumed(1);
    lab.settle();
    assert.deepEqual([far.received, far.ended, done], [WINDOW_BYTES + 1, true, 0]);
  });

  test('close ends the peer; writing to who has gone brings a reset, seen as EPIPE after the end', () => {
    const { lab, near, far } = pair();
    near.connection.close();
    lab.settle();
    assert.deepEqual([far.ended, far.error], [true, 0]);
    far.write('anybody?');
    lab.settle();
    assert.deepEqual(far.written, [0]);
    assert.equal(far.error, 0);
    far.write('hello?');
    assert.deepEqual(far.written, [0, EPIPE]);
  });

  test('close sends what still waits for the window, and then the end', () => {
    const { lab, near, far } = pair({ hungryServer: false });
    near.write(new Uint8Array(WINDOW_BYTES + 500));
    near.connection.close();
    lab.settle();
    assert.deepEqual([far.received, far.ended, far.error], [WINDOW_BYTES + 500, true, 0]);
  });

  test('close with unread data resets the peer (RFC 1122 §4.2.2.13)', () => {
    const { lab, near, far } = pair({ hungryServer: false });
    near.write('unread');
    lab.settle();
    far.connection.close();
    lab.settle();
    assert.deepEqual([near.ended, near.error], [false, ECONNRESET]);
  });

  test('reset is ECONNRESET for the peer, whose waiting writes fail with it', () => {
    const { lab, near, far } = pair({ hungryServer: false });
    near.write(new Uint8Array(WINDOW_BYTES * 2));
    lab.settle();
    far.connection.reset();
    lab.settle();
    assert.equal(near.error, ECONNRESET);
    assert.deepEqual(near.written, [ECONNRESET]);
    near.write('more');
    assert.deepEqual(near.written, [ECONNRESET, EPIPE]);
  });

  test('data that came before a reset is still delivered, before the error', () => {
    const { lab, near, far } = pair();
    far.write('last words');
    far.connection.reset();
    lab.settle();
    assert.deepEqual([near.text, near.error], ['last words', ECONNRESET]);
  });
});

describe('a killed process', () => {
  test('that had read everything leaves its peer an end, as a kernel closes the sockets of the dead', () => {
    const { lab, near } = pair();
    near.write('read');
    lab.settle();
    lab.kill(1);
    lab.settle();
    assert.deepEqual([near.ended, near.error], [true, 0]);
  });

  test('that had not read everything leaves a reset', () => {
    const { lab, near } = pair({ hungryServer: false });
    near.write('unread');
    lab.settle();
    lab.kill(1);
    lab.settle();
    assert.equal(near.error, ECONNRESET);
  });

  test('is connected to no more', () => {
    const { lab, near } = pair();
    lab.kill(1);
    lab.settle();
    near.connection.close();
    const outcome = dial(lab.start(3), ipv4('127.0.0.1', 8443));
    lab.settle();
    assert.equal(outcome.status, ECONNREFUSED);
  });

  test('leaves the ports that were set aside for it to others', () => {
    const lab = createLabNetwork();
    for (let process = 1; process <= 4000; process++) {
      lab.start(process);
      lab.kill(process);
    }
  });
});

describe('somebody on the path who sends everything twice', () => {
  /** A connection on which he stands. */
  function doubled({ hungryServer = true } = {}) {
    const lab = createLabNetwork({ 'api.example': '10.0.0.2', 'ana.example': '10.0.0.3' });
    const { network } = lab;
    network.watcher.isOnPath = true;
    network.watcher.crossing = ({ connection, sender, kind, bytes }) => {
      const twice = new Uint8Array(2 * bytes.length);
      twice.set(bytes);
      twice.set(bytes, bytes.length);
      network.pass(connection, sender, kind, twice, bytes.length);
    };
    const server = serve(lab.start(1, 'api.example'), ipv4('10.0.0.2', 8443), hungryServer);
    const outcome = dial(lab.start(2, 'ana.example'), ipv4('10.0.0.2', 8443));
    lab.settle();
    const [far] = server.accepted;
    const near = outcome.end;
    assert.ok(far && near, 'connected');
    return { lab, near, far };
  }

  test('never brings the writer to a halt', () => {
    const { lab, near, far } = doubled();
    near.write(new Uint8Array(5 * WINDOW_BYTES));
    lab.settle();
    assert.deepEqual([far.received, near.written], [10 * WINDOW_BYTES, [0]]);
  });

  test('opens no more of the window than was sent', () => {
    const { lab, near, far } = doubled({ hungryServer: false });
    near.write(new Uint8Array(3 * WINDOW_BYTES));
    lab.settle();
    assert.equal(far.received, 2 * WINDOW_BYTES);
    far.connection.consumed(2 * WINDOW_BYTES);
    lab.settle();
    assert.deepEqual([far.received, near.written], [4 * WINDOW_BYTES, []]);
  });
});

describe('the tap', () => {
  test('sees every segment with its direction, and its bytes are a copy', () => {
    const { lab, near, far } = pair();
    near.write('ping');
    lab.settle();
    far.write('pong');
    far.connection.shutdown(() => {});
    lab.settle();
    near.connection.reset();
    lab.settle();
    assert.deepEqual(
      lab.segments.map(({ from, to, kind, bytes }) => [
        from.port === 8443 ? 'down' : 'up',
        to.port === 8443,
        kind,
        new TextDecoder().decode(bytes),
      ]),
      [
        ['up', true, 'data', 'ping'],
        ['down', false, 'data', 'pong'],
        ['down', false, 'fin', ''],
        ['up', true, 'rst', ''],
      ],
    );
  });
});

describe('addresses', () => {
  test('are read in every form RFC 4291 §2.2 allows and written as RFC 5952 §4 asks', () => {
    const forms: [string, string | undefined][] = [
      ['127.0.0.1', '127.0.0.1'],
      ['0:0:0:0:0:0:0:1', '::1'],
      ['::', '::'],
      ['2001:DB8:0:0:1:0:0:1', '2001:db8::1:0:0:1'],
      ['2001:db8:0:1:1:1:1:1', '2001:db8:0:1:1:1:1:1'],
      ['::ffff:10.0.0.7', '10.0.0.7'],
      ['::ffff:a00:7', '10.0.0.7'],
      ['fe80::1%lo', 'fe80::1'],
      ['256.0.0.1', undefined],
      ['1.2.3', undefined],
      ['1:2:3', undefined],
      ['1::2::3', undefined],
      ['localhost', undefined],
    ];
    for (const [text, expected] of forms) assert.equal(readAddress(text)?.text, expected, text);
  });
});
