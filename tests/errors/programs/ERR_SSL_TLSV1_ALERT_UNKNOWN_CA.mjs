// The client refuses the server's chain and says so with an alert: here by hand, since Node.js only hangs up.
import { meet, tell } from './support/meet.mjs';

const alert = Buffer.from([21, 3, 3, 0, 2, 2, 48]); // a record of two bytes: fatal, unknown_ca
const { server } = await meet(
  { maxVersion: 'TLSv1.2' },
  {},
  {
    between: (side, bytes, count) => (side === 'client' && count === 1 ? alert : bytes),
  },
);
tell('server', server);
