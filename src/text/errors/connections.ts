import type { ErrorKind } from './entry.ts';

/** Before TLS, and beside it: what the operating system says of a connection. */
export const connections: ErrorKind = {
  id: 'connections',
  title: 'Connections',
  about:
    'These come from the operating system. They say that bytes could not travel, and nothing about who was at the other end.',
  entries: [
    {
      code: 'ECONNREFUSED',
      by: 'client',
      message: 'connect ECONNREFUSED 127.0.0.1:8443',
      means:
        'The machine is there and nobody listens on that port, so it answered the first packet with a reset. No certificate was looked at: TLS had not begun.',
      causes: [
        'The server is not running, or has ended with an error of its own.',
        'It listens on another port, or only on another address: on `127.0.0.1`, say, while the client calls from another host.',
        'The client is quicker than the server, which has not come to `listen` yet.',
      ],
      fix: 'Look at the server first: is it running, and what does it say that it listens on? A client that starts together with its server waits until the server is ready, or tries again a few times with growing pauses.',
      browser: 'ERR_CONNECTION_REFUSED',
      rfc: [{ n: 9293, s: '3.5.2' }],
    },
    {
      code: 'ECONNRESET',
      by: 'client',
      message: 'read ECONNRESET',
      means:
        'The other side threw the connection away instead of closing it. What was under way is lost, and the sender cannot know how much of it arrived.',
      causes: [
        'The other program crashed, or was stopped.',
        'It refused you after the handshake. A Node.js server that does not trust a client’s certificate hangs up without an alert, and reports `ECONNRESET`, “socket hang up”, in its own `tlsClientError`.',
        'A proxy or a firewall between the two gave up on a connection that was quiet for long.',
        'A kept-alive connection was closed by the server just when the client sent its next request on it.',
      ],
      fix: 'Read the other side’s log at that moment. On a TLS server listen to `tlsClientError` and print `socket.authorizationError`: with mutual TLS, the reason usually stands there. Repeat a request only if doing it twice does no harm.',
      not: 'Catching the error and going on as if the request had been done.',
      browser: 'ERR_CONNECTION_RESET',
      rfc: [{ n: 9293, s: '3.5.3' }],
      seen: [{ lesson: 'mutual-tls', step: 'foreign-certificate' }],
    },
    {
      code: 'EADDRINUSE',
      by: 'server',
      message: 'listen EADDRINUSE: address already in use 127.0.0.1:8443',
      means: 'Another socket listens on this address and port. There can be only one.',
      causes: [
        'The same server still runs in another terminal, or was left behind by a test.',
        'Two servers were given the same port.',
      ],
      fix: 'Find who holds the port (`ss -ltnp` on Linux, `lsof -iTCP -sTCP:LISTEN` on macOS) and end it, or choose another. Tests listen on port 0, and ask `server.address().port` what they were given.',
      not: 'Ignoring the `error` event: the calls you then serve are answered by the old program, with the old code.',
    },
    {
      code: 'EPIPE',
      by: 'server',
      message: 'write EPIPE',
      means:
        'You wrote to somebody who has gone. They had closed their side, the reset that answered your first bytes came back, and this write was one too many.',
      causes: [
        'The caller gave up: a closed tab, a time limit, a crash.',
        'Your program goes on writing after `end` or `close` told it that nobody is there.',
      ],
      fix: 'Listen to `error` and `close` on every socket, and stop producing when they come; `pipeline` from `node:stream` does both. A caller who goes away is an everyday thing, not a fault to log loudly.',
      rfc: [{ n: 9293, s: '3.6.1' }],
    },
    {
      code: 'ENOTFOUND',
      by: 'client',
      message: 'getaddrinfo ENOTFOUND ledger.invalid',
      means: 'The name has no address. Nobody was called.',
      causes: [
        "A letter in the name is wrong, or the scheme is in it: `host: 'https://api.tally.example'`.",
        'The name is known in another network only: a container, a VPN, a private zone.',
      ],
      fix: 'Ask for the name from the same machine and user (`getent hosts NAME`, or `dns.lookup` in Node.js), then mend the name or the resolver.',
      not: 'Calling the bare address. The certificate is for the name, so the next error is `ERR_TLS_CERT_ALTNAME_INVALID`, and the advice against that one is worse.',
      browser: 'ERR_NAME_NOT_RESOLVED',
      rfc: [{ n: 6761, s: '6.4' }],
    },
    {
      code: 'EPROTO',
      by: 'client',
      message:
        'write EPROTO …:error:0A00010B:SSL routines:tls_validate_record_header:wrong version number:../deps/openssl/openssl/ssl/record/methods/tlsany_meth.c:77:',
      means:
        'The handshake failed while a request was waiting for it. `EPROTO` is only the wrapping: the reason is in the middle of the message, here “wrong version number”.',
      causes: [
        'Any fault of the handshake, met by `https.request` or by a socket that was written to at once.',
      ],
      fix: 'Read the words after “SSL routines”, and look them up here: `wrong version number` is `ERR_SSL_WRONG_VERSION_NUMBER`, `alert protocol version` is `ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION`, and so on.',
    },
  ],
};
