// PEM as files have it when hands or programs have been at it: what is read, what is refused, and with which words.
const crypto = require('node:crypto');
const { tls, pki, server, listen, ecdhCurve, describe, done } = require('./scenario.cjs');

/** The text of one block, damaged in every way by which one meets it. */
function variants(text) {
  const lines = text.trim().split('\n');
  const [begin, end] = [lines[0], lines.at(-1)];
  const label = begin.slice('-----BEGIN '.length, -'-----'.length);
  const [first, ...rest] = lines.slice(1, -1);
  const block = (...body) => `${[begin, ...body, end].join('\n')}\n`;
  const broken = block(`${first.slice(0, 5)}*${first.slice(6)}`, ...rest);
  const open = text.replace(end, '');
  return {
    whole: text,
    'a line is missing': block(first, ...rest.slice(0, -1)),
    'a letter is missing': block(first, ...rest.slice(0, -1), rest.at(-1).slice(0, -1)),
    'four letters are missing': block(first, ...rest.slice(0, -1), rest.at(-1).slice(0, -4)),
    'no end': open,
    'another end': text.replace(end, '-----END X-----'),
    'no beginning': text.replace(begin, ''),
    'no base64': broken,
    'blanks inside lines': block(
      `${first.slice(0, 5)} ${first.slice(5)}`,
      ...rest.map((line) => `\t${line}`),
    ),
    'blanks after lines': lines.map((line) => `${line} \t`).join('\n'),
    'blanks before all lines': lines.map((line) => ` ${line}`).join('\n'),
    'one line of all': lines.join(''),
    'newlines spelt out': lines.join('\\n'),
    'carriage returns alone': lines.join('\r'),
    'both line ends': lines.join('\r\n'),
    'every second line blank': lines.join('\n\n'),
    'a blank line first': block('', first, ...rest),
    'a blank line last': block(first, ...rest, ''),
    'a byte order mark': `\ufeff${text}`,
    'four dashes': text.replaceAll('-----', '----'),
    'a header': block('Comment: x', '', first, ...rest),
    'a header without its blank line': block('Comment: x', first, ...rest),
    'a very long line': block(first + rest.join('')),
    'text around': `subject=x: y\n-----\n${text}the end`,
    'an empty block': block(),
    'an empty block before': block() + text,
    'a broken block before': broken + text,
    'a broken block after': text + broken,
    'an open block after': text + open,
    'no DER after': text + block('AAAA'),
    'a broken block of another kind before': `-----BEGIN X-----\nAA*A\n-----END X-----\n${text}`,
    'the label with a blank': text.replaceAll(label, `${label} `),
    'nothing at all': '',
  };
}

function attempt(name, make) {
  try {
    make();
    console.log(`[${name}] accepted`);
  } catch (error) {
    console.log(`[${name}] ${describe(error)} ${error.opensslErrorStack}`);
  }
}

/** Whether a client believes the server with this for its `ca`. */
async function believes(port, text) {
  return new Promise((resolve, reject) => {
    const where = { port, host: '127.0.0.1', servername: 'localhost', ecdhCurve };
    const socket = tls.connect({ ...where, ca: text, rejectUnauthorized: false }, () => {
      resolve(socket.authorizationError ?? 'yes');
      socket.destroy();
    });
    socket.on('error', reject);
  });
}

async function main() {
  const { key, cert } = { key: pki['server-ec.key'], cert: pki['server-ec.crt'] };
  for (const [name, text] of Object.entries(variants(cert))) {
    attempt(`cert, ${name}`, () => tls.createSecureContext({ cert: text }));
    attempt(`X509Certificate, ${name}`, () => new crypto.X509Certificate(text));
    attempt(`X509Certificate of bytes, ${name}`, () => new crypto.X509Certificate(Buffer.from(text)));
  }
  for (const [name, text] of Object.entries(variants(key))) {
    attempt(`key, ${name}`, () => tls.createSecureContext({ key: text, cert }));
    attempt(`createPrivateKey, ${name}`, () => crypto.createPrivateKey(text));
    attempt(`createPublicKey of a private key, ${name}`, () => crypto.createPublicKey(text));
  }
  const publicKey = crypto.createPublicKey(key).export({ type: 'spki', format: 'pem' });
  for (const [name, text] of Object.entries(variants(publicKey)))
    attempt(`createPublicKey, ${name}`, () => crypto.createPublicKey(text));
  const listener = tls.createServer({ ...server, ecdhCurve }, (socket) => socket.on('error', () => {}));
  listener.on('tlsClientError', () => {});
  const port = await listen(listener);
  for (const [name, text] of Object.entries(variants(pki['root-ec.crt'])))
    console.log(`[ca, ${name}] ${await believes(port, text)}`);
  listener.close();
}
main().then(done);
