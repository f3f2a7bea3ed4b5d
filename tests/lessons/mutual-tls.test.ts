// What the prose of "Mutual TLS" invites the reader to try, in both engines.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { closeEngines, engine, engineNames, LIMIT, lessons, PATIENCE } from './runs.ts';

after(closeEngines);

const lesson = lessons.find(({ slug }) => slug === 'mutual-tls');
assert.ok(lesson);
const { lab, files } = lesson;

/** The lab's files with one text of one file replaced. */
function changed(file: string, before: string | RegExp, behind: string): typeof files {
  const source = String(files[file]);
  const after = source.replace(before, behind);
  assert.notEqual(after, source, `${file} no longer holds ${before}`);
  return { ...files, [file]: after };
}

/** The lab with these steps only: the others are the contract's business. */
function only(...ids: string[]): typeof lab {
  return { ...lab, steps: lab.steps.filter(({ id }) => ids.includes(id)) };
}

for (const name of engineNames) {
  test(`${name}: without cert and key the client reads the alert after secureConnect`, {
    timeout: LIMIT,
  }, async () => {
    const without = changed('client.js', /^ {2}(cert|key): .*\n/gm, '');
    const { steps } = await (await engine(name)).run(only('right-certificate'), without);
    const step = steps.find(({ id }) => id === 'right-certificate');
    const client = step?.processes.find((each) => each.name === 'client');
    assert.equal(step?.state, 'failed');
    assert.deepEqual(
      client?.stdout.split('\n').filter((line) => /^(secureConnect|error|received)/.test(line)),
      ['secureConnect', 'error: ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED'],
    );
  });

  test(`${name}: a refused client that writes and hangs up hears of no error`, {
    timeout: LIMIT,
  }, async () => {
    const hasty = `import { connect } from 'node:tls';
import { pem } from '../pem.js';
const socket = connect({ host: 'ledger.tally.example', port: 8443, ca: pem('tally-ca.pem') });
socket.on('error', (error) => console.log(error.code));
socket.on('secureConnect', () => socket.write('pay', (error) => {
  console.log(error ? 'not written' : 'written');
  socket.destroy();
}));
`;
    const { steps } = await (await engine(name)).run(only('no-certificate'), {
      ...files,
      'mallory/no-certificate.js': hasty,
    });
    const processes = steps.find(({ id }) => id === 'no-certificate')?.processes ?? [];
    const shown = (name: string) =>
      processes
        .find((each) => each.name === name)
        ?.stdout.trim()
        .split('\n');
    assert.deepEqual(shown('no-certificate'), ['written']);
    assert.ok(shown('server')?.every((line) => !line.startsWith('serving')));
  });

  test(`${name}: looking at socket.authorized before answering solves the exercise too`, {
    timeout: LIMIT,
  }, async () => {
    const looks = changed(
      'lax-server.js',
      "server.on('secureConnection', (socket) => {\n",
      "server.on('secureConnection', (socket) => {\n  if (!socket.authorized) {\n    socket.destroy();\n    return;\n  }\n",
    );
    const { steps, checks } = await (await engine(name)).run(
      only('lax-app', 'lax-no-certificate', 'lax-foreign-certificate'),
      looks,
    );
    assert.deepEqual(
      checks.filter(({ state }) => state !== 'passed'),
      [],
    );
    const outcomes = Object.fromEntries(steps.map(({ id, outcome }) => [id, outcome]));
    assert.equal(outcomes['lax-app'], 'expected');
    assert.equal(outcomes['lax-no-certificate'], 'solved');
    assert.equal(outcomes['lax-foreign-certificate'], 'solved');
  });

  test(`${name}: a syntax error in the learner's server is what every check shows`, {
    timeout: LIMIT,
  }, async () => {
    const broken = changed('lax-server.js', 'requestCert: true,', 'requestCert: true;');
    const { checks } = await (await engine(name)).run(only('wrong-key'), broken);
    for (const { state, message } of checks) {
      assert.equal(state, 'failed');
      assert.match(message, /lax-server ended with exit code 1 before it listened/);
      assert.match(message, /SyntaxError/);
    }
  });

  test(`${name}: a learner's server that never comes back is stopped`, { timeout: LIMIT }, async () => {
    const endless = changed('lax-server.js', 'server.listen(', 'while (true);\nserver.listen(');
    const hurried = {
      ...lab,
      steps: only('lax-app').steps.map((step) => ({ ...step, timeLimit: 1500 / PATIENCE })),
      exercise: { ...lab.exercise, timeLimit: 1500 / PATIENCE },
    };
    const { steps, checks } = await (await engine(name)).run(hurried, endless);
    assert.equal(steps[0].fault, 'Not finished after 1.5 seconds: stopped.');
    for (const { state, message } of checks) {
      assert.equal(state, 'failed');
      assert.match(message, /Not finished after 1.5 seconds: stopped/);
    }
  });
}
