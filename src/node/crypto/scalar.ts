import type { Curve } from '../../x509/index.ts';
import { randomBytes } from './environment.ts';

/** A secret scalar from the host's randomness, by rejection (FIPS 186-5 A.2.2). */
export function randomScalar(curve: Curve): Uint8Array {
  for (;;) {
    const candidate = randomBytes(curve.size);
    // Only P-521's order is not a whole number of bytes: without this one candidate in 128 would do.
    if (curve.bits % 8 !== 0) candidate[0] &= (1 << (curve.bits % 8)) - 1;
    if (curve.ecdsa.utils.isValidSecretKey(candidate)) return candidate;
  }
}
