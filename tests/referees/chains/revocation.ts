/** Chains judged with revocation lists at hand, Node's `crl` (RFC 5280 §5 and §6.3). */
import { der, extension, extensions, general, type Issued, issue, makeKey, name } from '../../support/pki.ts';
import { distributionPoints, type ListRequest, revocationList, scope } from '../../support/revocation.ts';
import {
  authority,
  authorityWith,
  type Chain,
  Collection,
  future,
  host,
  leaf,
  leafWith,
  past,
} from './make.ts';

export function revocationChains(): Chain[] {
  const { chains, pki } = new Collection();
  const { root, intermediate } = pki.ec;
  const { foreign } = pki;
  const rootList = revocationList(root);
  const add = (
    title: string,
    sent: readonly Issued[],
    lists: readonly string[],
    anchors: readonly Issued[] = [root],
  ) => chains.push({ title: `revocation: ${title}`, sent, anchors, lists });
  const subject = leaf(intermediate);
  const chain = [subject, intermediate];
  /** A list of the intermediate's, beside a sound one of the root's. */
  const withList = (title: string, request: ListRequest, sent: readonly Issued[] = chain) =>
    add(title, sent, [rootList, revocationList(intermediate, request)]);
  const revoked = [{ serial: subject.serial }];

  withList('nobody revoked', {});
  withList('somebody else revoked', { revoked: [{ serial: 1n }, { serial: 2n, reason: 1 }] });
  withList('the leaf revoked', { revoked });
  withList('the leaf revoked, with a reason', {
    revoked: [{ serial: 7n }, { serial: subject.serial, reason: 1 }],
  });
  withList('the leaf on hold', { revoked: [{ serial: subject.serial, reason: 6 }] });
  withList('the leaf removed from the list', { revoked: [{ serial: subject.serial, reason: 8 }] });
  add('the intermediate revoked', chain, [
    revocationList(root, { revoked: [{ serial: intermediate.serial }] }),
    revocationList(intermediate),
  ]);
  add('the root revoked by itself', chain, [
    revocationList(root, { revoked: [{ serial: root.serial }] }),
    revocationList(intermediate),
  ]);
  const expired = leaf(intermediate, past);
  withList('an expired leaf that is revoked', { revoked: [{ serial: expired.serial }] }, [
    expired,
    intermediate,
  ]);
  add('a revoked leaf nobody knows', [leaf(foreign.root)], [revocationList(foreign.root, { revoked })]);
  const own = leaf(undefined);
  add('a self-signed leaf that is trusted and has no list', [own], [rootList], [own]);

  // Lists that are missing, old, forged or out of place
  add('no list of the intermediate', chain, [rootList]);
  add('no list of the root', chain, [revocationList(intermediate)]);
  add('only a stranger’s lists', chain, [revocationList(foreign.root), revocationList(foreign.intermediate)]);
  withList('an expired list', { thisUpdate: past.notBefore, nextUpdate: past.notAfter });
  withList('an expired list that has the leaf', {
    thisUpdate: past.notBefore,
    nextUpdate: past.notAfter,
    revoked,
  });
  withList('a list of the future', { thisUpdate: future.notBefore, nextUpdate: future.notAfter });
  withList('a list without an end', { nextUpdate: null });
  const never = der.text('991332000000Z', 0x17);
  withList('a list from a month that does not exist', { thisUpdate: never });
  withList('a list until a month that does not exist', { nextUpdate: never });
  add('an expired list beside a fresh one', chain, [
    rootList,
    revocationList(intermediate, { thisUpdate: past.notBefore, nextUpdate: past.notAfter, revoked }),
    revocationList(intermediate),
  ]);
  add('an older list beside a newer one that has the leaf', chain, [
    rootList,
    revocationList(intermediate, { thisUpdate: new Date(Date.now() - 7_200_000) }),
    revocationList(intermediate, { revoked }),
  ]);
  const flip = (signature: Uint8Array) => signature.with(-1, signature[signature.length - 1] ^ 1);
  withList('a list whose signature is changed', { tamper: flip });
  withList('a forged list that has the leaf', { tamper: flip, revoked });
  add('a list in the intermediate’s name by another key', chain, [
    rootList,
    revocationList(foreign.intermediate, { issuerName: intermediate.subject, keyIdentifier: null }),
  ]);
  add('the same, naming the other key', chain, [
    rootList,
    revocationList(foreign.intermediate, { issuerName: intermediate.subject }),
  ]);
  withList('a list that names no key', { keyIdentifier: null });
  withList('a list that names another key', { keyIdentifier: Uint8Array.of(1, 2, 3) });
  withList('another algorithm outside than inside', {
    outerAlgorithm: der.sequence(der.oid('1.2.840.10045.4.3.3')),
  });
  withList('another algorithm inside than outside', {
    innerAlgorithm: der.sequence(der.oid('1.2.840.10045.4.3.3')),
  });
  withList('a list signed with SHA-1', { hash: 'sha1' });
  withList('a list signed with SHA-384', { hash: 'sha384' });
  const noListSign = authorityWith(root, extensions.authority(), extensions.keyUsage('keyCertSign'));
  add(
    'an authority that may not sign lists',
    [leaf(noListSign), noListSign],
    [rootList, revocationList(noListSign)],
  );
  const old = authority(root, past);
  add('the list of an expired intermediate', [leaf(old), old], [rootList, revocationList(old)]);
  add(
    'two lists, the root’s by an RSA key',
    [leaf(pki.rsa.intermediate), pki.rsa.intermediate],
    [revocationList(pki.rsa.root), revocationList(pki.rsa.intermediate)],
    [pki.rsa.root],
  );
  const { ed25519 } = pki;
  add(
    'lists by Ed25519 keys',
    [leaf(ed25519.intermediate), ed25519.intermediate],
    [revocationList(ed25519.root), revocationList(ed25519.intermediate)],
    [ed25519.root],
  );
  const p521 = authority(undefined, { hash: 'sha512' }, 'p521');
  add(
    'a list by P-521',
    [leaf(p521, { hash: 'sha512' })],
    [revocationList(p521, { hash: 'sha512' })],
    [p521],
  );
  const pssOnly = authority(undefined, {}, 'rsa-pss');
  add('a list by a key for RSA-PSS alone', [leaf(pssOnly)], [revocationList(pssOnly)], [pssOnly]);
  withList('a list in the issuer’s name in other letters, spaces and string types', {
    issuerName: name(['O', ' test ', 0x0c], ['CN', 'INTERMEDIATE  ec', 0x13]),
    revoked,
  });
  const twin = issue({
    subject: intermediate.subject,
    key: makeKey('ec', 'twin'),
    issuer: intermediate,
    extensions: [extensions.authority(), extensions.keyUsage('keyCertSign')],
  });
  add(
    'an authority renamed by itself, whose list the older one signs',
    [leaf(twin), twin, intermediate],
    [rootList, revocationList(intermediate)],
  );

  // Extensions of lists and entries
  const unknown = (critical: boolean) => extension('1.2.3.4.5', der.null(), critical);
  withList('an unknown extension', { extensions: [unknown(false)] });
  withList('an unknown critical extension', { extensions: [unknown(true)] });
  withList('an unknown critical extension, and the leaf', { extensions: [unknown(true)], revoked });
  withList('an unknown critical extension in an entry', {
    revoked: [{ serial: 5n, extensions: [unknown(true)] }],
  });
  withList('a delta list', { extensions: [extension('2.5.29.27', der.integer(1), true)] });
  withList('a delta list that has the leaf', {
    extensions: [extension('2.5.29.27', der.integer(1), true)],
    revoked,
  });
  const certificateIssuer = (directory: Uint8Array) =>
    extension('2.5.29.29', der.sequence(general.directory(directory)), true);
  withList('the leaf’s number, of another issuer', {
    revoked: [{ serial: subject.serial, extensions: [certificateIssuer(foreign.root.subject)] }],
  });
  withList('the same issuer for the entry after', {
    revoked: [
      { serial: 5n, extensions: [certificateIssuer(foreign.root.subject)] },
      { serial: subject.serial },
    ],
  });
  withList('the leaf’s number, of its own issuer', {
    revoked: [{ serial: subject.serial, extensions: [certificateIssuer(intermediate.subject)] }],
  });

  // Scopes and distribution points
  const limited = (title: string, request: Parameters<typeof scope>[0], sent: readonly Issued[] = chain) =>
    withList(`a list ${title}`, { extensions: [scope(request)] }, sent);
  limited('for users only', { onlyUsers: true });
  limited('for authorities only', { onlyAuthorities: true });
  limited('for attribute certificates only', { onlyAttributes: true });
  limited('for users only and for authorities only', { onlyUsers: true, onlyAuthorities: true });
  limited('for some reasons only', { onlyReasons: Uint8Array.of(5, 0x60) });
  limited('that is indirect', { indirect: true });
  limited('that limits nothing', {});
  const here = [general.uri('http://crl.example/a')];
  const elsewhere = [general.uri('http://crl.example/b')];
  const pointing = (...points: Parameters<typeof distributionPoints>) => [
    leafWith(intermediate, host, distributionPoints(...points)),
    intermediate,
  ];
  limited('for a point, and a leaf without points', { fullName: here });
  limited('for the leaf’s point', { fullName: here }, pointing({ fullName: here }));
  limited('for another point', { fullName: elsewhere }, pointing({ fullName: here }));
  limited(
    'for the second of two points',
    { fullName: here },
    pointing({ fullName: elsewhere }, { fullName: here }),
  );
  limited('without a point, and a leaf with one', {}, pointing({ fullName: here }));
  const rdn = (text: string) => der.sequence(der.oid('2.5.4.3'), der.text(text));
  limited('for a relative name', { relativeName: rdn('a') }, pointing({ relativeName: rdn('A ') }));
  limited('for another relative name', { relativeName: rdn('a') }, pointing({ relativeName: rdn('b') }));
  const spelt = [general.directory(name(['O', 'Test'], ['CN', 'Intermediate ec'], ['CN', 'a']))];
  limited(
    'for a relative name that the leaf spells out',
    { relativeName: rdn('a') },
    pointing({ fullName: spelt }),
  );
  limited(
    'for a spelt-out name that is relative in the leaf',
    { fullName: spelt },
    pointing({ relativeName: rdn('a') }),
  );
  const others = [general.directory(foreign.root.subject)];
  const own2 = [general.directory(intermediate.subject)];
  withList('a point of another issuer', {}, pointing({ fullName: here, crlIssuer: others }));
  limited(
    'for a point of another issuer',
    { fullName: here },
    pointing({ fullName: here, crlIssuer: others }),
  );
  limited(
    'for a point that names the same issuer',
    { fullName: here },
    pointing({ fullName: here, crlIssuer: own2 }),
  );
  withList('a point for some reasons', {}, pointing({ fullName: here, reasons: Uint8Array.of(5, 0x60) }));
  withList(
    'two points that share the reasons',
    {},
    pointing(
      { fullName: here, reasons: Uint8Array.of(5, 0x60) },
      { fullName: elsewhere, reasons: Uint8Array.of(7, 0x1f, 0x80) },
    ),
  );
  withList('a scope that does not decode', { extensions: [extension('2.5.29.28', der.null(), true)] });
  withList('a key identifier that does not decode', {
    keyIdentifier: null,
    extensions: [extension('2.5.29.35', der.null())],
  });
  withList('two key identifiers', { extensions: [extensions.authorityKey(foreign.root.keyIdentifier)] });
  withList('a reason that does not decode', {
    revoked: [{ serial: 5n, extensions: [extension('2.5.29.21', der.null())] }, { serial: subject.serial }],
  });
  return chains;
}
