/** What the chains of this folder are made of. */
import {
  extensions,
  general,
  type Issued,
  issue,
  type KeyKind,
  makeKey,
  makePki,
  name,
  type Pki,
  type Request,
  usages,
} from '../../support/pki.ts';

export interface Chain {
  readonly title: string;
  /** Whom the other side trusts. */
  readonly anchors: readonly Issued[];
  /** What is sent, leaf first. */
  readonly sent: readonly Issued[];
  readonly partialChain?: boolean;
  /** Revocation lists in PEM: Node's `crl`. */
  readonly lists?: readonly string[];
}

/** Collects chains; by default the root of the P-256 family is the one that is trusted. */
export class Collection {
  readonly chains: Chain[] = [];
  readonly pki: Pki = makePki();

  readonly add = (
    title: string,
    sent: readonly Issued[],
    anchors: readonly Issued[] = [this.pki.ec.root],
    partialChain = false,
  ): void => {
    this.chains.push({ title, sent, anchors, partialChain });
  };
}

const DAY = 86_400_000;
export const past = { notBefore: new Date(Date.now() - 20 * DAY), notAfter: new Date(Date.now() - 10 * DAY) };
export const future = {
  notBefore: new Date(Date.now() + 10 * DAY),
  notAfter: new Date(Date.now() + 20 * DAY),
};
const bothUsages = extensions.extendedKeyUsage(usages.server, usages.client);
export const host = extensions.names(general.dns('localhost'), general.ip(127, 0, 0, 1));

/** A leaf that can serve as server and client unless the overrides break it. One key serves all: keys are not at issue. */
export function leaf(issuer: Issued | undefined, overrides: Partial<Request> = {}): Issued {
  return issue({
    subject: name('O=Test', 'CN=localhost'),
    key: makeKey('ec', 'leaf'),
    ...(issuer && { issuer }),
    extensions: [extensions.endEntity(), extensions.keyUsage('digitalSignature'), bothUsages, host],
    ...overrides,
  });
}

export function leafWith(issuer: Issued | undefined, ...list: Uint8Array[]): Issued {
  return leaf(issuer, { extensions: list });
}

let authorities = 0;
export function authority(
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

export function authorityWith(issuer: Issued | undefined, ...list: Uint8Array[]): Issued {
  return authority(issuer, { extensions: list });
}

export const signing = extensions.keyUsage('keyCertSign', 'cRLSign');
