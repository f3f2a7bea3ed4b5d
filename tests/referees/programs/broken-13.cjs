// Ways to break a handshake of TLS 1.3.
const { END, hello, without, withData, nth, nthEncrypted, record, message, vector } = require('./middle.cjs');

const toServer = (edit) => ({ fromClient: hello(1, edit) });
const toClient = (edit) => ({ fromServer: hello(2, edit) });
const bytes = (hex) => Buffer.from(hex, 'hex');
const flip = (at) => (data) => {
  data[at < 0 ? data.length + at : at] ^= 1;
  return data;
};
const RETRY = bytes('cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c');

module.exports = (pair, pki) => ({
  // Nothing in common
  'no version in common': { client: { maxVersion: 'TLSv1.2', minVersion: 'TLSv1.2' } },
  'no version in common, the other way': { server: { maxVersion: 'TLSv1.2', minVersion: 'TLSv1.2' } },
  'no suite in common': {
    server: { ciphers: 'TLS_AES_128_GCM_SHA256' },
    client: { ciphers: 'TLS_AES_256_GCM_SHA384' },
  },
  'no group in common': { server: { ecdhCurve: 'P-256' }, client: { ecdhCurve: 'X25519' } },
  'no signature in common': { client: { sigalgs: 'rsa_pss_rsae_sha256' } },
  'no signature the client can make': {
    server: { requestCert: true, ca: pki['root-rsa.crt'], sigalgs: 'ECDSA+SHA256' },
    client: pair('client-rsa'),
  },
  'no protocol in common': { server: { ALPNProtocols: ['h2'] }, client: { ALPNProtocols: ['http/1.1'] } },
  'no certificate at the server': { server: { key: undefined, cert: undefined } },
  'no certificate at the client': { server: { requestCert: true, ca: pki['root-ec.crt'] } },
  'client certificate of nobody we know': {
    server: { requestCert: true, ca: pki['root-ec.crt'] },
    client: pair('foreign-client'),
  },
  'client certificate expired': {
    server: { requestCert: true, ca: pki['root-ec.crt'] },
    client: pair('expired-client'),
  },
  'server certificate of nobody we know': { server: pair('foreign-server') },

  // ClientHello
  'legacy_version is SSL 3.0': toServer((it) => {
    it.version = bytes('0300');
  }),
  'legacy_version is TLS 1.3': toServer((it) => {
    it.version = bytes('0304');
  }),
  'the random is another': toServer((it) => {
    it.random[5] ^= 1;
  }),
  'the session id is too long': toServer((it) => {
    it.sessionId = Buffer.alloc(33, 7);
  }),
  'no suites': toServer((it) => {
    it.suites = Buffer.alloc(0);
  }),
  'half a suite': toServer((it) => {
    it.suites = Buffer.concat([it.suites, Buffer.of(1)]);
  }),
  'only suites of TLS 1.2': toServer((it) => {
    it.suites = bytes('c02bc02f');
  }),
  'no compression methods': toServer((it) => {
    it.compression = Buffer.alloc(0);
  }),
  'compression other than null': toServer((it) => {
    it.compression = bytes('01');
  }),
  'compression beside null': toServer((it) => {
    it.compression = bytes('0100');
  }),
  'no extensions': toServer((it) => {
    it.extensions = [];
  }),
  'no supported_versions': toServer(without(43)),
  'supported_versions without TLS 1.3': toServer(withData(43, '020302')),
  'supported_versions of odd length': toServer(withData(43, '03030403')),
  'supported_versions empty': toServer(withData(43, '00')),
  'no key_share': toServer(without(51)),
  'no supported_groups': toServer(without(10)),
  'no signature_algorithms': toServer(without(13)),
  'signature_algorithms empty': toServer(withData(13, '0000')),
  'supported_groups of odd length': toServer(withData(10, '0003001d00')),
  'key_share of another group only': toServer((it) => withData(51, `0005${'0017'}000104`)(it)),
  'key_share too short': toServer(withData(51, '0024001d0020' + '11'.repeat(31))),
  'key_share with a key of wrong length': toServer(withData(51, `0023001d001f${'11'.repeat(31)}`)),
  'key_share all zero': toServer(withData(51, `0024001d0020${'00'.repeat(32)}`)),
  'key_share empty': toServer(withData(51, `0000`)),
  'two key shares of one group': toServer(withData(51, `0048${`001d0020${'11'.repeat(32)}`.repeat(2)}`)),
  'key_share of a group that is not in supported_groups': toServer(withData(10, '00020017')),
  'an extension twice': toServer((it) => {
    it.extensions.push(it.extensions[0]);
  }),
  'an unknown extension': toServer(withData(0xfefe, 'abcd')),
  'server_name with nothing': toServer(withData(0, '0000')),
  'server_name of another type': toServer(withData(0, '000c0100096c6f63616c686f7374')),
  'server_name with a zero inside': toServer(withData(0, '000c0000096c6f6361006c6f7374')),
  'two names': toServer(withData(0, '00080000016100000162')),
  'ALPN with an empty name': {
    server: { ALPNProtocols: ['h2'] },
    ...toServer(withData(16, '000100')),
  },
  'ALPN cut short': { server: { ALPNProtocols: ['h2'] }, ...toServer(withData(16, '0003056832')) },
  'bytes after the extensions': toServer((it, whole) =>
    message(1, Buffer.concat([whole.subarray(4), Buffer.of(0)])),
  ),
  'the extensions cut short': toServer((it, whole) => message(1, whole.subarray(4, whole.length - 3))),
  'an extension longer than the rest': toServer((it, whole) => {
    const copy = Buffer.from(whole);
    copy[copy.length - 37] = 0xff;
    return copy;
  }),
  'another message in its place': toServer((it, whole) => message(20, whole.subarray(4))),
  'a message of unknown type': toServer((it, whole) => message(99, whole.subarray(4))),
  'a ClientHello of a length nobody needs': toServer((it, whole) =>
    Buffer.concat([bytes('01ffffff'), whole.subarray(4)]),
  ),
  'two ClientHellos': { fromClient: nth(0, (data) => [data, data]) },
  'a Finished after it': { fromClient: nth(0, (data) => [data, record(22, message(20, Buffer.alloc(32)))]) },
  'data after it': { fromClient: nth(0, (data) => [data, record(23, Buffer.alloc(40))]) },
  'data in clear after it': { fromClient: nth(0, (data) => [data, record(23, Buffer.from('hi'))]) },
  'data before it': { fromClient: nth(0, (data) => [record(23, Buffer.alloc(40)), data]) },
  'a change of ciphers before it': { fromClient: nth(0, (data) => [record(20, [1]), data]) },
  'a change of ciphers that is none': { fromClient: nth(0, (data) => [data, record(20, [2])]) },
  'a fatal alert after it': { fromClient: nth(0, (data) => [data, record(21, [2, 40])]) },
  'a warning after it': { fromClient: nth(0, (data) => [data, record(21, [1, 90])]) },
  'a close_notify after it': { fromClient: nth(0, (data) => [data, record(21, [1, 0])]) },
  'an alert of three bytes': { fromClient: nth(0, () => record(21, [2, 40, 0])) },
  'an empty record': { fromClient: nth(0, (data) => [record(22, []), data]) },
  'a heartbeat': { fromClient: nth(0, (data) => [record(24, [1, 0, 0]), data]) },
  'the end after it': { fromClient: nth(0, (data) => [data, END]) },
  'half of it': { fromClient: nth(0, (data) => [data.subarray(0, 40), END]) },

  // ServerHello
  "the server's legacy_version is TLS 1.3": toClient((it) => {
    it.version = bytes('0304');
  }),
  "the server's random is another": toClient((it) => {
    it.random[3] ^= 1;
  }),
  'another session id comes back': toClient((it) => {
    it.sessionId[0] ^= 1;
  }),
  'no session id comes back': toClient((it) => {
    it.sessionId = Buffer.alloc(0);
  }),
  'the suite is none that was offered': {
    client: { ciphers: 'TLS_AES_256_GCM_SHA384' },
    ...toClient((it) => {
      it.suite = bytes('1301');
    }),
  },
  'the suite is another that was offered': toClient((it) => {
    it.suite = bytes('1303');
  }),
  'the suite is unknown': toClient((it) => {
    it.suite = bytes('13ff');
  }),
  'the suite is of TLS 1.2': toClient((it) => {
    it.suite = bytes('c02b');
  }),
  'the server compresses': toClient((it) => {
    it.compression = bytes('01');
  }),
  'the server chose TLS 1.2 in supported_versions': toClient(withData(43, '0303')),
  'the server chose a version of the future': toClient(withData(43, '0305')),
  'the server chose no version': toClient(without(43)),
  'supported_versions of three bytes': toClient(withData(43, '030400')),
  "no key of the server's": toClient(without(51)),
  "the server's key is of another group": toClient(withData(51, `00170020${'11'.repeat(32)}`)),
  "the server's key is another": toClient((it) => {
    it.extensions.find(([type]) => type === 51)[1][10] ^= 1;
  }),
  "the server's key is too short": toClient(withData(51, `001d001f${'11'.repeat(31)}`)),
  "the server's key is zero": toClient(withData(51, `001d0020${'00'.repeat(32)}`)),
  'an answer to an extension nobody sent': toClient(withData(0xfefe, '')),
  'an extension that belongs elsewhere': toClient(withData(0, '')),
  'an extension of the server twice': toClient((it) => {
    it.extensions.push(it.extensions[0]);
  }),
  'a pre-shared key is chosen that was not offered': toClient(withData(41, '0000')),
  'the ServerHello cut short': toClient((it, whole) => message(2, whole.subarray(4, 30))),
  'bytes after the ServerHello': toClient((it, whole) =>
    message(2, Buffer.concat([whole.subarray(4), Buffer.of(0)])),
  ),
  'a retry that changes nothing': toClient((it) => {
    it.random = RETRY;
    withData(51, '001d')(it);
  }),
  'a retry with neither group nor cookie': toClient((it) => {
    it.random = RETRY;
    without(51)(it);
  }),
  'a retry with a group that was not offered': toClient((it) => {
    it.random = RETRY;
    withData(51, '0018')(it);
  }),
  'a retry with an empty cookie': toClient((it) => {
    it.random = RETRY;
    withData(44, '0000')(it);
    without(51)(it);
  }),
  'a HelloRequest instead': toClient(() => message(0, Buffer.alloc(0))),
  'a Finished instead': toClient(() => message(20, Buffer.alloc(32))),
  'a ClientHello instead': toClient((it, whole) => message(1, whole.subarray(4))),
  'two ServerHellos': toClient((it, whole) => Buffer.concat([whole, whole])),

  // What is encrypted
  "the server's flight is damaged": { fromServer: nthEncrypted(0, flip(-1)) },
  "the server's flight is cut short": {
    fromServer: nthEncrypted(0, (data) => record(23, data.subarray(5, -1))),
  },
  "the server's flight lacks its first record": { fromServer: nthEncrypted(0, () => null) },
  "the server's flight comes in clear": {
    fromServer: nthEncrypted(0, (data) => record(22, data.subarray(5))),
  },
  "the server's flight comes twice": { fromServer: nthEncrypted(0, (data) => [data, data]) },
  "the server's flight is shorter than its tag": {
    fromServer: nthEncrypted(0, () => record(23, Buffer.alloc(9))),
  },
  "the server's flight is too long": {
    fromServer: nthEncrypted(0, () => record(23, Buffer.alloc(2 ** 14 + 257))),
  },
  "the server's flight names another version": {
    fromServer: nthEncrypted(0, (data) => record(23, data.subarray(5), 0x0301)),
  },
  'an alert in clear among the encrypted': {
    fromServer: nthEncrypted(0, (data) => [record(21, [2, 40]), data]),
  },
  'the end among the encrypted': { fromServer: nthEncrypted(0, () => END) },
  "the client's answer is damaged": { fromClient: nthEncrypted(0, flip(-1)) },
  "the client's answer comes in clear": {
    fromClient: nthEncrypted(0, () => record(22, message(20, Buffer.alloc(48)))),
  },
  'the end instead of the client’s answer': { fromClient: nthEncrypted(0, () => END) },
  'a change of ciphers among the encrypted': {
    fromClient: nthEncrypted(1, (data) => [record(20, [1]), data]),
    staysOpen: true,
  },
  'thirty-three changes of ciphers': {
    fromServer: nthEncrypted(0, (data) => [...Array.from({ length: 33 }, () => record(20, [1])), data]),
  },
  'a ClientHello in records of one byte': {
    fromClient: nth(0, (data) => Array.from(data.subarray(5), (byte) => record(22, [byte], 0x0301))),
  },
});
