import { readFileSync } from 'node:fs';
import type { Plugin } from 'esbuild';

/** A sentence, or a section of the RFC, as the codec's calls carry them: an argument of its own. */
const EXPLANATION = /(?<=[\s(])(?:'(?:[^'\\\n]|\\.)*\.'|"(?:[^"\\\n]|\\.)*\."|'§[^'\n]*')(?=[,\n)])/g;

/**
 * The TLS codec explains each field where it is read or written (src/tls/codec). Processes never explain anything: in
 * their bundle the words are left out, the names of the fields stay.
 */
export const wordlessCodec: Plugin = {
  name: 'wordless-codec',
  setup(build) {
    build.onLoad(
      { filter: /[\\/]src[\\/]tls[\\/]codec[\\/](messages|extensions)\.ts$/ },
      ({ path: file }) => ({
        contents: readFileSync(file, 'utf8').replace(EXPLANATION, "''"),
        loader: 'ts',
      }),
    );
  },
};
