/** Chains, sound and broken in one way each. What to think of them is not written here: OpenSSL and Node say so in the tests. */
import {
  der,
  extension,
  extensions,
  general,
  type Issued,
  issue,
  type KeyKind,
  makeKey,
  makePki,
  name,
  type Request,
  usages,
} from '../support/pki.ts';

export interface Chain {
  readonly title: string;
  /** Whom the other side trusts. */
  readonly anchors: readonly Issued[];
  /** What is sent, leaf first. */
  readonly sent: readonly Issued[];
  readonly partialChain?: boolean;
}

const DAY = 86_400_000;
const past = { notBefore: new Date(Date.now() - 20 * DAY), notAfter: new Date(Date.now() - 10 * DAY) };
const future = { notBefore: new Date(Date.now() + 10 * DAY), notAfter: new Date(Date.now() + 20 * DAY) };
const bothUsages = extensions.extendedKeyUsage(usages.server, usages.client);
const host = extensions.names(general.dns('localhost'), general.ip(127, 0, 0, 1));

/** A leaf that can serve as server and client unless the overrides break it. One key serves all: keys are not at issue. */
function leaf(issuer: Issued | undefined, overrides: Partial<Request> = {}): Issued {
  return issue({
    subject: name('O=Test', 'CN=localhost'),
    key: makeKey('ec', 'leaf'),
    ...(issuer && { issuer }),
    extensions: [extensions.endEntity(), extensions.keyUsage('digitalSignature'), bothUsages, host],
    ...overrides,
  });
}

function leafWith(issuer: Issued | undefined, ...list: Uint8Array[]): Issued {
  return leaf(issuer, { extensions: list });
}

let authorities = 0;
function authority(
  issuer: Issued | undefined,
  overrides: Partial<Request> = {},
  kind: KeyKind = 'ec',
): Issued {
  authorities++;
  return issue({
    subject: name('O=Test', `CN=Authority ${authorities}`),
    key: makeKey(kind, `authority ${authorities}`),
    ...(issuer && { issuer }),
    extensions: [extensions.authority(), extensions.keyUsage('keyCertSign', 'cRLSign')],
    ...overrides,
  });
}

function authorityWith(issuer: Issued | undefined, ...list: Uint8Array[]): Issued {
  return authority(issuer, { extensions: list });
}

const signing = extensions.keyUsage('keyCertSign', 'cRLSign');

export function makeChains(): Chain[] {
  const { ec, rsa, ed25519, foreign } = makePki();
  const { root, intermediate } = ec;
  const chains: Chain[] = [];
  const add = (title: string, sent: Issued[], anchors: Issued[] = [root], partialChain = false) =>
    chains.push({ title, sent, anchors, partialChain });

  // Sound chains, in every order and company
  add('a server of P-256', [ec.server, intermediate]);
  add('a server of RSA', [rsa.server, rsa.intermediate], [rsa.root]);
  add('a server of Ed25519', [ed25519.server, ed25519.intermediate], [ed25519.root]);
  add('a client', [ec.client, intermediate]);
  add('one that may be both', [leaf(intermediate), intermediate]);
  add('the root sent along', [leaf(intermediate), intermediate, root]);
  add('the wrong order', [leaf(intermediate), root, intermediate]);
  add('strangers in between', [
    leaf(intermediate),
    foreign.root,
    rsa.intermediate,
    intermediate,
    ed25519.root,
  ]);
  add('the leaf sent twice', [leaf(intermediate), leaf(intermediate), intermediate]);
  add('several trusted roots', [leaf(intermediate), intermediate], [rsa.root, foreign.root, root]);
  add('the intermediate trusted as well as the root', [leaf(intermediate)], [root, intermediate]);
  add('directly under the root', [leaf(root)]);
  const p384 = authority(undefined, { hash: 'sha384' }, 'p384');
  add('P-384 with SHA-384', [leaf(p384, { hash: 'sha384' })], [p384]);
  const p521 = authority(undefined, { hash: 'sha512' }, 'p521');
  add('P-521 with SHA-512', [leaf(p521, { hash: 'sha512' })], [p521]);
  const pssRoot = authority(undefined, { pss: true }, 'rsa');
  add('RSA-PSS by an ordinary RSA key', [leaf(pssRoot, { pss: true })], [pssRoot]);
  const pssOnly = authority(undefined, {}, 'rsa-pss');
  add('RSA-PSS by a key for nothing else', [leaf(pssOnly)], [pssOnly]);
  add('SHA-224', [leaf(rsa.intermediate, { hash: 'sha224' }), rsa.intermediate], [rsa.root]);
  add('no key identifiers at all', [leaf(intermediate, { keyIdentifiers: false }), intermediate]);
  add('no extensions but the names', [leafWith(intermediate, host), intermediate]);

  // Cross-signed: the same authority under two roots
  const shared = { subject: name('O=Test', 'CN=Shared'), key: makeKey('ec', 'shared') };
  const underRoot = authority(root, shared);
  const underForeign = authority(foreign.root, shared);
  add('a cross-signed authority, the other certificate first', [leaf(underRoot), underForeign, underRoot]);
  add(
    'a cross-signed authority, trusted by its second root',
    [leaf(underRoot), underRoot, underForeign],
    [foreign.root],
  );
  const expiredUnderRoot = authority(root, { ...shared, ...past });
  add('a cross-signed authority, one certificate expired', [leaf(underRoot), expiredUnderRoot, underRoot]);
  const a = { subject: name('CN=A'), key: makeKey('ec', 'loop a') };
  const b = { subject: name('CN=B'), key: makeKey('ec', 'loop b') };
  const selfA = authority(undefined, a);
  const selfB = authority(undefined, b);
  const aByB = authority(selfB, a);
  const bByA = authority(selfA, b);
  add('two authorities that certify each other', [leaf(aByB), aByB, bByA]);
  add('the same two, trusted, with no root above them', [leaf(aByB)], [aByB, bByA]);
  const renewed = authority(undefined, { subject: root.subject, key: root.key, ...past });
  add('an expired root beside its renewal', [leaf(intermediate), intermediate], [renewed, root]);
  add('only the expired root', [leaf(intermediate), intermediate], [renewed]);

  // Nobody trusted at the end
  add('self-signed', [leaf(undefined)]);
  add('self-signed, and another like it trusted', [leaf(undefined)], [leaf(undefined)]);
  const own = leaf(undefined);
  add('self-signed and itself trusted', [own], [own]);
  add('the intermediate missing', [leaf(intermediate)]);
  add('a foreign root, not sent', [foreign.server, foreign.intermediate]);
  add('a foreign root, sent', [foreign.server, foreign.intermediate, foreign.root]);
  add('a foreign leaf alone', [foreign.server]);
  add('nobody trusted', [ec.server, intermediate], []);
  const mimic = authority(undefined, { subject: root.subject });
  add('a root of the same name and another key', [leaf(mimic, { keyIdentifiers: false }), mimic]);
  add('the same, with key identifiers', [leaf(mimic), mimic]);
  add('only the intermediate trusted', [ec.server, intermediate], [intermediate]);
  add('only the intermediate trusted, and that is allowed', [leaf(intermediate)], [intermediate], true);
  add('only the leaf trusted', [ec.server], [ec.server]);
  add('only the leaf trusted, and that is allowed', [ec.server], [ec.server], true);

  // Times
  add('expired', [leaf(intermediate, past), intermediate]);
  add('not yet valid', [leaf(intermediate, future), intermediate]);
  const old = authority(root, past);
  add('an expired intermediate', [leaf(old), old]);
  add('an expired leaf under an expired intermediate', [leaf(old, past), old]);
  const early = authority(root, future);
  add('an intermediate that is not yet valid', [leaf(early), early]);
  const oldRoot = authority(undefined, past);
  add('an expired root', [leaf(oldRoot)], [oldRoot]);
  add('expired and self-signed', [leaf(undefined, past)]);
  add('expired and unknown', [leaf(foreign.root, past)]);
  add('valid until after 2050', [leaf(intermediate, { notAfter: new Date('2150-01-01') }), intermediate]);

  // Who may issue
  add('a leaf used as an authority', [leaf(ec.server), ec.server, intermediate]);
  const bareLeaf = leafWith(intermediate, host);
  add('a leaf without any usage used as an authority', [leaf(bareLeaf), bareLeaf, intermediate]);
  const sub = authority(intermediate);
  add('a path too long', [leaf(sub), sub, intermediate]);
  const zero = authority(root, { extensions: [extensions.authority(1), signing] });
  const below = authority(zero);
  add('a path just short enough', [leaf(below), below, zero]);
  const selfIssued = authority(intermediate, { subject: intermediate.subject });
  add('a self-issued authority, which path length does not count', [
    leaf(selfIssued),
    selfIssued,
    intermediate,
  ]);
  const noSign = authorityWith(root, extensions.authority(), extensions.keyUsage('digitalSignature'));
  add('an authority without keyCertSign', [leaf(noSign), noSign]);
  const onlyUsage = authorityWith(root, signing);
  add('keyCertSign without basic constraints', [leaf(onlyUsage), onlyUsage]);
  const onlyUsageRoot = authorityWith(undefined, signing);
  add('a root with keyCertSign and no basic constraints', [leaf(onlyUsageRoot)], [onlyUsageRoot]);
  const notAuthority = authorityWith(root, extensions.endEntity(), signing);
  add('basic constraints that say no', [leaf(notAuthority), notAuthority]);
  const version1 = issue({ subject: name('CN=Old root'), key: makeKey('ec', 'version 1'), version: 1 });
  add('a root of version 1', [leaf(version1)], [version1]);
  const version1Below = authority(root, { version: 1 });
  add('an intermediate of version 1', [leaf(version1Below), version1Below]);
  const netscape = authorityWith(
    root,
    extension('2.16.840.1.113730.1.1', der.raw(3, Uint8Array.of(2, 0x04))),
  );
  add("an authority by Netscape's extension", [leaf(netscape), netscape]);
  const netscapeRoot = authorityWith(
    undefined,
    extension('2.16.840.1.113730.1.1', der.raw(3, Uint8Array.of(2, 0x04))),
  );
  add("a root by Netscape's extension", [leaf(netscapeRoot)], [netscapeRoot]);

  // What it may be used for
  add('extended key usage: server only', [
    leafWith(intermediate, extensions.extendedKeyUsage(usages.server), host),
    intermediate,
  ]);
  add('extended key usage: client only', [
    leafWith(intermediate, extensions.extendedKeyUsage(usages.client), host),
    intermediate,
  ]);
  add('extended key usage: e-mail', [
    leafWith(intermediate, extensions.extendedKeyUsage(usages.email), host),
    intermediate,
  ]);
  add('extended key usage: any', [
    leafWith(intermediate, extensions.extendedKeyUsage(usages.any), host),
    intermediate,
  ]);
  add('extended key usage: server gated cryptography', [
    leafWith(intermediate, extensions.extendedKeyUsage('2.16.840.1.113730.4.1'), host),
    intermediate,
  ]);
  for (const usage of ['keyEncipherment', 'keyAgreement', 'nonRepudiation', 'keyCertSign', 'cRLSign']) {
    add(`key usage: ${usage}`, [leafWith(intermediate, extensions.keyUsage(usage), host), intermediate]);
  }
  const forClients = authorityWith(
    root,
    extensions.authority(),
    signing,
    extensions.extendedKeyUsage(usages.client),
  );
  add('an authority for clients only', [leaf(forClients), forClients]);
  const rootForServers = authorityWith(
    undefined,
    extensions.authority(),
    signing,
    extensions.extendedKeyUsage(usages.server),
  );
  add('a root for servers only', [leaf(rootForServers)], [rootForServers]);
  const netscapeType = (bits: number) =>
    extension('2.16.840.1.113730.1.1', der.raw(3, Uint8Array.of(0, bits)));
  add("Netscape's type: server", [leafWith(intermediate, netscapeType(0x40), host), intermediate]);
  add("Netscape's type: client", [leafWith(intermediate, netscapeType(0x80), host), intermediate]);

  // Extensions
  const unknown = (critical: boolean) => extension('1.2.3.4.5.6', der.null(), critical);
  add('an unknown critical extension', [leafWith(intermediate, unknown(true), host), intermediate]);
  add('an unknown extension', [leafWith(intermediate, unknown(false), host), intermediate]);
  const oddAuthority = authorityWith(root, extensions.authority(), signing, unknown(true));
  add('an unknown critical extension in an intermediate', [leaf(oddAuthority), oddAuthority]);
  const oddRoot = authorityWith(undefined, extensions.authority(), signing, unknown(true));
  add('an unknown critical extension in the root', [leaf(oddRoot)], [oddRoot]);
  add('a critical authority key identifier', [
    leaf(intermediate, {
      keyIdentifiers: false,
      extensions: [
        host,
        extension('2.5.29.35', der.sequence(der.context(0, intermediate.keyIdentifier)), true),
      ],
    }),
    intermediate,
  ]);
  add('an extension that occurs twice', [leafWith(intermediate, host, host), intermediate]);
  add('an unknown extension that occurs twice', [
    leafWith(intermediate, unknown(false), unknown(false), host),
    intermediate,
  ]);
  add('key usage without a single bit', [leafWith(intermediate, extensions.keyUsage(), host), intermediate]);
  add('names that do not decode', [
    leafWith(intermediate, extension('2.5.29.17', der.integer(1))),
    intermediate,
  ]);
  const negativeLength = extension(
    '2.5.29.19',
    der.sequence(der.boolean(true), Uint8Array.of(2, 1, 0xff)),
    true,
  );
  const negative = authorityWith(root, negativeLength, signing);
  add('a negative path length', [leaf(negative), negative]);
  add('a distribution point that says nothing', [
    leafWith(intermediate, extension('2.5.29.31', der.sequence(der.sequence())), host),
    intermediate,
  ]);
  add('access information that does not decode', [
    leafWith(intermediate, extension('1.3.6.1.5.5.7.1.1', der.null()), host),
    intermediate,
  ]);
  add('a proxy certificate', [
    leafWith(
      intermediate,
      extension('1.3.6.1.5.5.7.1.14', der.sequence(der.sequence(der.oid('1.3.6.1.5.5.7.21.1'))), true),
    ),
    intermediate,
  ]);

  // Key identifiers that mislead
  add('the key identifier of another authority', [
    leaf(intermediate, {
      keyIdentifiers: false,
      extensions: [host, extensions.authorityKey(foreign.root.keyIdentifier)],
    }),
    intermediate,
  ]);
  add('the serial number of another authority', [
    leaf(intermediate, {
      keyIdentifiers: false,
      extensions: [
        host,
        extension(
          '2.5.29.35',
          der.sequence(
            der.context(1, general.directory(root.subject), true),
            der.raw(0x82, Uint8Array.of(0x7f)),
          ),
        ),
      ],
    }),
    intermediate,
  ]);
  const misleading = authority(undefined, {
    keyIdentifiers: false,
    extensions: [
      extensions.authority(),
      signing,
      extensions.subjectKey(Uint8Array.of(1)),
      extensions.authorityKey(Uint8Array.of(2)),
    ],
  });
  add(
    'a root whose key identifiers do not match',
    [leaf(misleading, { keyIdentifiers: false })],
    [misleading],
  );
  const spaced = name(['O', ' test ', 0x0c], ['CN', 'INTERMEDIATE  ec', 0x13]);
  add("the issuer's name in other letters, spaces and string types", [
    leaf(intermediate, { issuerName: spaced }),
    intermediate,
  ]);

  // Signatures and strength
  const flip = (signature: Uint8Array) =>
    signature.with(signature.length - 1, signature[signature.length - 1] ^ 1);
  add('a signature changed in one bit', [leaf(intermediate, { tamper: flip }), intermediate]);
  const badIntermediate = authority(root, { tamper: flip });
  add('an intermediate whose signature is changed', [leaf(badIntermediate), badIntermediate]);
  const badRoot = authority(undefined, { tamper: flip });
  add('a root whose own signature is changed', [leaf(badRoot)], [badRoot]);
  add('another algorithm outside than inside', [
    leaf(intermediate, { outerAlgorithm: der.sequence(der.oid('1.2.840.10045.4.3.3')) }),
    intermediate,
  ]);
  add('an algorithm of another kind of key inside', [
    leaf({ ...rsa.intermediate, subject: intermediate.subject }, { keyIdentifiers: false }),
    intermediate,
  ]);
  add('SHA-1', [leaf(intermediate, { hash: 'sha1' }), intermediate]);
  const sha1Intermediate = authority(root, { hash: 'sha1' });
  add('an intermediate signed with SHA-1', [leaf(sha1Intermediate), sha1Intermediate]);
  const sha1Root = authority(undefined, { hash: 'sha1' });
  add('a root signed with SHA-1', [leaf(sha1Root)], [sha1Root]);
  add('a leaf key of RSA-1024', [leaf(intermediate, { key: makeKey('rsa1024', 'weak leaf') }), intermediate]);
  add('a leaf key of RSA-1024 under nobody known', [
    leaf(foreign.root, { key: makeKey('rsa1024', 'weak leaf') }),
  ]);
  const weak = authority(root, {}, 'rsa1024');
  add('an intermediate key of RSA-1024', [leaf(weak), weak]);

  // Name constraints
  const constrained = (
    title: string,
    constraints: Parameters<typeof extensions.constraints>[0],
    ...names: Uint8Array[]
  ) => {
    const limited = authorityWith(root, extensions.authority(), signing, extensions.constraints(constraints));
    add(`constraints: ${title}`, [
      leafWith(limited, ...(names.length > 0 ? [extensions.names(...names)] : [])),
      limited,
    ]);
  };
  const { dns, email, uri, ip, directory } = general;
  constrained('a permitted host', { permitted: [dns('example.com')] }, dns('example.com'));
  constrained('a host below a permitted one', { permitted: [dns('example.com')] }, dns('A.Example.com'));
  constrained('a host that only ends alike', { permitted: [dns('example.com')] }, dns('badexample.com'));
  constrained('another host', { permitted: [dns('example.com')] }, dns('localhost'));
  constrained('a leading dot', { permitted: [dns('.example.com')] }, dns('example.com'));
  constrained('an excluded host', { excluded: [dns('localhost')] }, dns('localhost'));
  constrained('a host not excluded', { excluded: [dns('example.com')] }, dns('localhost'));
  constrained(
    'one good name and one bad',
    { permitted: [dns('localhost')] },
    dns('localhost'),
    dns('evil.example'),
  );
  constrained('every host excluded', { excluded: [dns('')] }, dns('localhost'));
  constrained('a common name that is no host', { permitted: [dns('example.com')] });
  constrained('an address within', { permitted: [ip(127, 0, 0, 0, 255, 0, 0, 0)] }, ip(127, 0, 0, 1));
  constrained('an address outside', { permitted: [ip(10, 0, 0, 0, 255, 0, 0, 0)] }, ip(127, 0, 0, 1));
  constrained('an excluded address', { excluded: [ip(127, 0, 0, 0, 255, 0, 0, 0)] }, ip(127, 0, 0, 1));
  constrained(
    'an address constraint of the wrong length',
    { permitted: [ip(127, 0, 0, 0)] },
    ip(127, 0, 0, 1),
  );
  constrained('a mailbox', { permitted: [email('ana@example.com')] }, email('ana@EXAMPLE.com'));
  constrained('another mailbox', { permitted: [email('ana@example.com')] }, email('Ana@example.com'));
  constrained('a mail host', { permitted: [email('example.com')] }, email('ana@example.com'));
  constrained('a mail host below', { permitted: [email('.example.com')] }, email('ana@example.com'));
  constrained('an address without @', { permitted: [email('example.com')] }, email('ana'));
  constrained('a URI', { permitted: [uri('example.com')] }, uri('https://user@example.com:8443/x?y#z'));
  constrained('a URI of another host', { permitted: [uri('.example.com')] }, uri('https://example.com/'));
  constrained('a URI with an address', { permitted: [uri('[::1]')] }, uri('https://[::1]:8443'));
  constrained(
    'a URI with a port that is none',
    { permitted: [uri('example.com')] },
    uri('https://example.com:x/'),
  );
  constrained(
    'a URI with a port too high',
    { permitted: [uri('example.com')] },
    uri('https://example.com:65536/'),
  );
  constrained('a URI without a host', { permitted: [uri('example.com')] }, uri('https:///x'));
  constrained('a URI without an authority', { permitted: [uri('example.com')] }, uri('urn:example.com'));
  constrained('a directory name', { permitted: [directory(name('O=Test'))] }, dns('localhost'));
  constrained('another directory name', { permitted: [directory(name('O=Else'))] }, dns('localhost'));
  constrained('an excluded directory name', { excluded: [directory(name('O=TEST'))] }, dns('localhost'));
  constrained(
    'a kind that cannot be judged',
    { permitted: [general.registered('1.2.3')] },
    general.registered('1.2.3'),
  );
  constrained('a kind that does not occur', { permitted: [general.registered('1.2.3')] }, dns('localhost'));
  constrained(
    'a minimum',
    { permitted: [Uint8Array.from([...dns('localhost'), 0x80, 1, 1])] },
    dns('localhost'),
  );
  const forHost = authorityWith(
    root,
    extensions.authority(),
    signing,
    extensions.constraints({ permitted: [dns('example.com')] }),
  );
  const hostAsName = issue({
    subject: name('CN=other.example'),
    key: makeKey('ec', 'leaf'),
    issuer: forHost,
  });
  add('constraints: a host in the common name', [hostAsName, forHost]);
  const limitedRoot = authorityWith(
    undefined,
    extensions.authority(),
    signing,
    extensions.constraints({ permitted: [dns('example.com')] }),
  );
  const underLimited = authority(limitedRoot);
  add('constraints: of the root', [leaf(underLimited), underLimited], [limitedRoot]);

  // Length
  let last: Issued = root;
  const line: Issued[] = [];
  for (let depth = 0; depth < 12; depth++) {
    last = authority(last);
    line.unshift(last);
  }
  add('twelve intermediates', [leaf(last), ...line]);
  return chains;
}
