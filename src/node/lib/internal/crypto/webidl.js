// Why not Node's: it serves Node's own Web Crypto, and here the platform's stands in. See internal/crypto/webcrypto.
const { notHere } = require('internal/unavailable');
const refuse = () => notHere('Turning a KeyObject into a CryptoKey');
module.exports = { converters: { AlgorithmIdentifier: refuse } };
