// Standard input, line by line.
import readline from 'node:readline';

let count = 0;
for await (const line of readline.createInterface({ input: process.stdin })) console.log(++count, line);
console.log('end', process.argv.slice(2));
