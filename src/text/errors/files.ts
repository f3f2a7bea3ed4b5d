import type { ErrorKind } from './entry.ts';

/** What a program finds in its own files before it has called anybody. */
export const files: ErrorKind = {
  id: 'files',
  title: 'Keys and files',
  about:
    'Thrown by `createServer`, `connect`, `createSecureContext` or the crypto functions, on your own machine, before a byte is sent.',
  entries: [
    {
      code: 'ERR_OSSL_X509_KEY_VALUES_MISMATCH',
      by: 'program',
      message: 'error:05800074:x509 certificate routines::key values mismatch',
      means: 'The private key in `key` is not the key of the first certificate in `cert`.',
      causes: [
        'The files of two services were mixed up, or only one of the two was renewed.',
        'The PEM file in `cert` has the chain in the wrong order: the intermediate stands first.',
      ],
      fix: 'Compare the public halves: `openssl x509 -pubkey -noout -in cert.pem` and `openssl pkey -pubout -in key.pem` must print the same. Write certificate and key in one go when you renew.',
      rfc: [{ n: 8446, s: '4.4.2' }],
      seen: [
        { lesson: 'mutual-tls', step: 'wrong-key' },
        { lesson: 'certificate-bound-tokens', step: 'copied-certificate' },
      ],
    },
    {
      code: 'ERR_OSSL_PEM_NO_START_LINE',
      by: 'program',
      message: 'error:0480006C:PEM routines::no start line',
      means: 'There is no `-----BEGIN …-----` in what was to be PEM.',
      causes: [
        'The file holds DER, or is empty, or is the page of an error that a download saved.',
        'The *name* of the file was passed, not its contents.',
        'An environment variable lost its line breaks, or holds `\\n` as two characters.',
      ],
      fix: 'Print the first line of what you pass (of a certificate, not of a key). Read files with `readFileSync`; turn DER into PEM with `openssl x509 -inform der`.',
      rfc: [{ n: 7468, s: '2' }],
    },
    {
      code: 'ERR_SSL_EE_KEY_TOO_SMALL',
      by: 'program',
      message: 'error:0A00018F:SSL routines::ee key too small',
      means:
        'The certificate’s RSA key has fewer than 2,048 bits. “EE” is the end entity: the certificate that is shown first.',
      causes: ['An old device or an old script made the key: 1,024 bits were once usual.'],
      fix: 'Make a new key, RSA with 2,048 bits or better P-256, and have it certified.',
      not: "`ciphers: 'DEFAULT@SECLEVEL=0'`, which lowers the bar for every connection of the program.",
      rfc: [{ n: 9325, s: '4.5' }],
    },
    {
      code: 'ENOENT',
      by: 'program',
      message: "ENOENT: no such file or directory, open '/lab/certificates/app.pem'",
      means: 'The file is not there: not under this name, or not seen from this folder.',
      causes: [
        'A relative path is taken from where the program was *started*, not from where its file lies.',
        'The certificates have not been made yet.',
      ],
      fix: "Name files from the module: `new URL('certificates/app.pem', import.meta.url)`. Make what must be there before the server starts, and let it fail at its start, not at the first call.",
    },
  ],
};
