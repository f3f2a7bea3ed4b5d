/**
 * Handshakes that somebody breaks, on real Node at both ends and on the engine at both ends: what each end reports must be
 * the same code, reason and library. What is not the same is listed, each with its reason and with the codes that ours
 * must be, so that a refusal which becomes an acceptance is seen.
 */
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import path from 'node:path';
import { before, describe, test } from 'node:test';
import { isDeepStrictEqual } from 'node:util';
import { type Compared, groups, runBoth } from '../node/tls/differential.ts';
import { tell } from './support/tally.ts';

const program = path.join(import.meta.dirname, 'programs/broken-handshakes.cjs');

/** Why we end otherwise, and the codes that our client and our server end with, without `ERR_SSL_`. */
type Difference = readonly [why: string, client: string, server: string];

const DAMAGED = 'DECRYPTION_FAILED_OR_BAD_RECORD_MAC';
const SSL3 = 'RFC 8446 Appendix D.5 asks for protocol_version; OpenSSL says handshake_failure';
const IN_CLEAR: Difference = [
  'keys do not agree, so the server cannot read our alert, which is encrypted like everything after ServerHello; OpenSSL’s client still writes in clear then',
  DAMAGED,
  DAMAGED,
];
const DECODE_ERROR = 'decode_error is the alert for a wrong length (RFC 8446 §6.2)';
const UNSOLICITED: Difference = [
  'RFC 8446 §4.2, RFC 5246 §7.4.1.4: an answer to what was not asked is unsupported_extension; OpenSSL passes over extensions it does not know',
  'UNSOLICITED_EXTENSION',
  'TLSV1_UNSUPPORTED_EXTENSION',
];
const EARLY_ALERT: Difference = [
  'the alert itself is the same; OpenSSL’s client writes it in a record of version 0x0301 as long as it has read no ServerHello, and its own server takes that for another protocol',
  'UNEXPECTED_MESSAGE',
  'SSL/TLS_ALERT_UNEXPECTED_MESSAGE',
];
const EXTENDED_MASTER_SECRET = 'RFC 7627 §5.2, §5.3: an end may insist on the extension, and ours do';
const SHORT_RECORD: Difference = [
  'RFC 5246 §7.2.2: bad_record_mac; OpenSSL’s cipher refuses to begin, and that becomes internal_error',
  'SSL/TLS_ALERT_BAD_RECORD_MAC',
  DAMAGED,
];

const KNOWN: Readonly<Record<string, Readonly<Record<string, Difference>>>> = {
  'TLSv1.3': {
    'legacy_version is SSL 3.0': [SSL3, 'TLSV1_ALERT_PROTOCOL_VERSION', 'UNSUPPORTED_PROTOCOL'],
    'legacy_version is TLS 1.3': IN_CLEAR,
    'the random is another': IN_CLEAR,
    'an unknown extension': IN_CLEAR,
    "the server's random is another": IN_CLEAR,
    'the suite is another that was offered': IN_CLEAR,
    "the server's key is another": IN_CLEAR,
    'supported_versions of odd length': [DECODE_ERROR, 'TLSV1_ALERT_DECODE_ERROR', 'LENGTH_MISMATCH'],
    'supported_versions empty': [DECODE_ERROR, 'TLSV1_ALERT_DECODE_ERROR', 'LENGTH_MISMATCH'],
    'an alert of three bytes': [DECODE_ERROR, 'TLSV1_ALERT_DECODE_ERROR', 'INVALID_ALERT'],
    'a retry with an empty cookie': [
      `${DECODE_ERROR}: a cookie has at least one byte (§4.2.2)`,
      'LENGTH_MISMATCH',
      'TLSV1_ALERT_DECODE_ERROR',
    ],
    'two key shares of one group': [
      'RFC 8446 §4.2.8 forbids them, and we look; OpenSSL takes one of them',
      'SSL/TLS_ALERT_ILLEGAL_PARAMETER',
      'BAD_KEY_SHARE',
    ],
    'an empty record': [
      'RFC 8446 §5.1: no empty fragments of handshake messages; OpenSSL passes over them',
      'SSL/TLS_ALERT_UNEXPECTED_MESSAGE',
      'UNEXPECTED_MESSAGE',
    ],
    "the server's legacy_version is TLS 1.3": [
      'RFC 8446 §4.1.3: it must be 0x0303, and we look',
      'BAD_LEGACY_VERSION',
      'SSL/TLS_ALERT_ILLEGAL_PARAMETER',
    ],
    "no key of the server's": [
      'RFC 8446 §9.2: missing_extension; OpenSSL says illegal_parameter',
      'NO_SUITABLE_KEY_SHARE',
      'TLSV13_ALERT_MISSING_EXTENSION',
    ],
    'an answer to an extension nobody sent': UNSOLICITED,
    'a HelloRequest instead': EARLY_ALERT,
    'a Finished instead': EARLY_ALERT,
    'a ClientHello instead': EARLY_ALERT,
  },
  'TLSv1.2': {
    'client_version is SSL 3.0': [
      'RFC 5246 Appendix E.1 asks for protocol_version; OpenSSL says handshake_failure',
      'TLSV1_ALERT_PROTOCOL_VERSION',
      'UNSUPPORTED_PROTOCOL',
    ],
    'no extensions': [
      EXTENDED_MASTER_SECRET,
      'SSL/TLS_ALERT_HANDSHAKE_FAILURE',
      'MISSING_EXTENDED_MASTER_SECRET',
    ],
    'no extended_master_secret': [
      EXTENDED_MASTER_SECRET,
      'SSL/TLS_ALERT_HANDSHAKE_FAILURE',
      'MISSING_EXTENDED_MASTER_SECRET',
    ],
    'the server takes no extended_master_secret': [
      EXTENDED_MASTER_SECRET,
      'MISSING_EXTENDED_MASTER_SECRET',
      'SSL/TLS_ALERT_HANDSHAKE_FAILURE',
    ],
    'point formats without the uncompressed one': [
      'RFC 8422 §5.1.2: illegal_parameter; OpenSSL does not look',
      'SSL/TLS_ALERT_ILLEGAL_PARAMETER',
      'BAD_POINT_FORMATS',
    ],
    'an answer to an extension nobody sent': UNSOLICITED,
    'no ServerHello': EARLY_ALERT,
    'ClientKeyExchange with nothing': [
      'RFC 8422 §5.7: a point has at least one byte, so decode_error',
      'TLSV1_ALERT_DECODE_ERROR',
      'LENGTH_MISMATCH',
    ],
    'two changes of ciphers from the client': SHORT_RECORD,
    "the client's Finished is cut short": SHORT_RECORD,
  },
};

for (const [version, known] of Object.entries(KNOWN)) {
  describe(`broken handshakes of ${version}`, async () => {
    let compared: Compared;
    before(async () => {
      compared = await runBoth(program, version);
    });
    const names = caseNames(version);
    const sidesOf = (name: string) =>
      [groups(compared.real).get(name), groups(compared.sandbox).get(name)] as const;
    const isAsExpected = (name: string) => {
      const [real, sandbox = []] = sidesOf(name);
      if (!(name in known)) return isDeepStrictEqual(real, sandbox);
      const [, ...codes] = known[name];
      return isDeepStrictEqual(sandbox.map(codeOf), codes);
    };
    test(`there are at least twenty, and all of them ran`, (context) => {
      assert.ok(names.length >= 20);
      assert.deepEqual([...groups(compared.real).keys()], names);
      assert.deepEqual([...groups(compared.sandbox).keys()], names);
      assert.deepEqual(
        Object.keys(known).filter((name) => !names.includes(name)),
        [],
        'every listed difference is that of a case',
      );
      const hang = [...compared.real, ...compared.sandbox].filter((line) => line.endsWith(' hangs'));
      assert.deepEqual(hang, [], 'a connection that only patience ended, on either side');
      const passed = names.filter((name) => isAsExpected(name)).length;
      context.diagnostic(
        `${Object.keys(known).length} end otherwise than on real Node, each as it is listed`,
      );
      tell(context, `handshakes: ${version}`, { run: names.length, passed });
    });
    for (const name of names) {
      test(name in known ? `${name} (differs: ${known[name][0]})` : name, () => {
        const [real, sandbox] = sidesOf(name);
        assert.equal(real?.length, 2, 'real Node printed a line an end');
        if (!(name in known)) return assert.deepEqual(sandbox, real);
        assert.notDeepEqual(sandbox, real, 'listed as different, and is not');
        const [, ...codes] = known[name];
        assert.deepEqual(sandbox?.map(codeOf), codes, 'differs, and otherwise than listed');
      });
    }
  });
}

function codeOf(line: string): string {
  return /rror ERR_SSL_(\S+)/.exec(line)?.[1] ?? line;
}

function caseNames(version: string): string[] {
  const file = `./programs/broken-${version === 'TLSv1.2' ? '12' : '13'}.cjs`;
  const pair = () => ({});
  return Object.keys(createRequire(import.meta.url)(file)(pair, { 'second.chain': '' }));
}
