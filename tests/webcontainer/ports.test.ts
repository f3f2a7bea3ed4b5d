// Which port of a container's one address stands for which port of which host (`hosts.ts`).
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createPortTable } from '../../src/sandbox/webcontainer/hosts.ts';

const NAMES = [
  'localhost',
  'auth.tally.example',
  'api.tally.example',
  'app.tally.example',
  'mallory.example',
];

test('each host has its own ports to listen on and to call from, by which it is known', () => {
  const ports = createPortTable(NAMES);
  const owners = new Map<number, string>();
  for (const name of NAMES) {
    const { first, size } = ports.calling(name);
    assert.ok(size > 1000, 'calls that have just ended keep their ports for a while');
    const own = new Set(Array.from({ length: size }, (_, index) => first + index));
    for (let port = 1; port <= 65_535; port += 1) own.add(ports.real(name, port));
    for (const port of own) {
      assert.ok(port >= 10_000 && port <= 65_535, `${port} is a port that a program may have`);
      assert.equal(owners.get(port), undefined, `${port} is one host’s only`);
      assert.equal(ports.hostOf(port), name);
      owners.set(port, name);
    }
  }
  for (const port of [0, 80, 9999, 49_250, 65_000]) assert.equal(ports.hostOf(port), undefined);
});

test('two ports of a host have two of the one address, for as many as it has', () => {
  const ports = createPortTable(NAMES);
  const first = ports.real('localhost', 8000);
  const next = Array.from({ length: 7800 }, (_, index) => ports.real('localhost', 8000 + index));
  assert.equal(new Set(next).size, next.length);
  assert.equal(ports.real('localhost', 8000), first);
});

test('a host that the lab has not has no ports', () => {
  const ports = createPortTable(NAMES);
  const says = /No host "nowhere\.example": the lab has localhost, auth/;
  assert.throws(() => ports.real('nowhere.example', 80), says);
  assert.throws(() => ports.calling('nowhere.example'), says);
});
