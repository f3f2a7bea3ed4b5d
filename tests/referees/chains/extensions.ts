/** Chains whose extensions say what they are for, say it wrongly, or say something nobody understands. */
import { der, extension, extensions, general, name, usages } from '../../support/pki.ts';
import { authority, authorityWith, type Chain, Collection, host, leaf, leafWith, signing } from './make.ts';

export function extensionChains(): Chain[] {
  const { add, pki, chains } = new Collection();
  const { ec, foreign } = pki;
  const { root, intermediate } = ec;

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
  return chains;
}
