/**
 * The libraries of cryptographic primitives take their randomness from the global `crypto` whenever they need some. In a
 * process that global is the program's, made of parts that may not be loaded: they get the platform's, taken at the start.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Plugin } from 'esbuild';
import { PROJECT } from './nodelib.ts';

const PLATFORM = path.join(PROJECT, 'src/node/crypto/platform.ts');
const USE = "typeof globalThis === 'object' ? globalThis.crypto : null";

export const nobleRandom: Plugin = {
  name: 'noble-random',
  setup(build) {
    build.onLoad({ filter: /[\\/]@noble[\\/](?:hashes|ciphers)[\\/]utils\.js$/ }, ({ path: file }) => {
      const source = readFileSync(file, 'utf8');
      if (source.split(USE).length !== 2)
        throw new Error(`${file} has changed: where it takes randomness from moved`);
      const taken = `import { platformCrypto } from ${JSON.stringify(PLATFORM)};`;
      return { contents: `${taken}\n${source.replace(USE, 'platformCrypto')}` };
    });
  },
};
