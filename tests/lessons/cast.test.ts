// One cast, one story: what lessons 8 to 10 have in common is the same to the letter, so that nobody learns it twice.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lessons } from './runs.ts';

const [oauth, hijack, binding] = ['oauth-in-one-sitting', 'session-hijack', 'certificate-bound-tokens'].map(
  (slug) => {
    const lesson = lessons.find((each) => each.slug === slug);
    assert.ok(lesson, `There is no lesson ${slug}`);
    return lesson;
  },
);

/** The files that lesson 8 writes and the two others take over. */
const cast = [
  'ana.js',
  'http.js',
  'keys.js',
  'ledgers.js',
  'log-in-as-ana.js',
  'network.mjs',
  'pem.js',
  'pki.js',
  'registry.js',
];

for (const file of cast) {
  for (const other of [hijack, binding]) {
    test(`${file} in ${other.slug} is that of ${oauth.slug}`, () => {
      assert.ok(oauth.files[file], `${oauth.slug} has no ${file}`);
      assert.equal(other.files[file], oauth.files[file]);
    });
  }
}

for (const file of ['auth.js', 'oauth-client.js']) {
  test(`${file} in ${hijack.slug} is that of ${oauth.slug}: it has done nothing wrong`, () => {
    assert.ok(oauth.files[file], `${oauth.slug} has no ${file}`);
    assert.equal(hijack.files[file], oauth.files[file]);
  });
}

for (const file of ['database.js', 'log.js', 'notes.js']) {
  test(`${file}, with its fault, is the same in ${hijack.slug} and ${binding.slug}`, () => {
    assert.ok(hijack.files[file], `${hijack.slug} has no ${file}`);
    assert.equal(binding.files[file], hijack.files[file]);
  });
}

/** The lines of a file that the other does not have. */
function onlyIn(one: unknown, other: unknown): string[] {
  const known = new Set(String(other).split('\n'));
  return String(one)
    .split('\n')
    .filter((line) => line.trim() !== '' && !known.has(line));
}

// The comparison in lesson 10 is worth something only if nothing but the binding differs.
for (const file of ['auth.js', 'api.js']) {
  test(`${file}: the bound world adds the binding to the unbound one, and nothing else`, () => {
    const added = onlyIn(binding.solution[file], binding.files[file]);
    const taken = onlyIn(binding.files[file], binding.solution[file]);
    assert.ok(added.length > 0);
    for (const line of [...added, ...taken]) {
      assert.doesNotMatch(line, /requestCert|rejectUnauthorized|\bca:/, 'both worlds ask and accept alike');
    }
    assert.ok(taken.length <= 3, `what is taken away: ${taken.join('\n')}`);
  });
}

test('the two worlds differ in auth.js and api.js only', () => {
  assert.deepEqual(Object.keys(binding.solution).sort(), ['api.js', 'auth.js']);
});
