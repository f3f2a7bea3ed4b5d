// NODE_EXTRA_CA_CERTS counts from the start of a process: its child trusts what the variable names, with fetch too.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import https from 'node:https';
import tls from 'node:tls';

const url = process.argv[2];
if (url?.startsWith('https:')) {
  const outcome = await fetch(url).then(
    (response) => response.text(),
    ({ message, cause }) => [message, cause.code],
  );
  console.log(process.env.WHO, outcome, tls.getCACertificates('extra').length);
} else {
  const pki = JSON.parse(readFileSync(new URL('../../node/tls/fixtures/pki.json', import.meta.url)));
  const server = https.createServer(
    { key: pki['server-ec.key'], cert: pki['server-ec.chain'] },
    (_, response) => response.end('trusted'),
  );
  await once(server.listen(0), 'listening');
  const file = `/tmp/handfast-${process.pid}.pem`;
  writeFileSync(file, pki['root-ec.crt']);
  for (const more of [{ WHO: 'nobody' }, { WHO: 'root', NODE_EXTRA_CA_CERTS: file }]) {
    const child = fork(import.meta.filename, [`https://localhost:${server.address().port}/`], {
      env: { ...process.env, ...more },
    });
    console.log(await once(child, 'close'));
  }
  rmSync(file);
  server.close();
}
