// RSA-PSS of the Web Cryptography API and of `node:crypto` are one algorithm: each takes the other's signature.
const crypto = require('node:crypto');

const { subtle } = crypto.webcrypto;
const padding = crypto.constants.RSA_PKCS1_PSS_PADDING;
const data = Buffer.from('what is signed');

async function main() {
  const { privateKey, publicKey } = crypto.generateKeyPairSync('rsa', { modulusLength: 2048 });
  for (const [hash, saltLength] of [
    ['SHA-256', 32],
    ['SHA-384', 48],
    ['SHA-512', 64],
    ['SHA-256', 0],
  ]) {
    const algorithm = { name: 'RSA-PSS', hash };
    const digest = hash.replace('-', '').toLowerCase();
    const spki = publicKey.export({ type: 'spki', format: 'der' });
    const pkcs8 = privateKey.export({ type: 'pkcs8', format: 'der' });
    const webPublic = await subtle.importKey('spki', spki, algorithm, false, ['verify']);
    const webPrivate = await subtle.importKey('pkcs8', pkcs8, algorithm, false, ['sign']);

    const fromWeb = Buffer.from(await subtle.sign({ name: 'RSA-PSS', saltLength }, webPrivate, data));
    const fromNode = crypto.sign(digest, data, { key: privateKey, padding, saltLength });
    const nodeTakes = (length) =>
      crypto.verify(digest, data, { key: publicKey, padding, saltLength: length }, fromWeb);
    const webTakes = (length) =>
      subtle.verify({ name: 'RSA-PSS', saltLength: length }, webPublic, fromNode, data);
    console.log(hash, saltLength, nodeTakes(saltLength), nodeTakes(saltLength + 1));
    console.log(hash, saltLength, await webTakes(saltLength), await webTakes(saltLength + 1));
    console.log(hash, 'PKCS #1', crypto.verify(digest, data, publicKey, fromWeb));
    console.log(
      hash,
      'changed',
      await subtle.verify({ name: 'RSA-PSS', saltLength }, webPublic, fromWeb, Buffer.from('x')),
    );
  }
}
main();
