/** Chains out of date, and ones issued by somebody who may not issue, or not like this. */
import { der, extension, extensions, issue, makeKey, name } from '../../support/pki.ts';
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
  signing,
} from './make.ts';

export function issuerChains(): Chain[] {
  const { add, pki, chains } = new Collection();
  const { ec, rsa, foreign } = pki;
  const { root, intermediate } = ec;

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
  add('MD5', [leaf(rsa.intermediate, { hash: 'md5' }), rsa.intermediate], [rsa.root]);
  const md5Root = authority(undefined, { hash: 'md5' }, 'rsa');
  add('a root signed with MD5', [leaf(md5Root)], [md5Root]);
  const sha1Root = authority(undefined, { hash: 'sha1' });
  add('a root signed with SHA-1', [leaf(sha1Root)], [sha1Root]);
  add('a leaf key of RSA-1024', [leaf(intermediate, { key: makeKey('rsa1024', 'weak leaf') }), intermediate]);
  add('a leaf key of RSA-1024 under nobody known', [
    leaf(foreign.root, { key: makeKey('rsa1024', 'weak leaf') }),
  ]);
  const weak = authority(root, {}, 'rsa1024');
  add('an intermediate key of RSA-1024', [leaf(weak), weak]);
  return chains;
}
