// The HTTP parser: what it takes, what it refuses and with which code, whole and byte by byte.
const { HTTPParser } = require('_http_common');
const inputs = {
  req: [
    'GET / HTTP/1.1\r\nHost: a\r\n\r\n',
    'get / HTTP/1.1\r\n\r\n',
    'GETX / HTTP/1.1\r\n\r\n',
    'GE',
    'XYZ',
    'GET  / HTTP/1.1\r\n\r\n',
    'GET / HTTP/1.1\n\n',
    'GET / HTTP/1.1\r\nA: b\n\r\n',
    'GET / HTTP/1.1\r\n A: b\r\n\r\n',
    'GET / HTTP/1.1\r\nA: b\r\n c\r\n\r\n',
    'GET / HTTP/1.1\r\nA : b\r\n\r\n',
    'GET / HTTP/1.1\r\nA\r\n\r\n',
    'GET / HTTP/1.1\r\n: b\r\n\r\n',
    'GET / HTTP/1.1\r\nA: b\x01\r\n\r\n',
    'GET / HTTP/1.1\r\nA: b\x7f\r\n\r\n',
    'GET / HTTP/1.1\r\nA: \xe9\r\n\r\n',
    'GET / HTTP/1.1\r\nA: b\rc\r\n\r\n',
    'GET /\r\n\r\n',
    'GET /\n',
    'GET / \r\n\r\n',
    'GET / HTTP/1.2\r\n\r\n',
    'GET / HTTP/2.0\r\n\r\n',
    'GET / HTTP/1.0\r\n\r\n',
    'GET / HTTP/1.1 \r\n\r\n',
    'GET / HTTP/11\r\n\r\n',
    'GET / HTTP/a.1\r\n\r\n',
    'GET / HTTP/1.a\r\n\r\n',
    'GET / HTTPS/1.1\r\n\r\n',
    'GET / FOO\r\n\r\n',
    'GET /a b HTTP/1.1\r\n\r\n',
    'GET \x01 HTTP/1.1\r\n\r\n',
    'GET a HTTP/1.1\r\n\r\n',
    'GET /\x01 HTTP/1.1\r\n\r\n',
    'GET /\xe9 HTTP/1.1\r\n\r\n',
    'GET /\t HTTP/1.1\r\n\r\n',
    'GET http://a.b/c HTTP/1.1\r\n\r\n',
    'GET http://a b/c HTTP/1.1\r\n\r\n',
    'CONNECT a:443 HTTP/1.1\r\n\r\nrest',
    'CONNECT a HTTP/1.1\r\n\r\n',
    'OPTIONS * HTTP/1.1\r\n\r\n',
    '\r\n\r\nGET / HTTP/1.1\r\n\r\n',
    'POST / HTTP/1.1\r\nContent-Length: 3\r\n\r\nabc',
    'POST / HTTP/1.1\r\nContent-Length: 3\r\n\r\nabcGET / HTTP/1.1\r\n\r\n',
    'POST / HTTP/1.1\r\nContent-Length: 3\r\nContent-Length: 3\r\n\r\nabc',
    'POST / HTTP/1.1\r\nContent-Length: 3,3\r\n\r\nabc',
    'POST / HTTP/1.1\r\nContent-Length: +3\r\n\r\nabc',
    'POST / HTTP/1.1\r\nContent-Length: 3 \r\n\r\nabc',
    'POST / HTTP/1.1\r\nContent-Length: 3 4\r\n\r\nabc',
    'POST / HTTP/1.1\r\nContent-Length: \r\n\r\n',
    'POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n',
    'POST / HTTP/1.1\r\nContent-Length: 99999999999999999999999\r\n\r\n',
    'POST / HTTP/1.1\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    'POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n0\r\n\r\n',
    'POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n',
    'POST / HTTP/1.1\r\nTransfer-Encoding: gzip, chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n',
    'POST / HTTP/1.1\r\nTransfer-Encoding: chunked, gzip\r\n\r\n3\r\nabc\r\n0\r\n\r\n',
    'POST / HTTP/1.1\r\nTransfer-Encoding: gzip\r\n\r\n',
    'POST / HTTP/1.1\r\nTransfer-Encoding: xchunked\r\n\r\n',
    'POST / HTTP/1.1\r\nTransfer-Encoding: chunkedx\r\n\r\n',
    'POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    'POST / HTTP/1.1\r\nTransfer-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    'POST / HTTP/1.1\r\nTransfer-Encoding: Chunked\r\n\r\n0\r\n\r\n',
    'POST / HTTP/1.1\r\nTransfer-Encoding : chunked\r\n\r\n0\r\n\r\n',
    'POST / HTTP/1.1\r\nTransfer-Encoding:\r\n\r\n',
    ...[
      '3\nabc\r\n0\r\n\r\n',
      'g\r\n',
      '3 \r\nabc\r\n0\r\n\r\n',
      '3;a=b\r\nabc\r\n0\r\n\r\n',
      '3;a="b;c"\r\nabc\r\n0\r\n\r\n',
      '3;a="b\\"c"\r\nabc\r\n0\r\n\r\n',
      '3;a="b"x\r\nabc\r\n0\r\n\r\n',
      '3;a b\r\n',
      '3;\r\nabc\r\n0\r\n\r\n',
      '3;=b\r\nabc\r\n0\r\n\r\n',
      '3;a=\r\nabc\r\n0\r\n\r\n',
      '3;a\x01\r\n',
      '3;a=b\x01\r\n',
      '3;a="\x01"\r\n',
      '3;a\nabc\r\n',
      '3;a=b\nabc\r\n',
      '3\r\nabcX\r\n',
      '3\r\nabc\n0\r\n\r\n',
      '3\r\nabc\rX',
      '3\rX',
      '0\r\nT: v\r\n\r\n',
      '0\r\nT: v\n\r\n',
      '0\r\n\n',
      '0\r\n T: v\r\n\r\n',
      'FFFFFFFFFFFFFFFFF\r\n',
      '00000000000000000003\r\nabc\r\n0\r\n\r\n',
      '\r\n',
      '0\r\nContent-Length: 5\r\n\r\n',
      '0x3\r\n',
      '-3\r\n',
      '3;x\r\nabc\r\n0\r\n\r\n',
    ].map((c) => 'POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n' + c),
    'GET / HTTP/1.1\r\nConnection: close\r\n\r\nGET / HTTP/1.1\r\n\r\n',
    'GET / HTTP/1.1\r\nConnection: close\r\n\r\n\r\n',
    'GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\nGET / HTTP/1.1\r\n\r\n',
    'GET / HTTP/1.1\r\nConnection: foo, close\r\n\r\n',
    'GET / HTTP/1.1\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\nrest',
    'GET / HTTP/1.1\r\nUpgrade: x\r\n\r\n',
    'GET / HTTP/1.1\r\nA: ' + 'x'.repeat(17000) + '\r\n\r\n',
    'GET /' + 'x'.repeat(17000) + ' HTTP/1.1\r\n\r\n',
    'GET / HTTP/1.1\r\nA:\r\nB:   \r\nC: \t x \t \r\n\r\n',
    'GET / HTTP/1.1\r\r\n',
    'GET / HTTP/1.1\r\nA: b\r\n\rX',
    'GET / HTTP/1.1\r\n\n',
    'QUERY / HTTP/1.1\r\n\r\n',
    'SOURCE / HTTP/1.1\r\n\r\n',
    'DESCRIBE / RTSP/1.0\r\n\r\n',
    'GET / RTSP/1.0\r\n\r\n',
    'SOURCE / ICE/1.0\r\n\r\n',
    'G\x00',
    '\x16\x03\x01\x00',
    'GET / HTTP/1.1\r\nA\x00: b\r\n\r\n',
    'GET / HTTP/1.1\r\nA: b\x00\r\n\r\n',
    'GET / HTTP/1.1\r\nA(b): c\r\n\r\n',
    'GET / HTTP/1.1\r\n"A": c\r\n\r\n',
    'GET  HTTP/1.1\r\n\r\n',
    'GET / H',
    'POST / HTTP/1.1\r\nContent-Length: 10\r\n\r\nabc',
    'POST / HTTP/1.1\r\nContent-Length: 1\r\n2\r\n\r\n',
    'GET / HTTP/1.1\r\nHost: a\r\nX: ' + 'a: b\r\n'.repeat(20) + '\r\n',
  ],
  res: [
    'HTTP/1.1 200 OK\r\n\r\nbody',
    'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi',
    'HTTP/1.1 200\r\n\r\n',
    'HTTP/1.1 200 \r\n\r\n',
    'HTTP/1.1 20 OK\r\n\r\n',
    'HTTP/1.1 2000 OK\r\n\r\n',
    'HTTP/1.1 abc\r\n',
    'HTTP/1.1  200 OK\r\n\r\n',
    'HTTP/1.1\r\n',
    'HTTP/1.3 200 OK\r\n',
    'FTP/1.1 200',
    'HTTP/1.1 200 OK\n\n',
    'HTTP/1.1 200 OK\rX',
    'HTTP/1.1 204 No\r\n\r\n',
    'HTTP/1.1 304 No\r\nContent-Length: 5\r\n\r\n',
    'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\na',
    'HTTP/1.1 101 S\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\nrest',
    'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n\r\n',
    'HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\nabc',
    'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked, gzip\r\n\r\nabc',
    'HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    'HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\na',
    'HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 1\r\n\r\naHTTP/1.1 200 OK\r\n\r\n',
    'HTTP/1.0 200 OK\r\nContent-Length: 1\r\n\r\na',
    'HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\naHTTP/1.1 201 X\r\nContent-Length: 0\r\n\r\n',
    'HTTP/1.1 200 \xe9t\xe9\r\nContent-Length: 0\r\n\r\n',
    'HTTP/1.1 200 OK\r\nA: b\r\n c: d\r\n\r\n',
    '\r\nHTTP/1.1 200 OK\r\n\r\n',
    'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nab',
    'garbage',
    'HTTP/1.1 200OK\r\n\r\n',
    'HTTP/1.1 200\tOK\r\n\r\n',
    'HTTP/2.0 200 OK\r\nContent-Length: 0\r\n\r\n',
  ],
};
function run(type, pieces) {
  const p = new HTTPParser();
  const log = [];
  p.initialize(type, {}, 0, 0);
  p[HTTPParser.kOnMessageBegin] = () => log.push('begin');
  p[HTTPParser.kOnHeaders] = (h, u) =>
    log.push('headers ' + (h.length > 60 ? h.length : JSON.stringify(h)) + u.slice(0, 20));
  p[HTTPParser.kOnHeadersComplete] = (...a) => {
    log.push('complete ' + JSON.stringify(a).slice(0, 300));
    return 0;
  };
  p[HTTPParser.kOnBody] = (b) => log.push('body ' + b.toString('latin1'));
  p[HTTPParser.kOnMessageComplete] = () => log.push('done');
  for (const piece of pieces) {
    const r = p.execute(Buffer.from(piece, 'latin1'));
    if (r instanceof Error) {
      log.push(`ERR ${r.message} ${r.code} ${r.reason} `);
      return log;
    }
    if (pieces.length === 1) log.push('n=' + r);
  }
  const f = p.finish();
  log.push(f instanceof Error ? `FIN ${f.code} ${f.reason}` : 'FIN ok');
  return log;
}
for (const [kind, list] of Object.entries(inputs))
  for (const text of list) {
    const type = kind === 'req' ? HTTPParser.REQUEST : HTTPParser.RESPONSE;
    console.log(
      JSON.stringify(text.length > 200 ? text.slice(0, 50) + '…' : text),
      run(type, [text]).join(' | '),
    );
    if (text.length < 300) {
      const whole = run(type, [...text]).filter(
        (l) => !l.startsWith('body') && (l !== 'begin' || !/upgrade|CONNECT/.test(text)),
      );
      console.log('   bytewise', whole.join(' | '));
    }
  }
