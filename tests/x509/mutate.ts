/** Inputs that are almost right. */

/** A small generator with a seed, so that a failure can be run again. */
export function makeRandom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/** The original with a few bytes changed, a piece cut out, put in twice or cut off. */
export function mutate(original: Uint8Array, random: (below: number) => number): Uint8Array {
  const at = random(original.length);
  switch (random(4)) {
    case 0:
      return original.subarray(0, at);
    case 1:
      return Buffer.concat([original.subarray(0, at), original.subarray(at + 1 + random(4))]);
    case 2:
      return Buffer.concat([original.subarray(0, at), original.subarray(random(original.length))]);
    default: {
      const changed = Uint8Array.from(original);
      for (let count = random(3); count >= 0; count--) changed[random(changed.length)] ^= 1 << random(8);
      return changed;
    }
  }
}
