import { constraintChains } from './constraints.ts';
import { extensionChains } from './extensions.ts';
import { issuerChains } from './issuers.ts';
import type { Chain } from './make.ts';
import { pathChains } from './paths.ts';
import { revocationChains } from './revocation.ts';

/** Chains, sound and broken in one way each. What to think of them is not written here: OpenSSL and Node say so in the tests. */
export function makeChains(): Chain[] {
  return [
    ...pathChains(),
    ...issuerChains(),
    ...extensionChains(),
    ...constraintChains(),
    ...revocationChains(),
  ];
}
