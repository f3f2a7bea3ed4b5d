// Somebody on the path changes one bit.
import { meet, tell } from './support/meet.mjs';

const change = (bytes) => Buffer.from([...bytes.subarray(0, -1), bytes.at(-1) ^ 1]);
const { client } = await meet(
  {},
  {},
  {
    between: (side, bytes) => (side === 'server' ? change(bytes) : bytes),
  },
);
tell('client', client);
