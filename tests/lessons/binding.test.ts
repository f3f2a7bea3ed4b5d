// Lesson 10, solved: which tokens are bound, to what, and whom the API serves with them, in both engines.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { after, test } from 'node:test';
import { type Lab, variantFiles } from '../../src/lesson/index.ts';
import { closeEngines, engine, engineNames, LIMIT, lessons } from './runs.ts';

after(closeEngines);

const lesson = lessons.find(({ slug }) => slug === 'certificate-bound-tokens');
assert.ok(lesson);

const program = readFileSync(path.join(import.meta.dirname, 'programs/binding.js'), 'utf8');
const place = 'phone-token';
const files = { ...variantFiles(lesson, 'solution'), 'mallory/phone-token.js': program };

const no = '401 Bearer error="invalid_token"';

/** RFC 8705 §3, §3.1, §3.2, §3.3, §5, §6.3; the session of a connection is its client's, RFC 8446 §2.2. */
const expected = `
metadata: {"aliases":{"token_endpoint":"https://auth.tally.example:8444/token"},"binds":true}
bound: cnf x5t#S256, introspection agrees
  app: 200
  renewed: ${no}
  mallory: ${no}
  no certificate: ${no}
bound anew: cnf x5t#S256, introspection agrees
  app: ${no}
  renewed: 200
  mallory: ${no}
  no certificate: ${no}
no certificate shown: cnf none, introspection agrees
  app: ${no}
  renewed: ${no}
  mallory: ${no}
  no certificate: ${no}
from the port for browsers: cnf none, introspection agrees
  app: ${no}
  renewed: ${no}
  mallory: ${no}
  no certificate: ${no}
TLSv1.3, resumed true, bound: 200
TLSv1.3, resumed true, bound anew: 401
TLSv1.3, resumed true, no certificate shown: 401
TLSv1.3, resumed true, from the port for browsers: 401
TLSv1.2, resumed true, bound: 200
TLSv1.2, resumed true, bound anew: 401
TLSv1.2, resumed true, no certificate shown: 401
TLSv1.2, resumed true, from the port for browsers: 401
`;

const { worlds: _, ...lab } = lesson.lab;
const probing: Lab = {
  ...lab,
  steps: [
    {
      id: 'probe',
      title: '',
      servers: ['auth', 'api'],
      run: [place],
      open: 'api.js',
      timeLimit: 90_000,
      expect: [],
    },
  ],
  checks: [],
};

for (const name of engineNames) {
  test(`${name}: a token serves whom it is bound to, and nobody else`, { timeout: LIMIT }, async () => {
    const { steps } = await (await engine(name)).run(probing, files);
    const shown = steps[0]?.processes.find((each) => each.name === place);
    assert.deepEqual(shown?.stdout.trim().split('\n'), expected.trim().split('\n'), shown?.stderr);
  });
}
