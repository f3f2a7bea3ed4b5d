import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';

process.stdin.setEncoding('utf8');
const rl = createInterface({ input: process.stdin });
const lines = [];
for await (const line of rl) lines.push(line);
console.log(lines);
const r2 = createInterface({ input: Readable.from(['a\r\nb', '\nc\n']), crlfDelay: Infinity });
r2.on('line', (l) => console.log('line', l)).on('close', () => console.log('close'));
