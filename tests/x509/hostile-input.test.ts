import assert from 'node:assert/strict';
import { createPublicKey } from 'node:crypto';
import { describe, test } from 'node:test';
import {
  children,
  legacyCertificate,
  nameText,
  readCertificate,
  readDer,
  readInteger,
  readObjectIdentifier,
  readPem,
  readPrivateKey,
  readPrivateKeyPem,
  readPublicKey,
  verifyChain,
  writeInteger,
  writeObjectIdentifier,
  writePem,
  X509Error,
} from '../../src/x509/index.ts';
import {
  der,
  extension,
  extensions,
  general,
  type Issued,
  issue,
  makeKey,
  makePki,
  name,
  nodeCertificate,
} from '../support/pki.ts';
import { processorTime } from '../support/processor-time.ts';
import { makeRandom, mutate } from './mutate.ts';

const bytes = (hex: string) => Uint8Array.from(Buffer.from(hex.replaceAll(' ', ''), 'hex'));

function refuses(code: string, run: () => unknown): void {
  assert.throws(run, (error) => error instanceof X509Error && error.code === code);
}

describe('DER is taken in its one form only (X.690 §10)', () => {
  const wrong: readonly (readonly [why: string, hex: string])[] = [
    ['nothing', ''],
    ['no length', '30'],
    ['an indefinite length', '30 80 00 00'],
    ['a long form for a short length', '04 81 01 00'],
    ['a length with a leading zero', `04 82 00 80 ${'00'.repeat(128)}`],
    ['a length of five bytes', '04 85 00 00 00 00 01 00'],
    ['less content than said', '04 02 00'],
    ['more content than said', '04 00 00'],
    ['a tag number above 30', '1f 81 00 00'],
    ['a string in pieces', '24 04 04 02 00 00'],
    ['a SEQUENCE that says it holds nothing', '10 00'],
    ['an end-of-contents mark', '00 00'],
  ];
  for (const [why, hex] of wrong) test(`not ${why}`, () => refuses('bad-der', () => readDer(bytes(hex))));

  const wrongIntegers = ['02 00', '02 02 00 01', '02 02 ff 80', '02 02 00 7f'];
  for (const hex of wrongIntegers) {
    test(`not the INTEGER ${hex} (§8.3.2)`, () => refuses('bad-der', () => readInteger(readDer(bytes(hex)))));
  }
  test('INTEGERs go in and out', () => {
    for (const value of [0n, 1n, 127n, 128n, 255n, 256n, 2n ** 64n, 2n ** 2047n]) {
      assert.equal(readInteger(readDer(writeInteger(value))), value);
    }
    assert.equal(readInteger(readDer(bytes('02 01 80'))), -128n);
    assert.equal(readInteger(readDer(bytes('02 02 ff 7f'))), -129n);
  });

  const wrongIdentifiers = [
    '06 00',
    '06 01 80',
    '06 02 2a 86',
    '06 03 2a 80 01',
    `06 20 2a ${'ff'.repeat(30)} 7f`,
  ];
  for (const hex of wrongIdentifiers) {
    test(`not the OBJECT IDENTIFIER ${hex} (§8.19)`, () =>
      refuses('bad-der', () => readObjectIdentifier(readDer(bytes(hex)))));
  }
  test('OBJECT IDENTIFIERs go in and out', () => {
    for (const oid of [
      '0.9.2342',
      '1.2.840.113549',
      '2.5.4.3',
      '2.999.3',
      '2.25.329800735698586629295641978511506172918',
    ]) {
      assert.equal(readObjectIdentifier(readDer(writeObjectIdentifier(oid))), oid);
    }
  });

  test('every element knows where it stands in the whole', () => {
    const { certificate } = makePki().ec.server;
    const check = (node: ReturnType<typeof readDer>) => {
      assert.deepEqual(
        Buffer.from(certificate.subarray(node.offset, node.offset + node.bytes.length)),
        Buffer.from(node.bytes),
      );
      if ((node.tag & 0x20) !== 0) children(node).forEach(check);
    };
    check(readDer(certificate));
  });
});

describe('PEM is taken strictly (RFC 7468)', () => {
  const block = (body: string) => `-----BEGIN X-----\n${body}\n-----END X-----\n`;
  for (const body of ['AAA', 'AA=A', 'AAAA=', 'A===', 'AB==', 'AAB=', 'AA*A', 'AA-_', '=', 'é']) {
    test(`not the base64 "${body}"`, () => refuses('bad-pem', () => readPem(block(body))));
  }
  test('not a block without its end, nor with another', () => {
    refuses('bad-pem', () => readPem('-----BEGIN X-----\nAAAA\n'));
    refuses('bad-pem', () => readPem('-----BEGIN X-----\nAAAA\n-----END Y-----\n'));
    refuses('bad-pem', () => readPem(`-----BEGIN X-----\nAAAA\n${block('AAAA')}`));
  });
  test('text around blocks, line ends of every system and white space do not matter', () => {
    const text = `notes\r\n-----BEGIN X----- \r\n AA\t\r\nAA \r\n-----END X-----\r\nmore\n${block('')}`;
    assert.deepEqual(
      readPem(text).map((one) => [one.label, one.bytes.length]),
      [
        ['X', 3],
        ['X', 0],
      ],
    );
  });
  test('what is written is read', () => {
    for (let length = 0; length < 100; length++) {
      const content = Uint8Array.from({ length }, (_, index) => index * 37);
      assert.deepEqual(readPem(writePem('X', content)), [{ label: 'X', bytes: content }]);
    }
  });
});

describe('whatever comes in, what comes out is an answer or an X509Error', () => {
  const ignoringRefusals = (run: () => void) => {
    try {
      run();
    } catch (error) {
      if (!(error instanceof X509Error)) throw error;
    }
  };

  /** Asked twice: Node at times throws what OpenSSL held against the certificate before. */
  const opensslReads = (certificate: Uint8Array): boolean =>
    [1, 2].some(() => {
      try {
        return nodeCertificate({ pem: writePem('CERTIFICATE', certificate) });
      } catch {
        return false;
      }
    });

  test('certificates, and all that is asked of them; none is read that OpenSSL cannot read', () => {
    const { rsa, ec, ed25519 } = makePki();
    const rich = issue({
      subject: name('C=CH', 'O=Test', 'CN=rich', 'emailAddress=a@b.example'),
      key: makeKey('ec', 'rich'),
      issuer: ec.intermediate,
      extensions: [
        extensions.authority(3),
        extensions.keyUsage('digitalSignature'),
        extensions.constraints({
          permitted: [general.dns('a'), general.ip(1, 2, 3, 4, 255, 0, 0, 0)],
          excluded: [general.email('x')],
        }),
        extensions.names(
          general.dns('a'),
          general.uri('https://a/'),
          general.directory(name('CN=d')),
          general.registered('1.2.3'),
        ),
        extension(
          '1.3.6.1.5.5.7.1.1',
          der.sequence(der.sequence(der.oid('1.3.6.1.5.5.7.48.1'), general.uri('http://o/'))),
        ),
      ],
    });
    const originals = [rich, rsa.server, ec.intermediate, ed25519.root];
    const anchors = [readCertificate(ec.root.certificate)];
    const random = makeRandom(1);
    let read = 0;
    for (let round = 0; round < 4000; round++) {
      const mutant = mutate(originals[round % originals.length].certificate, random);
      ignoringRefusals(() => {
        const certificate = readCertificate(mutant);
        read++;
        assert.ok(opensslReads(mutant), Buffer.from(mutant).toString('hex'));
        legacyCertificate(certificate);
        nameText(certificate.subject);
        const options = { anchors, purpose: 'serverAuth', now: new Date() } as const;
        for (const strict of [false, true]) {
          const { code } = verifyChain([certificate, readCertificate(ec.intermediate.certificate)], {
            ...options,
            strict,
          });
          if (code === null)
            assert.ok(originals.some((one) => Buffer.compare(one.certificate, mutant) === 0));
        }
      });
    }
    assert.ok(read > 500);
  });

  test('keys', () => {
    const random = makeRandom(2);
    for (const kind of ['rsa', 'rsa-pss', 'ec', 'ed25519'] as const) {
      const key = makeKey(kind, 'fuzz');
      const secret = key.export({ format: 'der', type: 'pkcs8' });
      const open = createPublicKey(key).export({ format: 'der', type: 'spki' });
      for (let round = 0; round < 300; round++) {
        ignoringRefusals(() => readPrivateKey(mutate(secret, random)));
        ignoringRefusals(() => readPublicKey(mutate(open, random)));
      }
    }
  });

  test('encrypted keys', () => {
    const text = makeKey('ec', 'fuzz')
      .export({ format: 'pem', type: 'pkcs8', cipher: 'aes-128-cbc', passphrase: 'x' })
      .toString();
    const [{ label, bytes: original }] = readPem(text);
    const random = makeRandom(3);
    for (let round = 0; round < 40; round++) {
      ignoringRefusals(() => readPrivateKeyPem(writePem(label, mutate(original, random)), 'x'));
    }
  });

  test('PEM', () => {
    const { chainPem } = makePki().ec.server;
    const random = makeRandom(4);
    for (let round = 0; round < 1000; round++) {
      ignoringRefusals(() => readPem(Buffer.from(mutate(Buffer.from(chainPem), random)).toString('latin1')));
    }
  });

  test('in bounded time: long identifiers, long numbers, a thousand names', () => {
    const started = processorTime();
    refuses('bad-der', () => readObjectIdentifier(readDer(der.raw(6, new Uint8Array(1_000_000).fill(0x81)))));
    readInteger(readDer(writeInteger(1n << 1_000_000n)));
    const wide = issue({ subject: name(['CN', `a${' '.repeat(500_000)}b`]), key: makeKey('ec', 'x') });
    assert.ok(readCertificate(wide.certificate).subject.canonical.endsWith('=a%20b'));
    const many = Array.from({ length: 1000 }, (_, index) => general.dns(`host-${index}.example`));
    const limited = issue({
      subject: name('CN=limited'),
      key: makeKey('ec', 'limited'),
      extensions: [
        extensions.authority(),
        extensions.constraints({ permitted: many, excluded: many.slice(0, 100) }),
      ],
    });
    const leaf = issue({
      subject: name('CN=x'),
      key: makeKey('ec', 'x'),
      issuer: limited,
      extensions: [extensions.names(...many)],
    });
    const { code } = verifyChain([readCertificate(leaf.certificate)], {
      anchors: [readCertificate(limited.certificate)],
      purpose: 'serverAuth',
      now: new Date(),
    });
    // 1001 names times 1100 constraints: refused before it is tried.
    assert.equal(code, 'UNSPECIFIED');
    assert.ok(processorTime() - started < 3000);
  });

  test('in bounded time: as many names under as many constraints as a handshake can carry', () => {
    const kinds: readonly ((text: string, isBase: boolean) => Uint8Array)[] = [
      (text) => general.dns(text),
      (text, isBase) => general.uri(isBase ? text : `https://${text}`),
      (text, isBase) => general.email(isBase ? `b@${text}` : `a@${text}`),
      (text) => general.directory(name(`CN=${text}`)),
    ];
    for (const kind of kinds) {
      const many = (prefix: string, isBase: boolean) =>
        Array.from({ length: 800 }, (_, index) => kind(`${prefix}${index}.x`, isBase));
      const names = extensions.names(...many('n', false));
      const constraints = extensions.constraints({ excluded: many('e', true) });
      const chain: Issued[] = [];
      for (let depth = 0; depth < 7; depth++) {
        chain.unshift(
          issue({
            subject: name(`CN=${depth}`),
            key: makeKey('ec', `crowded ${depth}`),
            ...(chain[0] && { issuer: chain[0] }),
            extensions: depth < 6 ? [extensions.authority(), constraints, names] : [names],
          }),
        );
      }
      const [root, ...peer] = chain.map(({ certificate }) => readCertificate(certificate)).reverse();
      const started = processorTime();
      const options = { anchors: [root], purpose: 'serverAuth', now: new Date() } as const;
      assert.equal(verifyChain(peer.reverse(), options).code, null);
      assert.ok(processorTime() - started < 4000);
    }
  });
});
