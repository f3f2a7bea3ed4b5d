// The comparison of two engines must see every difference but those that are none.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LabRun } from '../../src/lab/index.ts';
import { linesOf, transcripts } from './transcript.ts';

function run(client: { stdout?: string; exit?: number }, server = 'listening on 8443\nserved\n'): LabRun {
  return {
    steps: [
      {
        id: 'ask',
        state: 'passed',
        outcome: 'expected',
        verdicts: [],
        milliseconds: 1,
        processes: [
          { name: 'server', stdout: server, stderr: '' },
          { name: 'client', stdout: 'one\ntwo\n', stderr: '', exit: 0, ...client },
        ],
      },
    ],
    checks: [],
  };
}

const agree = (one: LabRun, other: LabRun) => assert.deepEqual(...transcripts(one, other));
const differ = (one: LabRun, other: LabRun) => assert.notDeepEqual(...transcripts(one, other));

test('order, exit codes, missing and further lines of a process that ran to its end are differences', () => {
  agree(run({}), run({}));
  differ(run({}), run({ stdout: 'two\none\n' }));
  differ(run({}), run({ stdout: 'one\n' }));
  differ(run({}), run({ stdout: 'one\ntwo\nthree\n' }));
  differ(run({}), run({ exit: 1 }));
});

test('a server may be cut short, and may not say anything else', () => {
  agree(run({}), run({}, 'listening on 8443\n'));
  differ(run({}), run({}, 'listening on 8443\nrefused\n'));
});

test('times, random values, OpenSSL’s wording and group names are no differences', () => {
  const incidental: [string, string][] = [
    ['at 2026-11-22T22:18:00.123Z', 'at 2026-11-23T01:02:03.000Z'],
    ['"exp":1795386000', '"exp":1795386999'],
    ['took 12 ms', 'took 3.5 ms'],
    [
      'state=gUQlkjdK2VCv6jZ-pIZZXDHcyXu6MIqUAXLN--eBgeg',
      'state=OpoCXk1smuNk-0iqlTyxDenqDRZgI0pU_mE7sd2XujA',
    ],
    ['id 3f2b8c1e-0f0f-4a4a-9b9b-112233445566', 'id 00000000-0f0f-4a4a-9b9b-112233445566'],
    ['AB:CD:EF:01:23:45:67:89:AB:CD:EF:01:23:45:67:89', '00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF'],
    [
      'E0F7:error:0A000418:SSL routines:ssl3_read_bytes:tlsv1 alert unknown ca:../a.c:918:',
      'E0F7:error:0A000418:SSL routines::alert unknown ca',
    ],
    ['group: X25519MLKEM768', 'group: X25519'],
  ];
  for (const [one, other] of incidental) assert.deepEqual(linesOf(one), linesOf(other));
});

test('codes, statuses, hosts, addresses and long names are kept', () => {
  const kept = [
    'error: ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED',
    'page: 200 https://app.tally.example:8443/ledger',
    'certificate-bound-access-tokens',
    '200: /ledger of ana, through tally-app, from 10.9.0.66',
    'WWW-Authenticate: Bearer error="invalid_token"',
  ];
  for (const line of kept) assert.deepEqual(linesOf(`${line}\n`), [line]);
});
