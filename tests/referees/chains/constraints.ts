/** Chains under an authority that is limited to some names (RFC 5280 §4.2.1.10). */
import { extensions, general, issue, makeKey, name } from '../../support/pki.ts';
import { authority, authorityWith, type Chain, Collection, leaf, leafWith, signing } from './make.ts';

export function constraintChains(): Chain[] {
  const { add, pki, chains } = new Collection();
  const { root } = pki.ec;

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
  return chains;
}
