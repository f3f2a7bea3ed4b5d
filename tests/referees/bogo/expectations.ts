/** What the runner says a connection must be like once its handshake is complete. */
import type { HandshakeResult } from '../../../src/tls/index.ts';
import type { Config, NumberFlag, TextFlag } from './flags.ts';
import { certificatesIn, distinguishedNames } from './options.ts';

const VERSIONS = { 'TLSv1.2': 0x0303, 'TLSv1.3': 0x0304 };

/** The first thing that is not as expected, in words. */
export function unmet(config: Config, result: HandshakeResult, isResumption: boolean): string | undefined {
  const { group, signatureScheme, serverName, alpn } = result;
  const isServer = config.has('server');
  const resumed = isResumption && !config.has('expect-session-miss');
  const peerScheme = isServer ? signatureScheme.client : signatureScheme.server;
  const expectedAlpn = config.text(isServer ? 'select-alpn' : 'expect-alpn') ?? '';
  const problems = [
    differs('resumed', resumed, result.resumed),
    differs('ALPN', expectedAlpn, alpn || ''),
    flagDiffers(config, 'expect-version', VERSIONS[result.version]),
    flagDiffers(config, 'expect-server-name', serverName),
    // Where a session is resumed nobody signs, nor exchange keys in TLS 1.2; BoringSSL remembers how it once was.
    (group || !result.resumed) && flagDiffers(config, 'expect-curve-id', group?.id),
    !result.resumed && flagDiffers(config, 'expect-peer-signature-algorithm', peerScheme?.id),
    config.has('expect-hrr') && differs('helloRetried', true, result.helloRetried),
    config.has('expect-no-hrr') && differs('helloRetried', false, result.helloRetried),
    (!isServer || config.has('require-any-client-certificate')) &&
      differs('peer certificates', true, result.peerCertificates.length > 0),
    differsInList(
      'signature schemes of the peer',
      config.list('expect-peer-verify-pref'),
      result.peerSignatureSchemes,
    ),
    differsInList(
      'certificate authorities',
      distinguishedNames(config.text('expect-client-ca-list'))?.map(hex),
      result.peerCertificateAuthorities.map(hex),
    ),
    differsInList('certificates of the peer', peerChain(config), result.peerCertificates.map(hex)),
  ];
  return problems.find((problem) => problem !== undefined && problem !== false) || undefined;
}

function peerChain(config: Config): string[] | undefined {
  const file = config.text('expect-peer-cert-file');
  return file === undefined ? undefined : certificatesIn(file).map(hex);
}

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');

function differs(what: string, expected: unknown, actual: unknown): string | undefined {
  return expected === actual ? undefined : `${what}: expected ${expected}, found ${actual}`;
}

function flagDiffers(config: Config, flag: NumberFlag | TextFlag, actual: unknown): string | undefined {
  const expected = config.text(flag as TextFlag);
  return expected === undefined ? undefined : differs(flag, expected, String(actual));
}

function differsInList(
  what: string,
  expected: readonly unknown[] | undefined,
  actual: readonly unknown[],
): string | undefined {
  return expected && differs(what, expected.join(), actual.join());
}
