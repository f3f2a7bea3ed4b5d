// Who is believed: both sides' certificates, good and bad in one way each, strictly and laxly.
const { pki, client, ca, scenario, forgedKey, done, tls, ecdhCurve } = require('./scenario.cjs');

const quiet = { onClient: (socket) => socket.resume() };
const files = (name) => ({ key: pki[`${name}.key`], cert: pki[`${name}.chain`] });
const shape = (certificate, depth = 0) =>
  !certificate || depth > 4
    ? String(certificate?.subject?.CN)
    : `${certificate.subject?.CN}${certificate.issuerCertificate === certificate ? '=' : ''} > ${certificate.issuerCertificate === certificate ? 'itself' : shape(certificate.issuerCertificate, depth + 1)}`;

async function main() {
  await scenario('no client certificate asked for', {}, {});
  for (const type of ['rsa', 'ec', 'ed25519']) {
    const root = pki[`root-${type}.crt`];
    await scenario(
      `mutual ${type}`,
      { ...files(`server-${type}`), requestCert: true, ca: root },
      { ...files(`client-${type}`), ca: root },
    );
  }
  await scenario('server with P-384', files('server-ec384'), {});
  await scenario('client shows none, strict', { requestCert: true, ca }, {}, quiet);
  await scenario(
    'client shows none and writes, strict',
    { requestCert: true, ca },
    {},
    {
      onClient: (socket, note) => {
        socket.on('data', (data) => note(`C data ${data}`));
        socket.write('hello', (error) => note(`C written ${error?.code}`));
      },
    },
  );
  await scenario('client shows none, lax', { requestCert: true, rejectUnauthorized: false, ca }, {});
  for (const name of ['foreign-client', 'expired-client', 'server-purpose', 'self-signed']) {
    await scenario(`client ${name}, strict`, { requestCert: true, ca }, files(name), quiet);
    await scenario(`client ${name}, lax`, { requestCert: true, rejectUnauthorized: false, ca }, files(name));
  }
  await scenario(
    'client certificate without its key, strict',
    { requestCert: true, ca },
    { cert: client.cert },
    quiet,
  );
  await scenario(
    'client certificate with another key',
    { requestCert: true, ca },
    { cert: client.cert, key: pki['second.key'] },
    quiet,
  );
  await scenario(
    'client certificate with a forged EC key',
    { requestCert: true, ca },
    { cert: client.cert, key: forgedKey(client.key, 'ec', { namedCurve: 'P-256' }) },
    quiet,
  );
  await scenario(
    'client certificate with a forged EC key, lax',
    { requestCert: true, rejectUnauthorized: false, ca },
    { cert: client.cert, key: forgedKey(client.key, 'ec', { namedCurve: 'P-256' }) },
    quiet,
  );
  await scenario(
    'server certificate with a forged EC key',
    { key: forgedKey(pki['server-ec.key'], 'ec', { namedCurve: 'P-256' }) },
    {},
  );
  await scenario('server trusts nobody', { requestCert: true }, client, quiet);
  await scenario('client trusts nobody', {}, { ca: undefined });
  await scenario('client trusts the intermediate only', {}, { ca: pki['int-ec.crt'] });
  await scenario(
    'client trusts the intermediate, partial chain',
    {},
    { ca: pki['int-ec.crt'], allowPartialTrustChain: true },
  );
  await scenario(
    'client trusts the leaf, partial chain',
    {},
    { ca: pki['server-ec.crt'], allowPartialTrustChain: true },
  );
  for (const name of [
    'wrong-host',
    'self-signed',
    'missing-intermediate',
    'foreign-server',
    'foreign-root-sent',
    'expired',
    'not-yet',
    'client-purpose',
    'no-digital-signature',
    'leaf-as-ca',
    'plain-issuer',
    'path-length',
    'no-cert-sign',
    'name-constraints',
    'expired-intermediate',
    'critical-extension',
    'common-name-only',
    'client-ca-server',
    'sha1',
  ]) {
    await scenario(`server ${name}`, files(name), {});
    await scenario(`server ${name}, accepted`, files(name), { rejectUnauthorized: false });
  }
  await scenario('server rsa1024', files('rsa1024'), {});
  await scenario('self-signed and trusted', files('self-signed'), { ca: pki['self-signed.crt'] });
  await scenario('address in the certificate', {}, { servername: '', host: '127.0.0.1' });
  await scenario('name with a wildcard', {}, { servername: 'a.example.test' });
  await scenario('name a wildcard does not reach', {}, { servername: 'a.b.example.test' });
  await scenario('name in capitals', {}, { servername: 'LOCALHOST' });
  await scenario(
    'own check, refusing',
    {},
    {
      checkServerIdentity: (host, certificate) =>
        Object.assign(new Error(`pin ${host} ${shape(certificate)}`), { code: 'PINNED' }),
    },
  );
  await scenario(
    'own check, content',
    {},
    { checkServerIdentity: () => undefined, servername: 'nobody.example' },
  );
  await scenario('own check, throwing nothing on a bad chain', files('expired'), {
    checkServerIdentity: () => {
      throw new Error('never called');
    },
  });
  await scenario('chain seen by both', { requestCert: true, ca: [ca, pki['int-ec.crt']] }, client, {
    onServer: (socket, note) => {
      note(
        `S chain ${shape(socket.getPeerCertificate(true))} x509 ${socket.getPeerX509Certificate().subject}`,
      );
      socket.end();
    },
    onClient: (socket, note) => {
      const { raw, pubkey, ...rest } = socket.getPeerCertificate();
      note(`C ${JSON.stringify(rest)} ${raw.length} ${pubkey.length}`);
      note(
        `C chain ${shape(socket.getPeerCertificate(true))} own ${socket.getCertificate().subject.CN} ${socket.getX509Certificate().subject}`,
      );
      socket.resume();
    },
  });
  await scenario('forgetful server', { requestCert: true, ca }, client, {
    onServer: (socket, note) => {
      note(`S chain ${shape(socket.getPeerCertificate(true))}`);
      socket.end();
    },
    ...quiet,
  });
  await scenario(
    'two identities, client prefers RSA',
    {
      key: [pki['server-ec.key'], pki['server-rsa.key']],
      cert: [pki['server-ec.chain'], pki['server-rsa.chain']],
    },
    { ca: pki['root-rsa.crt'], sigalgs: 'RSA-PSS+SHA256:RSA+SHA256' },
  );
  await scenario(
    'two identities, any',
    {
      key: [pki['server-rsa.key'], pki['server-ec.key']],
      cert: [pki['server-rsa.chain'], pki['server-ec.chain']],
    },
    { ca: [ca, pki['root-rsa.crt']] },
  );
  const context = tls.createSecureContext({ ...client, ca, ecdhCurve });
  await scenario('a context made before', { requestCert: true, ca }, { secureContext: context });
}

main().then(done);
