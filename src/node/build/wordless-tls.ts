import { readFileSync } from 'node:fs';
import type { Plugin } from 'esbuild';

/** A sentence, or a section of the RFC, as the codec's calls carry them: an argument of its own. */
const EXPLANATION =
  /(?<=[\s(])(?:'(?:[^'\\\n]|\\.)*\.'|"(?:[^"\\\n]|\\.)*\."|'(?:§|RFC )[^'\n]*')(?=[,\n)])/g;

/** The words of a cause in src/tls/errors.ts, after its fault and its alert. */
const CAUSE =
  /(\[\s*'(?:InvalidMessage|PeerIncompatible|PeerMisbehaved|ApiMisuse|AlertReceived|Internal)',\s*(?:null|'\w+'),\s*)(?:'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*")/g;

/** What src/x509 says of malformed DER, PEM and keys; what it says of an algorithm that it does not know is passed on. */
const COMPLAINT =
  /(?<=\b(?:bad\(|X509Error\(\s*'(?:bad-\w+|missing-field|wrong-tag)',)\s*)(?:'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|`[^`]*`)/g;

/**
 * The TLS codec explains each field where it is read or written (src/tls/codec), and the errors of TLS and certificates say
 * what happened in words. Processes never explain anything, and their errors are OpenSSL's: in their bundle the words are
 * left out, the names of fields and causes, and the codes, stay.
 */
export const wordlessTls: Plugin = {
  name: 'wordless-tls',
  setup(build) {
    const without = (words: RegExp, replacement: string) => (args: { path: string }) => ({
      contents: readFileSync(args.path, 'utf8').replace(words, replacement),
      loader: 'ts' as const,
    });
    build.onLoad(
      { filter: /[\\/]src[\\/]tls[\\/]codec[\\/](tls12-|rare-)?(messages|extensions)\.ts$/ },
      without(EXPLANATION, "''"),
    );
    build.onLoad({ filter: /[\\/]src[\\/]x509[\\/][\w-]+\.ts$/ }, without(COMPLAINT, "''"));
    build.onLoad({ filter: /[\\/]src[\\/]tls[\\/]errors\.ts$/ }, without(CAUSE, "$1''"));
  },
};
