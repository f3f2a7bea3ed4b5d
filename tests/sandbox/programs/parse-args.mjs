// The arguments of a program are those of `process.argv`, where nobody gives others.
import { execFile } from 'node:child_process';
import { parseArgs, promisify } from 'node:util';

const options = { name: { type: 'string' }, loud: { type: 'boolean', short: 'l' } };
console.log(parseArgs({ options, allowPositionals: true }));
const text = `const { parseArgs } = require('node:util');
console.log(process.argv.slice(1), parseArgs({ options: ${JSON.stringify(options)}, allowPositionals: true }));
try {
  parseArgs();
} catch (error) {
  console.log(error.code, error.message);
}`;
const { stdout } = await promisify(execFile)(process.execPath, ['-e', text, 'b', '--name=a', '-l']);
console.log(stdout);
