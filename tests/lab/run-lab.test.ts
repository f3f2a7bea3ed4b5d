// `runLab` on real Node.js: preparation and worlds, as `npm run lab` runs and tells them.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { printed } from '../../scripts/lab/report.ts';
import { runLab } from '../../scripts/lab/run-lab.ts';
import type { Lab, LabFiles } from '../../src/lesson/index.ts';
import { bootNode } from '../../src/sandbox/node/index.ts';
import { attackLab } from './attack-lab.ts';

const onLinux = { skip: process.platform !== 'linux' && 'only Linux answers on all of 127.0.0.0/8' };

const files: LabFiles = {
  'package.json': JSON.stringify({
    type: 'module',
    scripts: {
      pki: 'node pki.js',
      app: 'node app.js',
      replay: 'node replay.js',
      attacker: 'node attacker.js',
    },
  }),
  'pki.js': `import { randomUUID } from 'node:crypto';
import { existsSync, writeFileSync } from 'node:fs';
if (existsSync('token.txt')) throw new Error('prepared already');
writeFileSync('token.txt', randomUUID());
console.log('made a token');`,
  'app.js': `import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { serves } from './rule.js';
const token = readFileSync('token.txt', 'utf8');
createServer((request, response) => {
  response.statusCode = request.headers.authorization === token && serves(request) ? 200 : 401;
  response.end();
}).listen(8443);`,
  'rule.js': 'export const serves = () => true;',
  // The token of one world is worth nothing in the other: who got mixed up is refused.
  'replay.js': `import { readFileSync } from 'node:fs';
import { get } from 'node:http';
const headers = { authorization: readFileSync('token.txt', 'utf8') };
get('http://app.tally.example:8443/', { headers }, ({ statusCode }) => console.log('status: ' + statusCode));`,
};
const shut = {
  'rule.js': "export const serves = ({ socket }) => socket.remoteAddress.endsWith('10.9.0.1');",
};

const sideBySide: Lab = {
  ...attackLab,
  steps: attackLab.steps.filter(({ worlds }) => worlds !== undefined),
  checks: [],
};

test(
  'two worlds run side by side on the same ports, each prepared and with files of its own',
  onLinux,
  async () => {
    const worlds = { lab: files, 'fixes/shut': { ...files, ...shut } };
    // A second step in the same worlds: they stay as they are, and are not prepared again.
    const [step] = sideBySide.steps;
    const lab = { ...sideBySide, steps: [step, { ...step, id: 'again' }] };
    const { steps, prepare = [] } = await runLab(lab, files, worlds, bootNode);
    assert.deepEqual(
      steps.map(({ id, outcome, fault }) => ({ id, outcome, fault })),
      ['side-by-side', 'again'].map((id) => ({ id, outcome: 'expected', fault: undefined })),
    );
    assert.deepEqual(prepare.map(({ name, world, exit }) => `${world} ${name} ${exit}`).sort(), [
      'open pki 0',
      'shut pki 0',
    ]);

    const report = printed({
      lesson: 'small',
      engine: 'node',
      variant: 'lab',
      contract: 'held',
      milliseconds: 1,
      clauses: [],
      prepare,
      steps,
      checks: [],
    });
    assert.match(report, /^prepare pki in shut: \d+ ms\n {2}shut: pki \| made a token$/m);
    assert.match(report, /^ {2}open: replay \| status: 200$/m);
    assert.match(report, /^ {2}shut: replay \| status: 401$/m);
    assert.match(report, /^ {2}seen in shut: Shut: she is refused\.$/m);
  },
);
