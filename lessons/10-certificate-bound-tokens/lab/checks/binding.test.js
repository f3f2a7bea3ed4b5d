import assert from 'node:assert/strict';
import { createHash, X509Certificate } from 'node:crypto';
import { before, test } from 'node:test';
import { decodeJwt } from 'jose';
import { grind } from '../mallory/grind.js';
import { ownCertificate as malloryCertificate } from '../mallory/tools.js';
import { pem } from '../pem.js';
import { callApi, ledgerPage, logIn, unboundToken } from './tokens.js';

const appCertificate = { cert: pem('tally-app.pem'), key: pem('tally-app.key.pem') };

/** @param {string | Buffer} content @param {'base64url' | 'base64' | 'hex'} [form] */
const sha256 = (content, form = 'base64url') => createHash('sha256').update(content).digest(form);
/** @param {string} name */
const der = (name) => new X509Certificate(pem(name)).raw;

/** @type {{ cookie: string }} */
let session;
/** The access token that the app holds for Ana. */
let token = '';

before(async () => {
  ({ session, token } = await logIn());
});

/** What the token says it is bound to. */
function boundTo() {
  const { cnf } = /** @type {{ cnf?: Record<string, string> }} */ (decodeJwt(token));
  return cnf?.['x5t#S256'];
}

test('Ana still reads her ledger through the app', async () => {
  const page = await ledgerPage(session);
  assert.ok(
    page.includes('Balance: 1204.50'),
    'The app has its own token, certificate and key, and the API turned it away. What do you compare with what?',
  );
});

test("the token names the app's certificate", () => {
  const given = boundTo();
  assert.ok(given !== undefined, 'The token names no certificate: there is no cnf with x5t#S256 in it.');
  const mistakes = new Map([
    [sha256(pem('tally-app.pem')), 'the PEM text. Hash the bytes that the PEM text stands for: the DER'],
    [sha256(der('tally-ca.pem')), 'the authority’s certificate. All clients have that one in common'],
    [sha256(der('auth.pem')), 'the authorization server’s own certificate'],
    [new X509Certificate(pem('tally-app.pem')).fingerprint256, 'the right bytes, but in hexadecimal'],
    [sha256(der('tally-app.pem'), 'hex'), 'the right bytes, but in hexadecimal'],
    [sha256(der('tally-app.pem'), 'base64'), 'the right bytes, but not in base64url'],
  ]);
  assert.ok(
    given === sha256(der('tally-app.pem')),
    `The token names another certificate than the app’s: ${mistakes.get(given) ?? given}.`,
  );
});

test('without a certificate, the token is worth nothing', async () => {
  const { status } = await callApi(token);
  assert.ok(status !== 200, 'Mallory showed no certificate, and the API let her in.');
});

test("with Mallory's own valid certificate, too", async () => {
  const { status } = await callApi(token, malloryCertificate);
  assert.ok(
    status !== 200,
    "Mallory's certificate is valid, and the API let her in: which certificate did you compare?",
  );
});

test('and with one whose thumbprint begins like it', async () => {
  const beginning = boundTo()?.slice(0, 1) ?? '';
  const { status } = await callApi(token, grind(malloryCertificate, beginning));
  assert.ok(
    status !== 200,
    'Mallory made certificates until the thumbprint began with the right character, and the API let her in: compare all of it.',
  );
});

test('a token that is bound to nothing is refused', async () => {
  const unbound = await unboundToken();
  if (unbound === undefined) return; // the authorization server issues none: there is nothing to refuse
  for (const certificate of [appCertificate, malloryCertificate, {}]) {
    const { status } = await callApi(unbound, certificate);
    assert.ok(
      status !== 200,
      'The phone’s token names no certificate, and the API let it in. Missing is not the same as matching.',
    );
  }
});

test('each of these refusals looks the same: 401, invalid_token', async () => {
  const refusals = {
    'no certificate': await callApi(token),
    'another certificate': await callApi(token, malloryCertificate),
    'an unbound token': await callApi((await unboundToken()) ?? 'none', appCertificate),
  };
  for (const [fault, { status, challenge }] of Object.entries(refusals)) {
    assert.ok(
      status === 401 && /^Bearer\b.*\berror="invalid_token"/.test(challenge),
      `To ${fault} the API answers ${status} ${challenge}`.trimEnd() +
        ', and should answer 401 with WWW-Authenticate: Bearer error="invalid_token".',
    );
  }
  const said = new Set(Object.values(refusals).map(({ challenge, text }) => challenge + text));
  assert.ok(said.size === 1, 'They do not say the same: Mallory learns what was wrong.');
});
