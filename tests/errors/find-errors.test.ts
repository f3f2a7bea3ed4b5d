import assert from 'node:assert/strict';
import { test } from 'node:test';
import { errorCodes, findErrors } from '../../src/text/index.ts';

test('a code is found where it stands, with its address', () => {
  assert.deepEqual(findErrors('tlsClientError: ECONNRESET, authorizationError: CERT_HAS_EXPIRED'), [
    { code: 'ECONNRESET', at: 16, length: 10, href: '/errors/#ECONNRESET' },
    { code: 'CERT_HAS_EXPIRED', at: 48, length: 16, href: '/errors/#CERT_HAS_EXPIRED' },
  ]);
});

test('every code is found in quotes, in brackets and at a line’s end', () => {
  for (const code of errorCodes)
    for (const line of [`code: '${code}'`, `[${code}]`, `error: ${code}`, `${code}: why`, `${code}.`])
      assert.deepEqual(
        findErrors(line).map((found) => line.slice(found.at, found.at + found.length)),
        [code],
        line,
      );
});

test('a code that is part of a longer word is not found', () => {
  for (const line of [
    'UNABLE_TO_GET_ISSUER_CERT_SOMEWHERE',
    'MY_ENOENT',
    './ENOENT/x',
    'invalid_tokens',
    '',
    'balance: 12',
  ])
    assert.deepEqual(findErrors(line), [], line);
  assert.deepEqual(
    findErrors('UNABLE_TO_GET_ISSUER_CERT_LOCALLY').map(({ code }) => code),
    ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY'],
  );
});
