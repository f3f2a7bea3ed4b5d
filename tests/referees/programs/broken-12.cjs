// Ways to break a handshake of TLS 1.2, nearly all of which travels in clear.
const { END, hello, plainMessage, without, withData, nth, record, message, vector } = require('./middle.cjs');

const [SERVER_HELLO, TICKET, CERTIFICATE, KEY_EXCHANGE, REQUEST, DONE, VERIFY, CLIENT_KEY, FINISHED] = [
  2, 4, 11, 12, 13, 14, 15, 16, 20,
];
const toServer = (edit) => ({ fromClient: hello(1, edit) });
const toClient = (edit) => ({ fromServer: hello(2, edit) });
const inServer = (type, edit) => ({ fromServer: plainMessage(type, edit) });
const inClient = (type, edit) => ({ fromClient: plainMessage(type, edit) });
const bytes = (hex) => Buffer.from(hex, 'hex');
const flip = (at) => (data) => {
  data[at < 0 ? data.length + at : at] ^= 1;
  return data;
};
const longer = (whole) => message(whole[0], Buffer.concat([whole.subarray(4), Buffer.of(0)]));
const shorter = (whole) => message(whole[0], whole.subarray(4, -1));
const lost = () => null;
/** The n-th record from here that is encrypted: after the change of ciphers all are. */
const afterChange = (index, edit) => {
  let count = -1;
  return (data) => {
    if (data[0] === 20) count = 0;
    else if (count >= 0 && count++ === index) return edit(Buffer.from(data));
    return data;
  };
};

module.exports = (pair, pki) => {
  const groups = { ecdhCurve: 'X25519:P-256' };
  const asked = { requestCert: true, ca: pki['root-ec.crt'] };
  const mutual = { server: asked, client: pair('client-ec') };
  const cases = {
    // Nothing in common
    'no suite in common': {
      server: { ciphers: 'ECDHE-ECDSA-AES128-GCM-SHA256' },
      client: { ciphers: 'ECDHE-ECDSA-AES256-GCM-SHA384' },
    },
    'no suite for the certificate': {
      server: { ciphers: 'ECDHE-RSA-AES128-GCM-SHA256' },
      client: {},
    },
    'no group in common': { server: { ecdhCurve: 'P-384' }, client: groups },
    'no signature in common': { client: { sigalgs: 'rsa_pss_rsae_sha256' } },
    'no protocol in common': { server: { ALPNProtocols: ['h2'] }, client: { ALPNProtocols: ['http/1.1'] } },
    'the client wants TLS 1.3': { client: { minVersion: 'TLSv1.3', maxVersion: 'TLSv1.3' } },
    'the server wants TLS 1.3': { server: { minVersion: 'TLSv1.3', maxVersion: 'TLSv1.3' } },
    'no certificate at the server': { server: { key: undefined, cert: undefined } },
    'no certificate at the client': { server: asked },
    'client certificate of nobody we know': { server: asked, client: pair('foreign-client') },
    'server certificate of nobody we know': { server: pair('foreign-server') },

    // ClientHello
    'the random is another': toServer((it) => {
      it.random[5] ^= 1;
    }),
    'client_version is TLS 1.1': toServer((it) => {
      it.version = bytes('0302');
    }),
    'client_version is SSL 3.0': toServer((it) => {
      it.version = bytes('0300');
    }),
    'client_version is of the future': toServer((it) => {
      it.version = bytes('0305');
    }),
    'the session id is too long': toServer((it) => {
      it.sessionId = Buffer.alloc(33, 7);
    }),
    'only suites of TLS 1.3': toServer((it) => {
      it.suites = bytes('13011302');
    }),
    'only suites without forward secrecy': toServer((it) => {
      it.suites = bytes('009c009d002f');
    }),
    'the fallback signal': toServer((it) => {
      it.suites = Buffer.concat([it.suites, bytes('5600')]);
    }),
    'no compression methods': toServer((it) => {
      it.compression = Buffer.alloc(0);
    }),
    'compression other than null': toServer((it) => {
      it.compression = bytes('01');
    }),
    'no extensions': toServer((it) => {
      it.extensions = [];
    }),
    'no extended_master_secret': toServer(without(23)),
    'extended_master_secret with content': toServer(withData(23, '00')),
    'renegotiation_info with content': toServer((it) => {
      withData(0xff01, '0101')(it);
    }),
    'no supported_groups': toServer(without(10)),
    'no signature_algorithms': toServer(without(13)),
    'point formats without the uncompressed one': toServer(withData(11, '0101')),
    'an extension twice': toServer((it) => {
      it.extensions.push(it.extensions[0]);
    }),
    'a ClientHello and another': { fromClient: nth(0, (data) => [data, data]) },
    'data after it': { fromClient: nth(0, (data) => [data, record(23, Buffer.from('hi'))]) },
    'a change of ciphers after it': { fromClient: nth(0, (data) => [data, record(20, [1])]) },
    'a fatal alert after it': { fromClient: nth(0, (data) => [data, record(21, [2, 40])]) },
    'a Finished after it': {
      fromClient: nth(0, (data) => [data, record(22, message(20, Buffer.alloc(12)))]),
    },
    'the end after it': { fromClient: nth(0, (data) => [data, END]) },

    // The server's flight
    'server_version is TLS 1.1': toClient((it) => {
      it.version = bytes('0302');
    }),
    'server_version is TLS 1.3': toClient((it) => {
      it.version = bytes('0304');
    }),
    "the server's random is another": toClient((it) => {
      it.random[5] ^= 1;
    }),
    'the server says that it could more': {
      client: { minVersion: 'TLSv1.2', maxVersion: 'TLSv1.3' },
      ...toClient((it) => {
        it.random = Buffer.concat([it.random.subarray(0, 24), bytes('444f574e47524401')]);
      }),
    },
    'the suite is none that was offered': {
      client: { ciphers: 'ECDHE-ECDSA-AES128-GCM-SHA256' },
      ...toClient((it) => {
        it.suite = bytes('c02c');
      }),
    },
    'the suite is of TLS 1.3': toClient((it) => {
      it.suite = bytes('1301');
    }),
    'the suite is unknown': toClient((it) => {
      it.suite = bytes('c0ff');
    }),
    'the suite is for RSA': toClient((it) => {
      it.suite = bytes('c02f');
    }),
    'the server compresses': toClient((it) => {
      it.compression = bytes('01');
    }),
    'the server takes no extended_master_secret': toClient(without(23)),
    'the server has no renegotiation_info': toClient(without(0xff01)),
    'renegotiation_info of the server with content': toClient(withData(0xff01, '0101')),
    'an answer to an extension nobody sent': toClient(withData(0xfefe, '')),
    'ALPN that nobody asked for': toClient(withData(16, '0003026832')),
    'an extension of the server twice': toClient((it) => {
      it.extensions.push(it.extensions[0]);
    }),
    'bytes after the ServerHello': inServer(SERVER_HELLO, longer),
    'no ServerHello': inServer(SERVER_HELLO, lost),
    'no Certificate': inServer(CERTIFICATE, lost),
    'an empty Certificate': inServer(CERTIFICATE, () => message(CERTIFICATE, bytes('000000'))),
    'a Certificate that is none': inServer(CERTIFICATE, () =>
      message(CERTIFICATE, vector(3, vector(3, bytes('3003020100')))),
    ),
    'a Certificate cut short': inServer(CERTIFICATE, shorter),
    'a Certificate of somebody else': inServer(CERTIFICATE, () => {
      const pem = pki['second.chain'].split('-----END')[0].replace(/-.*-/g, '');
      return message(CERTIFICATE, vector(3, vector(3, Buffer.from(pem, 'base64'))));
    }),
    'no ServerKeyExchange': inServer(KEY_EXCHANGE, lost),
    'ServerKeyExchange with another key': inServer(KEY_EXCHANGE, flip(15)),
    'ServerKeyExchange with another signature': inServer(KEY_EXCHANGE, flip(-1)),
    'ServerKeyExchange with another kind of curve': inServer(KEY_EXCHANGE, (data) => {
      data[4] = 1;
      return data;
    }),
    'ServerKeyExchange with a group that was not offered': inServer(KEY_EXCHANGE, (data) => {
      data[6] = 0x18;
      return data;
    }),
    'ServerKeyExchange with a signature that was not offered': {
      client: { sigalgs: 'ecdsa_secp256r1_sha256' },
      ...inServer(KEY_EXCHANGE, (data) => {
        data.writeUInt16BE(0x0603, 4 + 4 + data[7]);
        return data;
      }),
    },
    'ServerKeyExchange with a signature of another kind of key': inServer(KEY_EXCHANGE, (data) => {
      data.writeUInt16BE(0x0804, 4 + 4 + data[7]);
      return data;
    }),
    'bytes after the ServerKeyExchange': inServer(KEY_EXCHANGE, longer),
    'ServerKeyExchange cut short': inServer(KEY_EXCHANGE, shorter),
    'no ServerHelloDone': {
      fromServer: (data) => [plainMessage(DONE, lost)(data), data[5] === DONE ? END : null],
    },
    'ServerHelloDone with content': inServer(DONE, longer),
    'a Finished instead of ServerHelloDone': inServer(DONE, () => message(FINISHED, Buffer.alloc(12))),
    'a HelloRequest before ServerHello': { fromServer: nth(0, (data) => [record(22, message(0, [])), data]) },
    'a CertificateRequest that is none': { ...mutual, ...inServer(REQUEST, shorter) },
    'a warning in the flight': { fromServer: nth(0, (data) => [data, record(21, [1, 90])]) },
    'a fatal alert in the flight': { fromServer: nth(0, (data) => [data, record(21, [2, 80])]) },

    // The client's flight
    'no client Certificate': { ...mutual, ...inClient(CERTIFICATE, lost) },
    'an empty client Certificate': {
      ...mutual,
      ...inClient(CERTIFICATE, () => message(CERTIFICATE, bytes('000000'))),
    },
    'no CertificateVerify': { ...mutual, ...inClient(VERIFY, lost) },
    'CertificateVerify with another signature': { ...mutual, ...inClient(VERIFY, flip(-1)) },
    'CertificateVerify with an algorithm of another kind': {
      ...mutual,
      ...inClient(VERIFY, (data) => {
        data.writeUInt16BE(0x0804, 4);
        return data;
      }),
    },
    'CertificateVerify cut short': { ...mutual, ...inClient(VERIFY, shorter) },
    'a CertificateVerify of nobody': {
      fromClient: plainMessage(CLIENT_KEY, (whole) =>
        Buffer.concat([whole, message(VERIFY, bytes('040300020000'))]),
      ),
    },
    'no ClientKeyExchange': inClient(CLIENT_KEY, lost),
    'ClientKeyExchange with another key': inClient(CLIENT_KEY, flip(9)),
    'ClientKeyExchange with nothing': inClient(CLIENT_KEY, () => message(CLIENT_KEY, bytes('00'))),
    'ClientKeyExchange too short': inClient(CLIENT_KEY, () =>
      message(CLIENT_KEY, vector(1, Buffer.alloc(31, 1))),
    ),
    'ClientKeyExchange of zeros': inClient(CLIENT_KEY, () =>
      message(CLIENT_KEY, vector(1, Buffer.alloc(32))),
    ),
    'bytes after the ClientKeyExchange': inClient(CLIENT_KEY, longer),
    'no change of ciphers from the client': { fromClient: (data) => (data[0] === 20 ? null : data) },
    'two changes of ciphers from the client': {
      fromClient: (data) => (data[0] === 20 ? [data, data] : data),
    },
    'a change of ciphers that is none': { fromClient: (data) => (data[0] === 20 ? record(20, [2]) : data) },
    'no change of ciphers from the server': { fromServer: (data) => (data[0] === 20 ? null : data) },
    "the client's Finished is damaged": { fromClient: afterChange(0, flip(-1)) },
    "the client's Finished is cut short": {
      fromClient: afterChange(0, (data) => record(22, data.subarray(5, 20))),
    },
    "the client's Finished is data": { fromClient: afterChange(0, (data) => record(23, data.subarray(5))) },
    "the server's Finished is damaged": { fromServer: afterChange(0, flip(-1)) },
    'the end instead of Finished': { fromServer: afterChange(0, () => END) },
    'no NewSessionTicket': { fromServer: plainMessage(TICKET, lost) },
    'another NewSessionTicket': { fromServer: plainMessage(TICKET, flip(-1)) },
  };
  return Object.fromEntries(
    Object.entries(cases).map(([name, { server, client, ...middle }]) => [
      name,
      { server: { ...groups, ...server }, client: { ...groups, ...client }, ...middle },
    ]),
  );
};
