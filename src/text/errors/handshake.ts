import type { ErrorKind } from './entry.ts';

/** OpenSSL's words for an alert received, or for what one found oneself. */
export const handshake: ErrorKind = {
  id: 'handshake',
  title: 'The handshake',
  about:
    'OpenSSL’s errors begin with `ERR_SSL_`. With `ALERT` in the name they quote the other side: it refused, and sent this as its reason. Without it, this side found the fault itself, and the other is told with an alert. So these come in pairs, and the log of the one who refuses says more. (`TLSV1` and `SSL/TLS` in the name of an alert say when the alert was invented, not what is spoken.)',
  entries: [
    {
      code: 'ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED',
      by: 'client',
      message:
        '…:error:0A00045C:SSL routines:ssl3_read_bytes:tlsv13 alert certificate required:../deps/openssl/openssl/ssl/record/rec_layer_s3.c:918:SSL alert number 116',
      means:
        'The server demands a certificate and you showed none. In TLS 1.3 the alert comes after your own `secureConnect`, when you first read: the handshake was over on your side.',
      causes: [
        '`cert` and `key` are not among the options of the call, or only one of them is.',
        'The options went to something that does not take them: `fetch` has no `cert`.',
        'A proxy calls in your place, without your certificate.',
      ],
      fix: 'Give the client `cert` and `key`. For `node:https` they belong in the request’s options or its agent’s.',
      not: '`rejectUnauthorized: false` at the server. It then serves callers who show nothing, unless each handler looks at `socket.authorized`.',
      browser: 'ERR_BAD_SSL_CLIENT_AUTH_CERT',
      rfc: [
        { n: 8446, s: '6.2' },
        { n: 8446, s: '4.4.2.4' },
      ],
      seen: [
        { lesson: 'mutual-tls', step: 'no-certificate' },
        { lesson: 'certificate-bound-tokens', step: 'strict-api' },
      ],
    },
    {
      code: 'ERR_SSL_PEER_DID_NOT_RETURN_A_CERTIFICATE',
      by: 'server',
      message:
        '…:error:0A0000C7:SSL routines:tls_process_client_certificate:peer did not return a certificate:../deps/openssl/openssl/ssl/statem/statem_srvr.c:3764:',
      means:
        'The same refusal, as the server tells it in `tlsClientError`: it asked for a certificate, insists, and got an empty list.',
      causes: [
        'A client without a certificate: a health check, a scanner, a browser.',
        'A client of yours that lost its configuration.',
      ],
      fix: 'Print the address beside the code and find out who it is. A probe that cannot hold a certificate gets a port of its own that gives nothing away.',
      not: 'Letting everyone in because one probe cannot.',
      rfc: [{ n: 8446, s: '4.4.2.4' }],
      seen: [{ lesson: 'mutual-tls', step: 'no-certificate' }],
    },
    {
      code: 'ERR_SSL_TLSV1_ALERT_UNKNOWN_CA',
      by: 'server',
      message:
        '…:error:0A000418:SSL routines:ssl3_read_bytes:tlsv1 alert unknown ca:../deps/openssl/openssl/ssl/record/rec_layer_s3.c:918:SSL alert number 48',
      means:
        'The other side does not know the authority behind your certificate. Node.js itself never sends this alert, it hangs up; `curl` and servers in other languages do.',
      causes: [
        'A client does not trust your server’s root, or you do not send the intermediate.',
        'Your client’s certificate is from an authority that the server does not list.',
      ],
      fix: 'Send the whole chain, then have the other side trust the root. It is their `ca` that decides, not yours.',
      not: '`curl -k`.',
      rfc: [{ n: 8446, s: '6.2' }],
    },
    {
      code: 'ERR_SSL_TLSV1_ALERT_DECRYPT_ERROR',
      by: 'client',
      message:
        '…:error:0A00041B:SSL routines:ssl3_read_bytes:tlsv1 alert decrypt error:../deps/openssl/openssl/ssl/record/rec_layer_s3.c:918:SSL alert number 51',
      means:
        'A signature of yours did not verify. The certificate you showed is not the certificate of the key you signed with; the name says “decrypt”, and nothing was to be decrypted.',
      causes: [
        'A copied certificate with a key made to look like its own.',
        'A hardware key or a KMS that signs with another key than the one that was certified.',
      ],
      fix: 'Compare the public key in the certificate with the public key of what really signs. Where it is not your own client, it is somebody with a stolen certificate: look who called.',
      rfc: [
        { n: 8446, s: '4.4.3' },
        { n: 8446, s: '6.2' },
      ],
      seen: [
        { lesson: 'mutual-tls', step: 'forged-key' },
        { lesson: 'certificate-bound-tokens', step: 'copied-certificate' },
      ],
    },
    {
      code: 'ERR_SSL_PROVIDER_SIGNATURE_FAILURE',
      by: 'server',
      message:
        '…:error:030000EA:digital envelope routines:EVP_DigestVerifyFinal:provider signature failure:../deps/openssl/openssl/crypto/evp/m_sigver.c:703:ECDSA digest_verify_final:',
      means:
        'The same, as the one who checked tells it: CertificateVerify does not fit the certificate. With RSA keys the words are others, and vary.',
      causes: ['Somebody showed a certificate whose key they do not hold.'],
      fix: 'Leave it as it is: this refusal is what mutual TLS is for. Note the address, and ask whose certificate it was.',
      rfc: [{ n: 8446, s: '4.4.3' }],
      seen: [{ lesson: 'mutual-tls', step: 'forged-key' }],
    },
    {
      code: 'ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION',
      by: 'client',
      message:
        '…:error:0A00042E:SSL routines:ssl3_read_bytes:tlsv1 alert protocol version:../deps/openssl/openssl/ssl/record/rec_layer_s3.c:918:SSL alert number 70',
      means: 'The server knows the versions you offered, and speaks none of them.',
      causes: [
        'The server begins at TLS 1.3, and your program ends at 1.2.',
        'The server is so old that it ends at TLS 1.1, which Node.js does not offer.',
      ],
      fix: 'Update the side that is behind. TLS 1.0 and 1.1 are not to be negotiated at all.',
      not: "`minVersion: 'TLSv1'`, `secureProtocol`, or `--tls-min-v1.0`: they bring back what was taken out for good reasons.",
      browser: 'ERR_SSL_PROTOCOL_ERROR',
      rfc: [
        { n: 8446, s: '6.2' },
        { n: 8996, s: '2' },
      ],
    },
    {
      code: 'ERR_SSL_UNSUPPORTED_PROTOCOL',
      by: 'server',
      message:
        '…:error:0A000102:SSL routines:tls_early_post_process_client_hello:unsupported protocol:../deps/openssl/openssl/ssl/statem/statem_srvr.c:1780:',
      means:
        'The same, as the server tells it: a client came that offers only versions which this server does not speak.',
      causes: ['An old client, or a scanner that tries old versions on everybody.'],
      fix: 'If it is a client you need, have it updated. If it is a scanner, nothing.',
      rfc: [{ n: 8446, s: '4.2.1' }],
    },
    {
      code: 'ERR_SSL_SSL/TLS_ALERT_HANDSHAKE_FAILURE',
      by: 'client',
      message:
        '…:error:0A000410:SSL routines:ssl3_read_bytes:ssl/tls alert handshake failure:../deps/openssl/openssl/ssl/record/rec_layer_s3.c:918:SSL alert number 40',
      means:
        'The server found nothing among your offers that it can use: no cipher suite, no group, no kind of signature in common. In TLS 1.2 it also says this to a client without a certificate, because `certificate_required` did not exist yet.',
      causes: [
        '`ciphers` was narrowed on one side, and on the other side, too, to something else.',
        'The server has an RSA certificate only and the client takes ECDSA only, or the reverse.',
        'TLS 1.2, and a client certificate was demanded.',
      ],
      fix: 'Read the server’s own log, which names what it missed. Then take the narrowing away: the defaults of a current Node.js meet those of any current server.',
      not: "`ciphers: 'ALL'` or `@SECLEVEL=0`, which also let in what is broken.",
      browser: 'ERR_SSL_PROTOCOL_ERROR',
      rfc: [
        { n: 8446, s: '6.2' },
        { n: 8446, s: '4.1.1' },
      ],
    },
    {
      code: 'ERR_SSL_NO_SHARED_CIPHER',
      by: 'server',
      message:
        '…:error:0A0000C1:SSL routines:tls_post_process_client_hello:no shared cipher:../deps/openssl/openssl/ssl/statem/statem_srvr.c:2361:',
      means:
        'The same, as the server tells it: of the cipher suites that the client offered, it may use none.',
      causes: [
        'Two lists of `ciphers` that do not meet.',
        'A server without a certificate: with neither `cert` nor `key`, no suite can be used.',
      ],
      fix: 'Check first that the server was given its certificate at all. Then drop `ciphers` on both sides.',
      rfc: [{ n: 8446, s: '4.1.1' }],
    },
    {
      code: 'ERR_SSL_TLSV1_ALERT_NO_APPLICATION_PROTOCOL',
      by: 'client',
      message:
        '…:error:0A000460:SSL routines:ssl3_read_bytes:tlsv1 alert no application protocol:../deps/openssl/openssl/ssl/record/rec_layer_s3.c:918:SSL alert number 120',
      means: 'You offered protocols to speak inside TLS (ALPN), and the server has none of them.',
      causes: [
        'The client insists on `h2` and the server speaks HTTP/1.1.',
        'Another service listens on that port.',
      ],
      fix: "Offer what you can also do without: `ALPNProtocols: ['h2', 'http/1.1']`. Or call the port where that protocol is spoken.",
      rfc: [{ n: 7301, s: '3.2' }],
    },
    {
      code: 'ERR_SSL_WRONG_VERSION_NUMBER',
      by: 'client',
      message:
        '…:error:0A00010B:SSL routines:tls_validate_record_header:wrong version number:../deps/openssl/openssl/ssl/record/methods/tlsany_meth.c:77:',
      means:
        'What came back is no TLS at all. OpenSSL reads the first five bytes as the head of a record, finds letters where the version should be, and calls that a wrong version.',
      causes: [
        'The server speaks plain HTTP on this port: `https://` where it should be `http://`, or 443 where it should be 8080.',
        'A proxy answered with a page of its own.',
        'A server that expects STARTTLS: mail and databases begin in clear.',
      ],
      fix: 'Look at what really comes: `curl -v http://HOST:PORT/`. Then mend the address, or turn TLS on at the server.',
      not: 'Changing TLS versions. The message is not about them. Nor `http://`, for anything that carries a password or a token.',
      browser: 'ERR_SSL_PROTOCOL_ERROR',
      rfc: [{ n: 8446, s: '5.1' }],
    },
    {
      code: 'ERR_SSL_HTTP_REQUEST',
      by: 'server',
      message:
        '…:error:0A00009C:SSL routines:tls_validate_record_header:http request:../deps/openssl/openssl/ssl/record/methods/tlsany_meth.c:68:',
      means:
        'The mirror image: somebody sends plain HTTP to a port where TLS is spoken. The server recognised the words of a request.',
      causes: [
        '`http://` in an address or in a health check.',
        'A proxy that ends TLS and passes the request on in clear.',
      ],
      fix: 'Call with `https://`. If the request bore a password or a token, it crossed the wire in clear: change them.',
      browser: 'ERR_EMPTY_RESPONSE',
      rfc: [{ n: 9110, s: '4.2.2' }],
    },
    {
      code: 'ERR_SSL_DECRYPTION_FAILED_OR_BAD_RECORD_MAC',
      by: 'client',
      message:
        '…:error:0A000119:SSL routines:tls_get_more_records:decryption failed or bad record mac:../deps/openssl/openssl/ssl/record/methods/tls_common.c:873:',
      means:
        'A record arrived that the agreed keys do not open: it was changed on the way. TCP’s own checksum would have caught an accident, so think of a program before you think of a cable.',
      causes: [
        'Somebody on the path changes bytes.',
        'A broken proxy or network driver, or a program that writes to the socket beneath TLS.',
      ],
      fix: 'Nothing to repair in TLS: the connection is over, as it must be, and no changed byte was believed. Find what sits between the two.',
      rfc: [
        { n: 8446, s: '5.2' },
        { n: 8446, s: '6.2' },
      ],
    },
  ],
};
