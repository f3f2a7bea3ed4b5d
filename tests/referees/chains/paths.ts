/** Which certificate was issued by which: sound chains in every order and company, cross-signed ones, ones that end at nobody trusted. */
import { type Issued, makeKey, name } from '../../support/pki.ts';
import { authority, type Chain, Collection, host, leaf, leafWith, past } from './make.ts';

export function pathChains(): Chain[] {
  const { add, pki, chains } = new Collection();
  const { ec, rsa, ed25519, foreign } = pki;
  const { root, intermediate } = ec;

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

  // Length
  let last: Issued = root;
  const line: Issued[] = [];
  for (let depth = 0; depth < 12; depth++) {
    last = authority(last);
    line.unshift(last);
  }
  add('twelve intermediates', [leaf(last), ...line]);

  // Mazes. A search that tried every way through them would not come to an end.
  const everyone = crossSigned(12);
  add('twelve authorities, each certified by every other', [leaf(everyone[0]), ...everyone]);
  const [first, ...more] = crossSigned(12, root);
  add('the same, one of them certified by the root as well', [leaf(first), first, ...more]);
  const ring = roundabout(140);
  add('a hundred and forty certificates, each of which half the others could have issued', [
    leaf(ring[0]),
    ...ring,
  ]);
  return chains;
}

/** Every one of so many authorities certifies every other; the first stands under `above`, if given. */
export function crossSigned(count: number, above?: Issued): Issued[] {
  const selves = Array.from({ length: count }, (_, index) =>
    authority(undefined, { subject: name(`CN=Maze ${index}`), key: makeKey('ec', `maze ${index}`) }),
  );
  const certified = selves.flatMap(({ subject, key }, index) =>
    selves.filter((_, other) => other !== index).map((issuer) => authority(issuer, { subject, key })),
  );
  const [{ subject, key }] = selves;
  return above ? [...certified, authority(above, { subject, key })] : certified;
}

/** So many certificates of two authorities with the same key that certify each other, over and over. */
export function roundabout(count: number): Issued[] {
  const key = makeKey('ec', 'roundabout');
  const pair = ['CN=Round', 'CN=About'].map((text) => authority(undefined, { subject: name(text), key }));
  return Array.from({ length: count }, (_, index) =>
    authority(pair[index % 2], { subject: pair[1 - (index % 2)].subject, key }),
  );
}
