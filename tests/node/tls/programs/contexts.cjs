// What may be configured, and what the errors say: ciphers, curves, certificates and keys that do not fit.
const crypto = require('node:crypto');
const { tls, pki } = require('./scenario.cjs');

const t = (name, options) => {
  try {
    tls.createSecureContext(options);
    console.log(`[${name}] accepted`);
  } catch (error) {
    const message = error.message.replace(/^[0-9A-F]{16}:/, '');
    const { code, library, reason, opensslErrorStack } = error;
    console.log(
      `[${name}] ${error.name} ${JSON.stringify({ code, message, library, reason, opensslErrorStack, keys: Object.keys(error) })}`,
    );
  }
};
const K = pki['server-ec.key'],
  C = pki['server-ec.chain'];
t('ok', { key: K, cert: C });
t('empty', {});
t('cert only', { cert: C });
t('key only', { key: K });
t('mismatch', { key: pki['client-ec.key'], cert: C });
t('type mismatch', { key: pki['client-rsa.key'], cert: C });
t('ed mismatch', { key: pki['client-ed25519.key'], cert: C });
t('rsa mismatch', { key: pki['client-rsa.key'], cert: pki['server-rsa.chain'] });
t('ed ed mismatch', { key: pki['client-ed25519.key'], cert: pki['server-ed25519.chain'] });
t('bad cert', { cert: 'zz', key: K });
t('bad key', { cert: C, key: 'zz' });
t('bad ca', { ca: 'zz' });
t('empty cert', { cert: '', key: K });
t('bad cert pem', { cert: '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n', key: K });
t('bad ca pem', { ca: '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n' });
t('key as cert', { cert: K, key: K });
t('cert as key', { cert: C, key: C });
t('bad key pem', { cert: C, key: '-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n' });
t('bad key b64', { cert: C, key: '-----BEGIN PRIVATE KEY-----\n!!!!\n-----END PRIVATE KEY-----\n' });
t('enc ok', { key: pki['encrypted.key'], cert: pki['client-ec.chain'], passphrase: 'secret' });
t('enc none', { key: pki['encrypted.key'], cert: pki['client-ec.chain'] });
t('enc wrong', { key: pki['encrypted.key'], cert: pki['client-ec.chain'], passphrase: 'x' });
t('enc arr', { key: [{ pem: pki['encrypted.key'], passphrase: 'secret' }], cert: pki['client-ec.chain'] });
t('rsa1024', { key: pki['rsa1024.key'], cert: pki['rsa1024.chain'] });
t('sha1', { key: pki['sha1.key'], cert: pki['sha1.chain'] });
t('rsa1024 sec0', { key: pki['rsa1024.key'], cert: pki['rsa1024.chain'], ciphers: 'DEFAULT@SECLEVEL=0' });
t('rsa1024 ca', { ca: pki['rsa1024.crt'] });
t('rsa1024 in the chain', { key: K, cert: C + pki['rsa1024.crt'] });
t('rsa1024 in the chain sec0', { key: K, cert: C + pki['rsa1024.crt'], ciphers: 'DEFAULT@SECLEVEL=0' });
t('ciphers zz', { ciphers: 'zz' });
t('ciphers tls zz', { ciphers: 'TLS_ZZ' });
t('ciphers empty', { ciphers: '' });
t('ciphers :', { ciphers: ':' });
t('ciphers mix', { ciphers: 'zz:TLS_AES_128_GCM_SHA256' });
t('ciphers 12 ok', { ciphers: 'ECDHE-RSA-AES128-GCM-SHA256' });
t('ciphers num', { ciphers: 1 });
t('ciphers mixed13', { ciphers: 'TLS_AES_128_GCM_SHA256:TLS_ZZ' });
t('ciphers !', { ciphers: '!TLS_AES_128_GCM_SHA256' });
t('ciphers lower', { ciphers: 'tls_aes_128_gcm_sha256' });
t('ciphers HIGH', { ciphers: 'HIGH:!aNULL' });
t('ciphers all off', { ciphers: 'HIGH:!ALL' });
t('ccm', { ciphers: 'TLS_AES_128_CCM_SHA256' });
t('curve zz', { ecdhCurve: 'zz' });
t('curve mix', { ecdhCurve: 'zz:P-256' });
t('curve auto', { ecdhCurve: 'auto' });
t('curve empty', { ecdhCurve: '' });
t('curve num', { ecdhCurve: 1 });
t('curve lower', { ecdhCurve: 'x25519' });
t('curve dup', { ecdhCurve: 'P-256:P-256' });
t('curve p521', { ecdhCurve: 'P-521' });
t('curve secp256r1', { ecdhCurve: 'secp256r1' });
t('curve kem', { ecdhCurve: 'X25519MLKEM768' });
t('curve null', { ecdhCurve: null });
t('curve 256k1', { ecdhCurve: 'secp256k1' });
t('curve ff', { ecdhCurve: 'ffdhe2048' });
t('curve auto+', { ecdhCurve: 'auto:P-256' });
t('curve false', { ecdhCurve: false });
t('sig zz', { sigalgs: 'zz' });
t('sig empty', { sigalgs: '' });
t('sig ok', { sigalgs: 'ECDSA+SHA256' });
t('sig ok2', { sigalgs: 'ecdsa_secp256r1_sha256:rsa_pss_rsae_sha256' });
t('sig mix', { sigalgs: 'zz:ECDSA+SHA256' });
t('sig ed', { sigalgs: 'ed25519' });
t('sig Ed', { sigalgs: 'Ed25519' });
t('sig lower', { sigalgs: 'ecdsa+sha256' });
t('sig rsa', { sigalgs: 'RSA+SHA1' });
t('sig pss', { sigalgs: 'RSA-PSS+SHA512:PSS+SHA256' });
t('minV zz', { minVersion: 'zz' });
t('maxV', { maxVersion: 'TLSv1.2' });
t('min>max', { minVersion: 'TLSv1.3', maxVersion: 'TLSv1.2' });
t('proto', { secureProtocol: 'TLSv1_2_method' });
t('proto zz', { secureProtocol: 'zz' });
t('proto +min', { secureProtocol: 'TLS_method', minVersion: 'TLSv1.2' });
t('proto ssl3', { secureProtocol: 'SSLv3_method' });
t('proto ssl2', { secureProtocol: 'SSLv2_method' });
t('proto 23', { secureProtocol: 'SSLv23_server_method' });
t('pfx', { pfx: Buffer.from('zz') });
t('pfx2', { pfx: Buffer.from([0x30, 3, 1, 1, 1]), passphrase: 'x' });
t('crl', { crl: 'zz' });
t('dh', { dhparam: 'zz' });
t('dh auto', { dhparam: 'auto' });
t('sessid', { sessionIdContext: 'a' });
t('sessid long', { sessionIdContext: 'a'.repeat(100) });
t('ticketKeys', { ticketKeys: Buffer.alloc(48) });
t('ticketKeys bad', { ticketKeys: Buffer.alloc(4) });
t('sessto', { sessionTimeout: 5 });
t('two certs', { key: [K, pki['server-rsa.key']], cert: [C, pki['server-rsa.chain']] });
t('two certs mismatch', { key: [K, pki['client-rsa.key']], cert: [C, pki['server-rsa.chain']] });
t('two ec', { key: [K, pki['second.key']], cert: [C, pki['second.chain']] });
t('key order', { key: [pki['server-rsa.key'], K], cert: [C, pki['server-rsa.chain']] });
t('ca multi', { ca: pki['root-ec.crt'] + pki['root-rsa.crt'] });
t('ca arr', { ca: [pki['root-ec.crt'], Buffer.from(pki['root-rsa.crt'])] });
t('ca der', { ca: Buffer.from(new crypto.X509Certificate(pki['root-ec.crt']).raw) });
t('cert der', { cert: Buffer.from(new crypto.X509Certificate(pki['root-ec.crt']).raw) });
t('key obj', { key: crypto.createPrivateKey(K), cert: C });
t('ca+junk', { ca: `${pki['root-ec.crt']}junk` });
t('ca dup', { ca: [pki['root-ec.crt'], pki['root-ec.crt']] });
t('cert with junk chain', {
  key: K,
  cert: `${pki['server-ec.crt']}-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n`,
});
t('compress', { certificateCompression: ['zlib'] });
t('compress bad', { certificateCompression: ['zz'] });
t('partial', { allowPartialTrustChain: true });
t('secureOptions', { secureOptions: 1 });
t('secureOptions bad', { secureOptions: 'x' });
t('engine', { clientCertEngine: 'zz' });
for (const list of ['@SECLEVEL=0', 'ALL@SECLEVEL=6', 'ALL:@X', 'ALL:@STRENGTH', 'eNULL'])
  t(`ciphers ${list}`, { ciphers: list });
for (const list of ['?x:P-256', '*X25519/P-256', 'X25519 : P-256', 'DEFAULT:-P-256', '?', '**X25519'])
  t(`curve list ${list}`, { ecdhCurve: list });
for (const list of ['?x:ed25519', 'ed25519 ', 'ECDSA+SHA256+X']) t(`sig list ${list}`, { sigalgs: list });
for (const nothing of [5, true, {}, Symbol('x'), 1n]) {
  t(`pfx ${typeof nothing}`, { pfx: nothing });
  t(`secureProtocol ${typeof nothing}`, { secureProtocol: nothing });
  for (const option of ['session', 'ALPNProtocols', 'pskCallback']) {
    try {
      tls.connect({ port: 1, [option]: nothing }).on('error', () => {});
      console.log(`[${option} ${typeof nothing}] accepted`);
    } catch (error) {
      console.log(`[${option} ${typeof nothing}] ${error.name} ${error.code} ${error.message}`);
    }
  }
}
t('pfx of nothing', { pfx: Buffer.alloc(3) });
t('secureProtocol without letters', { secureProtocol: '' });
const { context } = tls.createSecureContext({ key: K, cert: C });
console.log(
  `[own] ${context.getMinProto()} ${context.getMaxProto()} ${context.getCertificate().equals(new crypto.X509Certificate(C).raw)} ${context.getTicketKeys().length}`,
);
console.log(`[issuer] ${new crypto.X509Certificate(context.getIssuer()).subject}`);
const alone = tls.createSecureContext({ key: K, cert: pki['server-ec.crt'], ca: pki['int-ec.crt'] }).context;
console.log(`[issuer among the trusted] ${new crypto.X509Certificate(alone.getIssuer()).subject}`);
console.log(
  `[defaults] ${tls.DEFAULT_ECDH_CURVE} ${tls.DEFAULT_MIN_VERSION} ${tls.DEFAULT_MAX_VERSION} ${tls.DEFAULT_CIPHERS}`,
);
process.exit(0);
