import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  infoAccessText,
  isAuthority,
  legacyCertificate,
  nameText,
  readCertificate,
  subjectAltNameText,
  timeText,
} from '../../src/x509/index.ts';
import { makeChains } from '../referees/chains/all.ts';
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
  type Request,
} from '../support/pki.ts';

const key = makeKey('ec', 'forms');
const make = (request: Partial<Request>): Issued => issue({ subject: name('CN=x'), key, ...request });
const withNames = (...names: Uint8Array[]) => make({ extensions: [extensions.names(...names)] });

/** Every text we make of a certificate against the one real Node makes. */
function assertSameForms(issued: Issued, label = ''): void {
  const node = nodeCertificate(issued);
  const ours = readCertificate(issued.certificate);
  assert.equal(nameText(ours.subject) || undefined, node.subject, label);
  assert.equal(nameText(ours.issuer) || undefined, node.issuer, label);
  assert.equal(subjectAltNameText(ours), node.subjectAltName, label);
  assert.equal(infoAccessText(ours), node.infoAccess, label);
  assert.equal(timeText(ours.notBefore), node.validFrom, label);
  assert.equal(timeText(ours.notAfter), node.validTo, label);
  assert.equal(isAuthority(ours), node.ca, label);
  const legacy = legacyCertificate(ours, (bytes) => Buffer.from(bytes));
  // Node's JavaScript takes infoAccess apart afterwards.
  const { infoAccess: _, ...rest } = node.toLegacyObject() as unknown as Record<string, unknown>;
  const { infoAccess: __, ...ourRest } = legacy;
  assert.deepEqual(ourRest, rest, label);
  assert.deepEqual(Object.keys(legacy), Object.keys(node.toLegacyObject()), label);
}

describe('certificates read as in Node', () => {
  test('of every kind of key', () => {
    // Not RSA-PSS keys: Node prints those re-encoded under the identifier of plain RSA, a slip not worth repeating.
    for (const kind of ['rsa', 'rsa1024', 'rsa3072', 'ec', 'p384', 'p521', 'ed25519'] as const) {
      assertSameForms(issue({ subject: name('CN=x'), key: makeKey(kind, 'forms') }), kind);
    }
  });

  test('of the whole cast, and of every broken one', () => {
    const { rsa, ec, ed25519 } = makePki();
    for (const { root, intermediate, server, client } of [rsa, ec, ed25519]) {
      for (const member of [root, intermediate, server, client]) assertSameForms(member);
    }
    for (const { sent, title } of makeChains()) for (const one of sent) assertSameForms(one, title);
  });

  test('with names of every shape: escaping, string types, several of a kind, several in a set', () => {
    const set = der.sequence(
      der.set(
        der.sequence(der.oid('2.5.4.3'), der.text('a')),
        der.sequence(der.oid('2.5.4.10'), der.text('b')),
      ),
      der.set(der.sequence(der.oid('2.5.4.3'), der.text('c'))),
    );
    const bmp = (text: string) =>
      der.raw(0x1e, Uint8Array.from([...text].flatMap((c) => [c.charCodeAt(0) >> 8, c.charCodeAt(0) & 255])));
    const odd = [
      name(),
      set,
      name('CN=x', 'CN=y', 'CN=z', 'DC=example', 'emailAddress=a@b'),
      name(
        ['2.5.4.3', ' leading'],
        ['2.5.4.3', 'trailing '],
        ['2.5.4.3', '#hash'],
        ['2.5.4.3', 'inner # hash'],
      ),
      name('CN=a,b+c"d\\e<f>g;h=i', 'O=\u0000\u0001\n\t\u007f', 'OU=é€😀', 'L= ', 'ST=#', 'O=  '),
      name(
        ['2.5.4.3', 'teletex é', 0x14],
        ['2.5.4.3', 'printable', 0x13],
        ['2.5.4.3', 'ia5', 0x16],
        ['2.5.4.3', '12', 0x12],
      ),
      der.sequence(der.set(der.sequence(der.oid('2.5.4.3'), bmp('wíde')))),
      name(
        ...[
          '4',
          '5',
          '9',
          '12',
          '13',
          '15',
          '17',
          '18',
          '20',
          '41',
          '42',
          '43',
          '44',
          '45',
          '46',
          '65',
          '72',
          '97',
        ].map((arc): [string, string] => [`2.5.4.${arc}`, 'v']),
      ),
      name(
        ['0.9.2342.19200300.100.1.1', 'uid'],
        ['1.2.840.113549.1.9.2', 'u'],
        ['1.2.840.113549.1.9.8', 'v'],
        ['1.3.6.1.4.1.311.60.2.1.1', 'l'],
        ['1.3.6.1.4.1.311.60.2.1.2', 's'],
        ['1.3.6.1.4.1.311.60.2.1.3', 'CH'],
        ['1.2.3.4.5', 'unknown'],
        ['0.9.2342.19200300.100.1.3', 'mail'],
      ),
    ];
    for (const subject of odd) assertSameForms(make({ subject }));
  });

  test('with alternative names that try to pass for several (CVE-2021-44532)', () => {
    const hostile = [
      'a, DNS:b',
      '"quoted"',
      "it's",
      'back\\slash',
      'é',
      '\u0000x',
      'tab\t',
      'plain.example',
      '*.x',
      '',
      ' ',
      '\u007f',
      'a,b',
    ];
    for (const text of hostile) {
      assertSameForms(withNames(general.dns(text)), text);
      assertSameForms(withNames(general.uri(text)), text);
      assertSameForms(withNames(general.email(text)), text);
      assertSameForms(withNames(general.directory(name(['CN', text], 'O=T'))), text);
      for (const oid of [
        '1.3.6.1.5.5.7.8.9',
        '1.3.6.1.5.5.7.8.5',
        '1.3.6.1.4.1.311.20.2.3',
        '1.3.6.1.5.5.7.8.8',
        '1.2.3',
      ]) {
        assertSameForms(withNames(general.other(oid, der.text(text))), text);
        assertSameForms(withNames(general.other(oid, der.text(text, 0x16))), text);
      }
      assertSameForms(withNames(general.other('1.3.6.1.5.5.7.8.7', der.text(text, 0x16))), text);
    }
  });

  test('with addresses, registered identifiers and kinds that Node does not print', () => {
    assertSameForms(
      withNames(
        general.ip(10, 0, 0, 255),
        general.ip(...Array.from({ length: 16 }, (_, index) => index * 7)),
        general.ip(1, 2, 3),
        general.ip(),
        general.registered('1.2.840.113549.1.1.1'),
        general.registered('2.25.329800735698586629295641978511506172918'),
        general.directory(name('C=CH', 'O=T', 'CN=Ana')),
        general.directory(name()),
        der.raw(0xa3),
        der.raw(0xa5, der.context(1, der.text('p'), true)),
      ),
    );
    assertSameForms(withNames());
  });

  test('with access information', () => {
    const methods = [
      '1.3.6.1.5.5.7.48.1',
      '1.3.6.1.5.5.7.48.2',
      '1.3.6.1.5.5.7.48.3',
      '1.3.6.1.5.5.7.48.4',
      '1.3.6.1.5.5.7.48.5',
      '1.2.3',
    ];
    const descriptions = methods.map((oid) =>
      der.sequence(der.oid(oid), general.uri('http://a.example/?x,y')),
    );
    assertSameForms(make({ extensions: [extension('1.3.6.1.5.5.7.1.1', der.sequence(...descriptions))] }));
    assertSameForms(make({ extensions: [extension('1.3.6.1.5.5.7.1.1', der.sequence())] }));
  });

  test('with serial numbers of every shape', () => {
    for (const serial of [0n, 1n, 127n, 128n, 255n, 256n, 0xabcn, (1n << 160n) - 1n])
      assertSameForms(make({ serial }));
  });

  test('with times before 1970 and after 2050', () => {
    assertSameForms(
      make({ notBefore: new Date('1950-01-02T03:04:05Z'), notAfter: new Date('9999-12-31T23:59:59Z') }),
    );
    assertSameForms(
      make({ notBefore: new Date('2049-12-31T23:59:59Z'), notAfter: new Date('2050-01-01T00:00:00Z') }),
    );
  });
});
