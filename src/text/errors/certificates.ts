import type { ErrorKind } from './entry.ts';

/** What a client finds wrong with a server's certificate; a server finds the same with a client's. */
export const certificates: ErrorKind = {
  id: 'certificates',
  title: 'Certificates that are refused',
  about:
    'The handshake itself was in order; the chain of certificates did not convince. A client throws these. A server keeps its opinion of a client’s certificate in `socket.authorizationError`, under the same names. Against each of them the same advice is handed around: `rejectUnauthorized: false`, or `NODE_TLS_REJECT_UNAUTHORIZED=0`, which does it to the whole process. It does not mend the certificate. It makes the program talk to anybody, Mallory included, and send her whatever it would have sent the server.',
  entries: [
    {
      code: 'ERR_TLS_CERT_ALTNAME_INVALID',
      by: 'client',
      message:
        "Hostname/IP does not match certificate's altnames: Host: localhost. is not in the cert's altnames: DNS:other.example",
      means:
        'The chain is good, and it is somebody else’s. The name you called is not among the certificate’s subject alternative names; the common name does not count where there are such names.',
      causes: [
        'You called by another name than the certificate is for: an IP address, `localhost`, the old host.',
        'A name was forgotten when the certificate was ordered. `*.tally.example` covers `api.tally.example`, but neither `tally.example` nor `a.b.tally.example`.',
        'Somebody answers in the server’s place, with a certificate that really is theirs.',
      ],
      fix: 'Call the server by a name that is in its certificate; if you must connect to an address, say the name with `servername`. Or have a certificate issued that holds the name. The message lists the names that there are.',
      not: '`checkServerIdentity: () => undefined`. Then every certificate of every trusted authority will do, and Mallory owns one.',
      browser: 'ERR_CERT_COMMON_NAME_INVALID',
      rfc: [
        { n: 9525, s: '6.3' },
        { n: 9110, s: '4.3.4' },
      ],
    },
    {
      code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
      by: 'client',
      message:
        'unable to verify the first certificate; if the root CA is installed locally, try running Node.js with --use-system-ca',
      means:
        'Only one certificate came, and its issuer is not at hand, neither sent along nor trusted. So there is no key to verify its signature with.',
      causes: [
        'The server sends its own certificate and forgets the intermediate. Browsers often have that one from elsewhere, which is why “it works in the browser”.',
        'A private authority that this program has not been told of.',
        'A client certificate from an authority that the server does not list in `ca`.',
      ],
      fix: 'The server sends its chain: its own certificate first, then each issuer, in one PEM file given to `cert`. The one who checks is given the root: in `ca`, or with `NODE_EXTRA_CA_CERTS=file` when the program starts.',
      not: 'Adding the server’s own certificate to `ca`, and doing it again at each renewal.',
      browser: 'ERR_CERT_AUTHORITY_INVALID',
      rfc: [
        { n: 8446, s: '4.4.2' },
        { n: 5280, s: '6.1.3' },
      ],
      seen: [{ lesson: 'mutual-tls', step: 'foreign-certificate' }],
    },
    {
      code: 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
      by: 'client',
      message: 'unable to get local issuer certificate',
      means:
        'A chain came, and it ends at an authority that you do not have. One more certificate, the root, must be yours.',
      causes: [
        'A private authority that this program has not been told of.',
        'You gave `ca` the wrong file. Whatever is in `ca` replaces Node’s own list: with a private root there, public sites are refused.',
        'The inspection of a company’s proxy, which signs for every site with a root of its own.',
      ],
      fix: 'Get the root from those who run the authority, by a way you trust, and name it in `ca`. If public sites must work too: `ca: [...tls.rootCertificates, yours]`, or `NODE_EXTRA_CA_CERTS`, which adds.',
      not: 'Saving whatever certificate the connection shows, and trusting it from then on. It is the very one that is in doubt.',
      browser: 'ERR_CERT_AUTHORITY_INVALID',
      rfc: [{ n: 5280, s: '6.1' }],
    },
    {
      code: 'UNABLE_TO_GET_ISSUER_CERT',
      by: 'client',
      message:
        'unable to get issuer certificate; if the root CA is installed locally, try running Node.js with --use-system-ca',
      means:
        'A certificate that you trust is an intermediate, and its own issuer is missing. OpenSSL wants to end at a root that signs itself. A server also says this, as `authorizationError`, of a client that sent no certificate at all.',
      causes: [
        '`ca` holds the intermediate, not the root.',
        'The trusted file was cut short: the root stood at its end.',
      ],
      fix: 'Put the root into `ca`. If the intermediate is really all that you want to trust, say so: `allowPartialTrustChain: true`.',
      browser: 'ERR_CERT_AUTHORITY_INVALID',
      rfc: [{ n: 5280, s: '6.1.1' }],
    },
    {
      code: 'SELF_SIGNED_CERT_IN_CHAIN',
      by: 'client',
      message: 'self-signed certificate in certificate chain',
      means:
        'The server sent its root along, and you do not trust that root. It is the same doubt as in “unable to get local issuer certificate”: a root is not believed for being shown.',
      causes: [
        'A private authority that this program has not been told of.',
        'A company’s proxy inspects the traffic, and npm or your program does not know its root.',
      ],
      fix: 'Trust the root, if it is to be trusted: `ca`, `NODE_EXTRA_CA_CERTS`, or `--use-system-ca` where the machine’s administrator has installed it. The server may leave the root out: who trusts it has it.',
      not: '`npm config set strict-ssl false`, the favourite of forums. Packages are then installed from whoever answers.',
      browser: 'ERR_CERT_AUTHORITY_INVALID',
      rfc: [{ n: 8446, s: '4.4.2' }],
    },
    {
      code: 'DEPTH_ZERO_SELF_SIGNED_CERT',
      by: 'client',
      message:
        'self-signed certificate; if the root CA is installed locally, try running Node.js with --use-system-ca',
      means:
        'The server vouches for itself and nobody else does. Depth zero is the server’s own certificate.',
      causes: [
        'A certificate made for a test with one `openssl req -x509`.',
        'A device, or a fresh installation, that has not been given a certificate yet.',
        'Somebody on the path made one a moment ago.',
      ],
      fix: 'For development make a small authority, trust its root, and let it sign the server’s certificate (lesson 3). For one server you know, put its certificate into `ca`: then this one is trusted, and no other.',
      browser: 'ERR_CERT_AUTHORITY_INVALID',
      rfc: [{ n: 5280, s: '3.2' }],
    },
    {
      code: 'CERT_HAS_EXPIRED',
      by: 'client',
      message: 'certificate has expired',
      means:
        'Now is after `notAfter`, in one of the certificates of the chain: not always the first. Its authority no longer answers for it, and may have forgotten whether it was revoked.',
      causes: [
        'Nobody renewed it, or it was renewed and the running server still holds the old one.',
        'An intermediate or a root has expired, with a good certificate below it.',
        'The clock of the machine that checks is wrong.',
      ],
      fix: 'Renew it, by itself and long before the end; `server.setSecureContext` takes the new one without a restart. Ask `openssl x509 -noout -dates` of each certificate in the chain, and `date` of the clock.',
      not: 'Setting the clock back.',
      browser: 'ERR_CERT_DATE_INVALID',
      rfc: [{ n: 5280, s: '4.1.2.5' }],
    },
    {
      code: 'CERT_NOT_YET_VALID',
      by: 'client',
      message: 'certificate is not yet valid',
      means: 'Now is before `notBefore`.',
      causes: [
        'The clock of the one who checks is behind. A machine without a battery begins each day in 1970.',
        'The certificate was issued a second ago by a machine whose clock is ahead.',
      ],
      fix: 'Mend the clock (NTP). Authorities begin the validity of what they issue a little in the past, because clocks differ: do so in yours.',
      browser: 'ERR_CERT_DATE_INVALID',
      rfc: [{ n: 5280, s: '4.1.2.5' }],
    },
    {
      code: 'INVALID_PURPOSE',
      by: 'client',
      message: 'unsuitable certificate purpose',
      means:
        'The certificate may not be used like this. Its extended key usage says client and a server shows it, or the other way round; or a certificate that is no authority has signed another.',
      causes: [
        'One certificate is used for both directions and was issued for one.',
        'Mutual TLS with a server’s certificate at the client: it needs `clientAuth`.',
      ],
      fix: 'Have one issued with the right usage: `serverAuth` for who listens, `clientAuth` for who calls, both only where a program does both.',
      browser: 'ERR_CERT_INVALID',
      rfc: [{ n: 5280, s: '4.2.1.12' }],
    },
    {
      code: 'CERT_REVOKED',
      by: 'client',
      message: 'certificate revoked',
      means:
        'Its authority has taken it back, and says so in a revocation list that you gave to `crl`. Without such a list Node.js does not ask: a revoked certificate is then accepted until it expires.',
      causes: [
        'The key was lost or copied, or the service is gone.',
        'An old certificate is still configured somewhere.',
      ],
      fix: 'Make a new key, not merely a new certificate, and find out how the old one got away.',
      not: 'Leaving the list out of `crl`.',
      browser: 'ERR_CERT_REVOKED',
      rfc: [
        { n: 5280, s: '5' },
        { n: 5280, s: '6.3' },
      ],
    },
  ],
};
