/** Chains put together by dice: combinations of flaws that nobody would think of writing down. The seed makes them the same each time. */
import {
  der,
  extension,
  extensions,
  general,
  type Issued,
  issue,
  makeKey,
  name,
  type Request,
  usages,
} from '../../support/pki.ts';
import { revocationList, scope } from '../../support/revocation.ts';
import type { Chain } from './make.ts';
import type { Purpose } from './real-node.ts';

export interface RandomChain extends Chain {
  readonly purpose: Purpose;
  readonly strict: boolean;
}

const DAY = 86_400_000;

export function* randomChains(seed: number, count: number): Generator<RandomChain> {
  const dice = makeDice(seed);
  for (let round = 0; round < count; round++)
    yield { ...randomChain(dice), title: `seed ${seed}, round ${round}` };
}

interface Dice {
  below(limit: number): number;
  /** True in so many of a hundred cases. */
  chance(percent: number): boolean;
  pick<Item>(items: readonly Item[]): Item;
}

function makeDice(seed: number): Dice {
  let state = seed;
  const below = (limit: number) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
  return { below, chance: (percent) => below(100) < percent, pick: (items) => items[below(items.length)] };
}

const NAMES = [0, 1, 2].map((index) => name('O=T', `CN=N${index}`));

function randomChain(dice: Dice): Omit<RandomChain, 'title'> {
  const { below, chance, pick } = dice;
  const length = 1 + below(5);
  const certificates: Issued[] = [];
  for (let index = 0; index < length; index++) {
    const issuer = index === 0 ? undefined : certificates[chance(90) ? index - 1 : below(index)];
    certificates.push(
      issue({ ...randomRequest(dice, index, index === length - 1), ...(issuer && { issuer }) }),
    );
  }
  const leaf = certificates[length - 1];
  const others = certificates.slice(0, -1).filter(() => chance(90));
  return {
    sent: [leaf, ...(chance(40) ? others.toReversed() : others)],
    anchors: [certificates[0], ...certificates.slice(1).filter(() => chance(15))].filter(() => chance(90)),
    purpose: pick(['serverAuth', 'clientAuth']),
    strict: chance(30),
    partialChain: chance(20),
    ...(chance(35) && {
      lists: certificates.filter(() => chance(85)).map((one) => randomList(dice, one, certificates)),
    }),
  };
}

function randomList({ chance, pick }: Dice, issuer: Issued, certificates: readonly Issued[]): string {
  return revocationList(issuer, {
    revoked: certificates
      .filter(() => chance(12))
      .map(({ serial }) => ({ serial, ...(chance(20) && { reason: 8 }) })),
    ...(chance(10) && { thisUpdate: new Date(Date.now() - 2 * DAY), nextUpdate: new Date(Date.now() - DAY) }),
    ...(chance(5) && { nextUpdate: null }),
    ...(chance(50) && { keyIdentifier: chance(10) ? pick(certificates).keyIdentifier : null }),
    ...(chance(15) && {
      extensions: [
        // Not one that limits nothing: that is refused since OpenSSL 3.5 only.
        scope(
          pick([
            { onlyUsers: true },
            { onlyAuthorities: true },
            { onlyUsers: true, onlyAuthorities: true },
            { indirect: true },
          ]),
        ),
      ],
    }),
    ...(chance(5) && { extensions: [extension('1.2.3.4', der.null(), true)] }),
    ...(chance(5) && { issuerName: pick(NAMES) }),
    ...(chance(5) && {
      tamper: (signature: Uint8Array) => signature.with(-1, signature[signature.length - 1] ^ 1),
    }),
  });
}

function randomRequest(dice: Dice, index: number, isLeaf: boolean): Request {
  const { below, chance, pick } = dice;
  const ownName = isLeaf && chance(80) ? name('CN=leaf.example') : name('O=T', `CN=A${index}`);
  return {
    subject: chance(75) ? ownName : pick(NAMES),
    key: makeKey(pick(['ec', 'ec', 'ec', 'ec', 'p384', 'ed25519', 'rsa1024', 'rsa']), `random ${below(3)}`),
    extensions: randomExtensions(dice, isLeaf),
    keyIdentifiers: chance(60),
    ...(chance(10) && { notBefore: new Date(Date.now() - 2 * DAY), notAfter: new Date(Date.now() - DAY) }),
    ...(chance(5) && { hash: 'sha1' as const }),
    ...(chance(5) && { version: 1 as const }),
    ...(chance(5) && {
      tamper: (signature: Uint8Array) => signature.with(-1, signature[signature.length - 1] ^ 1),
    }),
    ...(chance(5) && { issuerName: pick(NAMES) }),
  };
}

function randomExtensions({ below, chance, pick }: Dice, isLeaf: boolean): Uint8Array[] {
  const list: Uint8Array[] = [];
  if (chance(85)) {
    const endEntity = isLeaf && chance(80);
    list.push(
      endEntity
        ? extensions.endEntity()
        : extensions.authority(chance(30) ? below(3) : undefined, chance(80)),
    );
  }
  if (chance(60)) {
    const leafUsage = pick(['digitalSignature', 'keyEncipherment', 'cRLSign']);
    list.push(extensions.keyUsage(isLeaf ? leafUsage : chance(85) ? 'keyCertSign' : 'digitalSignature'));
  }
  if (chance(40)) {
    const usage = pick([usages.server, usages.client, usages.any, usages.email]);
    list.push(extensions.extendedKeyUsage(usage, ...(chance(50) ? [usages.server] : [])));
  }
  if (chance(50)) {
    const host = general.dns(pick(['a.example', 'b.test', 'localhost']));
    list.push(
      extensions.names(host, ...(chance(30) ? [general.ip(10, 0, 0, 1), general.email('x@a.example')] : [])),
    );
  }
  if (!isLeaf && chance(25)) {
    const permitted = [
      general.dns(pick(['example', 'test'])),
      ...(chance(30) ? [general.directory(name('O=T'))] : []),
    ];
    const excluded = [
      pick([
        general.dns('a.example'),
        general.ip(10, 0, 0, 0, 255, 0, 0, 0),
        general.directory(NAMES[1]),
        general.email('a.example'),
      ]),
    ];
    list.push(extensions.constraints(chance(50) ? { permitted } : { excluded }));
  }
  if (chance(6)) list.push(extension('1.2.3.4', der.null(), true));
  if (chance(4)) list.push(extension('2.5.29.17', der.null()));
  if (chance(4)) list.push(extensions.keyUsage('keyCertSign'));
  return list;
}
