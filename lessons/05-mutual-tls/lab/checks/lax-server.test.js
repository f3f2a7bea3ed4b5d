import assert from 'node:assert/strict';
import { test } from 'node:test';
import { connect } from 'node:tls';
import { pem } from '../pem.js';

/**
 * Calls the server on port 8443 and waits until the connection is over.
 * @param {{ cert?: string, key?: string }} identity
 * @returns {Promise<{ answer: string, error: string | undefined }>}
 */
function call(identity) {
  return new Promise((resolve) => {
    let answer = '';
    /** @type {string | undefined} */
    let error;
    const socket = connect({
      host: 'ledger.tally.example',
      port: 8443,
      ca: pem('tally-ca.pem'),
      ...identity,
    });
    const patience = setTimeout(() => {
      error = 'NO_END';
      socket.destroy();
    }, 3000);
    socket.setEncoding('utf8');
    socket.on('data', (text) => {
      answer += text;
    });
    socket.on('error', (problem) => {
      error = /** @type {NodeJS.ErrnoException} */ (problem).code;
    });
    socket.on('close', () => {
      clearTimeout(patience);
      resolve({ answer, error });
    });
  });
}

/**
 * A server that is not there refuses nobody: only a server that was reached counts.
 * @param {{ error: string | undefined }} outcome
 */
function wasReached({ error }) {
  assert.ok(
    error !== 'ECONNREFUSED',
    'Nothing listens on port 8443: start the server with `npm run lax-server`.',
  );
  assert.ok(error !== 'NO_END', 'The server neither answered nor hung up within three seconds.');
}

test('the app still gets its balance', async () => {
  const outcome = await call({ cert: pem('app.pem'), key: pem('app.key.pem') });
  wasReached(outcome);
  assert.ok(
    outcome.answer.includes('Balance: 1204.50'),
    'The app showed the certificate that Tally CA gave it, and was not served.',
  );
});

test('a caller without a certificate gets nothing', async () => {
  const outcome = await call({});
  wasReached(outcome);
  assert.ok(outcome.answer === '', 'Mallory showed no certificate at all, and was told the balance.');
});

test("a certificate from Mallory's own authority gets nothing", async () => {
  const outcome = await call({ cert: pem('mallory.pem'), key: pem('mallory.key.pem') });
  wasReached(outcome);
  assert.ok(outcome.answer === '', 'Mallory wrote her certificate herself, and was told the balance.');
});
