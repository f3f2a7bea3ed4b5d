import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { logIn, open, readers } from './ana.js';

const MALLORY = '10.9.0.66';

// Before these checks Ana has logged in and read her ledger, attacker.js was started, and Ana has opened her notes.
// What she reads in them may still be at work, so an answer is awaited for a while.

/** @type {{ cookie: string }} */
let session;
/** @type {Awaited<ReturnType<typeof readers>>} */
let seen;

before(async () => {
  session = await logIn();
  const until = Date.now() + 3000;
  do {
    seen = await readers(session);
  } while (
    !seen.some(({ address }) => address === MALLORY) &&
    Date.now() < until &&
    (await pause(300, true))
  );
});

test("Ana's ledger has been read from Mallory's machine", () => {
  const addresses = seen.map(({ address }) => address);
  assert.ok(
    addresses.includes(MALLORY),
    `Only the app has read Ana's ledger: the API has answered nobody at ${MALLORY}.`,
  );
});

test("the token was the one of Ana's own session", () => {
  const [ana] = seen; // she read her ledger before anybody else could
  const mallory = seen.find(({ address }) => address === MALLORY);
  assert.ok(mallory, 'No token of Ana’s was used from Mallory’s machine.');
  assert.ok(
    mallory.token === ana.token,
    'The ledger was read, but with a token that was issued to somebody who typed Ana’s password. Mallory does not know it.',
  );
});

test('Ana reads her ledger as before', async () => {
  const page = await open(session, '/ledger');
  assert.match(page.text, /Balance: 1204\.50/, 'The app does not show Ana her ledger any more.');
});
