// The API of lessons 8 to 10, solved: what it must serve, what it must refuse, and how, in both engines.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { after, test } from 'node:test';
import { type Lab, variantFiles } from '../../src/lesson/index.ts';
import { closeEngines, engine, engineNames, LIMIT, lessons } from './runs.ts';

after(closeEngines);

const program = readFileSync(path.join(import.meta.dirname, 'programs/api.js'), 'utf8');

const served = '200 1204.50';
const unknown = '404 no such ledger';
const nothing = '401 Bearer realm="ledger"';
const invalid = '401 Bearer error="invalid_token"';
const notEnough = '403 Bearer error="insufficient_scope", scope="ledger:read"';

/** RFC 6750 §2.1, §3, §3.1; RFC 9110 §11.1; RFC 7515 §4.1.11; RFC 9068 §2.2.3, §4; RFC 8725 §3.1; RFC 9110 §15.5.5; RFC 9112 §3.2. */
const tokens = `
in order: ${served}
bearer: ${served}
two spaces: ${served}
no header: ${nothing}
in the query: ${nothing}
a Host that is none: 400 no such address
another scheme: ${nothing}
a scheme only: ${nothing}
a word too many: ${invalid}
the header twice: ${nothing}
no token at all: ${invalid}
application/at+jwt: ${served}
typ JWT: ${invalid}
no typ: ${invalid}
no kid: ${invalid}
another kid: ${invalid}
a crit unheard of: ${invalid}
its own jwk: ${invalid}
alg none: ${invalid}
alg PS256: ${invalid}
alg HS256: ${invalid}
alg none, not signed: ${invalid}
keyed: ${invalid}
another signature: ${invalid}
two audiences: ${served}
another audience: ${invalid}
no audience: ${invalid}
another issuer: ${invalid}
in the past: ${invalid}
in the future: ${invalid}
a time in words: ${invalid}
no time: ${invalid}
nobody: ${invalid}
two scopes: ${served}
scope ledger:readonly: ${notEnough}
scope LEDGER:READ: ${notEnough}
scope undefined: ${notEnough}
a list with the scope: ${notEnough}
a user without a ledger: ${unknown}
a list with the user: ${unknown}
a user without a ledger, and another scope: ${notEnough}
another kid, and the server in trouble: 500 Something went wrong.
`;

/** RFC 9068 §2.2: an API insists on what it uses. */
const required = (client: string, number: string) => `
no client_id: ${client}
no jti: ${number}
`;

/** RFC 8705 §3, §3.1: whatever is wrong with the binding, and whatever else is wrong, it is 401 and `invalid_token`. */
const binding = (verdict: string, scopeless: string) => `
no certificate: ${verdict}
another certificate: ${verdict}
no certificate, and another scope: ${scopeless}
cnf undefined: ${verdict}
cnf null: ${verdict}
cnf {}: ${verdict}
cnf "x": ${verdict}
cnf {"x5t#S256":""}: ${verdict}
cnf {"x5t#S256":null}: ${verdict}
cnf {"x5t#S256":["43 characters"]}: ${verdict}
cnf {"x5t#S256":"64 characters"}: ${verdict}
cnf {"x5t#S256":"43 characters="}: ${verdict}
cnf {"x5t#S256":"42 characters"}: ${verdict}
cnf {"jkt":"43 characters"}: ${verdict}
cnf {}, no certificate: ${verdict}
in order still: ${served}
`;

const expected = {
  'oauth-in-one-sitting': required(served, served) + binding(served, notEnough),
  'session-hijack': required(invalid, invalid) + binding(served, notEnough),
  'certificate-bound-tokens': required(invalid, served) + binding(invalid, invalid),
};

for (const [slug, own] of Object.entries(expected)) {
  const lesson = lessons.find((each) => each.slug === slug);
  assert.ok(lesson);
  const files = { ...variantFiles(lesson, 'solution'), 'auth.js': program };
  const { worlds: _, ...lab } = lesson.lab;
  const probing: Lab = {
    ...lab,
    steps: [
      {
        id: 'probe',
        title: '',
        servers: ['api'],
        run: ['auth'],
        open: 'api.js',
        timeLimit: 90_000,
        expect: [],
      },
    ],
    checks: [],
  };
  for (const name of engineNames) {
    test(`${slug}, ${name}: the API serves and refuses as its RFCs say`, { timeout: LIMIT }, async () => {
      const { steps } = await (await engine(name)).run(probing, files);
      const shown = steps[0]?.processes.find((each) => each.name === 'auth');
      const lines = (tokens + own).split('\n').filter((line) => line !== '');
      assert.deepEqual(shown?.stdout.trim().split('\n'), lines, shown?.stderr);
    });
  }
}
