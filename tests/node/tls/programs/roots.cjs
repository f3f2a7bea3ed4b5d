// Whom a connection without `ca` trusts. Run with NODE_EXTRA_CA_CERTS naming a file with the RSA root.
const { tls, pki, scenario, done } = require('./scenario.cjs');

const attempt = (name, act) => {
  try {
    console.log(`[${name}] ${act()}`);
  } catch (error) {
    console.log(`[${name}] ${error.name} ${error.code} ${error.message}`);
  }
};
const connect = (name, type) =>
  scenario(name, { key: pki[`server-${type}.key`], cert: pki[`server-${type}.chain`] }, { ca: undefined });

async function main() {
  attempt('extra', () => tls.getCACertificates('extra').map((pem) => pem === pki['root-rsa.crt']));
  process.env.NODE_EXTRA_CA_CERTS = '';
  await connect('extra authority', 'rsa');
  await connect('no such authority', 'ec');
  attempt('no certificate', () => tls.setDefaultCACertificates(['zz']));
  attempt('no array', () => tls.setDefaultCACertificates('x'));
  attempt('no text', () => tls.setDefaultCACertificates([1]));
  attempt('some of them certificates', () =>
    tls.setDefaultCACertificates([Buffer.from(pki['root-ec.crt']), 'zz']),
  );
  const broken = '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n';
  attempt('one of them broken', () => tls.setDefaultCACertificates([pki['root-rsa.crt'], broken]));
  attempt('set', () => tls.getCACertificates('default').map((pem) => pem === pki['root-ec.crt']));
  await connect('replaced, so no longer trusted', 'rsa');
  await connect('trusted from now on', 'ec');
  attempt('emptied', () => tls.setDefaultCACertificates([]) ?? tls.getCACertificates('default').length);
  await connect('nobody is trusted', 'ec');
}

main().then(done);
