// npm start: sets everything up, builds the site, serves it on this machine.
import net from 'node:net';
import path from 'node:path';
import { ensureInstalled, ensureSite, fail, root } from './support/setup.mjs';
import { serve } from './support/static-server.mjs';

const wanted = process.env.PORT ?? '4321';
const port = Number(wanted);
if (!/^\d+$/.test(wanted) || port < 1 || port > 65535) {
  fail(`PORT must be a number from 1 to 65535; it is "${wanted}". Try: PORT=4321 npm start`);
}
const taken = () =>
  fail(
    `Port ${port} is taken by another program on this machine.\n` +
      `Stop that program, or choose another port: PORT=${port < 65535 ? port + 1 : 4321} npm start`,
  );

// A minute of building that ends in "port taken" would be unkind: ask before.
await new Promise((resolve) => {
  const probe = net.createServer();
  probe.once('error', (error) =>
    error.code === 'EADDRINUSE' ? taken() : fail(`Cannot listen on port ${port}: ${error.message}`),
  );
  probe.listen(port, '127.0.0.1', () => probe.close(resolve));
});

ensureInstalled();
ensureSite();
const site = await serve(path.join(root, 'dist'), port).catch((error) =>
  error.code === 'EADDRINUSE' ? taken() : fail(`Cannot listen on port ${port}: ${error.message}`),
);
process.stdout.write(`Handfast is ready: ${site.url}/  (Ctrl+C stops it)\n`);
