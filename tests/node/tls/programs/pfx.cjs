// Identities in PKCS #12 files and keys under a passphrase: which are read, what is said of those that are not, and that
// a connection with them works. The one argument is a file that pfx.test.ts has made with OpenSSL.
const { readFileSync } = require('node:fs');
const { done, scenario, tls } = require('./scenario.cjs');

const made = JSON.parse(readFileSync(process.argv.at(-1), 'utf8'));
const file = (name) => Buffer.from(made.pfx[name], 'base64');

function accepted(name, options) {
  try {
    tls.createSecureContext(options);
    console.log(`[${name}] accepted`);
  } catch (error) {
    const { code, message, library, reason } = error;
    const fields = { code, message, library, reason, keys: Object.keys(error) };
    console.log(`[${name}] ${error.name} ${JSON.stringify(fields)}`);
  }
}

for (const name of Object.keys(made.pfx)) {
  // Without a code a wrong passphrase shows only in what is decrypted, with words that hang on chance.
  const others = name === 'without a code' ? [] : ['Secret', 'schlüssel 🔑', '', undefined];
  for (const passphrase of ['secret', ...others])
    accepted(`${name}, ${JSON.stringify(passphrase)}`, { pfx: file(name), passphrase });
}
const rsa = file('rsa');
accepted('cut short', { pfx: rsa.subarray(0, 100), passphrase: 'secret' });
accepted('nothing', { pfx: Buffer.alloc(0) });
const changed = Buffer.from(rsa);
changed[Math.floor(changed.length / 2)] ^= 1;
accepted('changed', { pfx: changed, passphrase: 'secret' });
accepted('several', { pfx: [file('rsa'), file('p256')], passphrase: 'secret' });
accepted('several with their own passphrases', {
  pfx: [
    { buf: file('rsa'), passphrase: 'secret' },
    { buf: file('unicode'), passphrase: 'schlüssel 🔑' },
  ],
});
accepted('one passphrase wrong', {
  pfx: [
    { buf: file('rsa'), passphrase: 'secret' },
    { buf: file('unicode'), passphrase: 'secret' },
  ],
});
accepted('beside another certificate', { pfx: file('rsa'), passphrase: 'secret', cert: made.certificate });

for (const [name, key] of Object.entries(made.keys)) {
  for (const passphrase of ['secret', 'wrong', undefined])
    accepted(`key ${name}, ${passphrase}`, { key, cert: made.certificate, passphrase });
}
accepted('a key with a passphrase of its own', {
  key: [{ pem: made.keys.aes256, passphrase: 'secret' }],
  cert: made.certificate,
  passphrase: 'wrong',
});

async function main() {
  for (const name of made.connecting) {
    const identity = {
      pfx: file(name),
      passphrase: 'secret',
      key: undefined,
      cert: undefined,
      ca: made.root,
    };
    await scenario(`connects: ${name}`, { ...identity, requestCert: true }, identity);
  }
}

main().then(done);
