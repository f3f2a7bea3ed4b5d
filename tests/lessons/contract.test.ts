// The lesson contract: every lesson, every variant, in the embedded engine and on real Node.js.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { after, test } from 'node:test';
import { judgeContract } from '../../src/lab/index.ts';
import { checkPlacement, readFrontmatter, variantsOf } from '../../src/lesson/index.ts';
import { closeEngines, engineNames, LIMIT, labRun, lessons, stepsThatMatter } from './runs.ts';
import { transcripts } from './transcript.ts';

after(closeEngines);

const noCertutil =
  spawnSync('certutil', ['-H']).error !== undefined &&
  'certutil is not here (Debian: apt-get install libnss3-tools)';

/** What each wrong fix leaves undone, as its why.md says: the checks that find it. */
const faults: Record<string, Record<string, string[]>> = {
  'mutual-tls': {
    'certificate-present': ['foreign-refused'],
    'looks-too-late': ['stranger-refused', 'foreign-refused'],
    'name-in-certificate': ['foreign-refused'],
    'trusts-nobody': ['app-served'],
  },
  'oauth-in-one-sitting': {
    'audience-without-port': ['honest', 'scope'],
    'forgets-scope': ['scope'],
    'reads-without-verifying': ['signature'],
    'refuses-none-only': ['signature'],
    'signature-is-enough': ['type', 'audience', 'scope'],
  },
  'session-hijack': {},
  'certificate-bound-tokens': {
    'bound-not-checked': [
      'no-certificate-refused',
      'own-certificate-refused',
      'similar-refused',
      'unbound-refused',
      'same-refusal',
    ],
    'cnf-optional': ['unbound-refused', 'same-refusal'],
    'compares-the-ca': ['token-bound', 'own-certificate-refused', 'same-refusal'],
    'first-character': ['similar-refused'],
    'pem-thumbprint': ['app-works'],
    'refuses-everyone': ['app-works'],
  },
};

for (const lesson of lessons) {
  /** Why real Node cannot play this lesson here: its browser is then a real Chromium, which must trust the lab's CA. */
  const skip = lesson.lab.browsers !== undefined && noCertutil;
  const file = `lessons/${lesson.slug}/lesson.mdx`;

  test(`${lesson.slug}: every objective is proved by a step or a check`, () => {
    readFrontmatter(lesson.prose, lesson.lab, file);
  });

  test(`${lesson.slug}: prose and lab.ts place the same steps, checks and code`, () => {
    checkPlacement(lesson.prose, lesson.lab, { lab: lesson.files, solution: lesson.solution }, file);
  });

  for (const engine of engineNames) {
    for (const variant of variantsOf(lesson)) {
      test(`${lesson.slug}, ${variant}, on ${engine}: the contract holds`, {
        timeout: LIMIT,
        skip: engine === 'node' && skip,
      }, async () => {
        const run = await labRun(lesson, variant, engine);
        const why = lesson.fixes.find(({ name }) => `fixes/${name}` === variant)?.why;
        const lab = stepsThatMatter(lesson, variant);
        const broken = judgeContract(lab, variant, { ...run, why }).filter(({ held }) => !held);
        assert.deepEqual(
          broken.map(({ claim, came }) => `${claim}: ${came}`),
          [],
        );
      });
    }
  }

  test(`${lesson.slug}: each wrong fix has checks that find it`, () => {
    const names = lesson.fixes.map(({ name }) => name);
    assert.deepEqual(Object.keys(faults[lesson.slug]).sort(), names.sort());
  });

  for (const { name } of lesson.fixes) {
    test(`${lesson.slug}, fixes/${name}: what it leaves undone is found, and nothing else`, {
      timeout: 300_000,
    }, async () => {
      const { checks } = await labRun(lesson, `fixes/${name}`, 'embedded');
      const failed = checks.filter(({ state }) => state !== 'passed').map((check) => check.name);
      assert.deepEqual(failed, faults[lesson.slug][name]);
    });
  }

  for (const variant of variantsOf(lesson)) {
    test(`${lesson.slug}, ${variant}: the embedded engine shows what real Node shows`, {
      timeout: LIMIT,
      skip,
    }, async () => {
      const [real, ours] = await Promise.all([
        labRun(lesson, variant, 'node'),
        labRun(lesson, variant, 'embedded'),
      ]);
      assert.deepEqual(...transcripts(ours, real));
    });
  }
}
