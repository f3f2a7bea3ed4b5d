/** What a connection knows of its peer: the certificates it showed, what to think of them, and the forms Node shows them in. */
import { type Certificate, verifyChain } from '../../x509/index.ts';
import { isIssuedBy, legacyObject, X509CertificateHandle } from '../crypto/certificate.ts';
import { now } from '../crypto/environment.ts';
import type { SecureContext } from './secure-context.ts';

export class Peer {
  readonly #leaf: Certificate | undefined;
  readonly #sent: readonly Certificate[];
  readonly #isServer: boolean;
  readonly #context: SecureContext;
  #error: Error | null | undefined;

  /**
   * `certificates`: as the peer sent them, its own first; none if it showed none. `isServer`: whether we are the server.
   * `verdict`: what was thought of the peer when the session began that it has resumed.
   */
  constructor(
    certificates: readonly Certificate[],
    isServer: boolean,
    context: SecureContext,
    verdict?: Error | null,
  ) {
    [this.#leaf, ...this.#sent] = certificates;
    this.#isServer = isServer;
    this.#context = context;
    this.#error = verdict;
  }

  /** What speaks against believing the peer; null when nothing does. */
  verifyError(): Error | null {
    if (this.#error === undefined) this.#error = this.#judge();
    return this.#error;
  }

  #judge(): Error | null {
    if (!this.#leaf)
      return verificationError('UNABLE_TO_GET_ISSUER_CERT', 'unable to get issuer certificate');
    const { nodeCode, nodeMessage } = verifyChain([this.#leaf, ...this.#sent], {
      anchors: this.#context.anchors,
      purpose: this.#isServer ? 'clientAuth' : 'serverAuth',
      now: new Date(now()),
      partialChain: this.#context.partialChain,
      revocationLists: this.#context.revocationLists,
      securityLevel: this.#context.securityLevel,
    });
    return nodeCode === null ? null : verificationError(nodeCode, nodeMessage);
  }

  /** `getPeerCertificate()`; with `detailed`, linked to its issuers. */
  legacy(detailed: boolean): object | undefined {
    if (!this.#leaf) return undefined;
    const object = legacyObject(this.#leaf);
    if (detailed) this.#linkIssuers(object, this.#leaf);
    return object;
  }

  /**
   * Adds `issuerCertificate` upwards: first from what the peer sent (on a client; a server's OpenSSL looks only among
   * its own), then from `ca`. The last one, if it issued itself, is its own issuer.
   */
  #linkIssuers(leafObject: Record<string, unknown>, leaf: Certificate): void {
    let [object, certificate] = [leafObject, leaf];
    const candidates = [...(this.#isServer ? [] : this.#sent), ...this.#context.anchors];
    while (!isIssuedBy(certificate, certificate)) {
      const index = candidates.findIndex((candidate) => isIssuedBy(certificate, candidate));
      if (index < 0) return;
      [certificate] = candidates.splice(index, 1);
      const issuer = legacyObject(certificate);
      object.issuerCertificate = issuer;
      object = issuer;
    }
    object.issuerCertificate = object;
  }

  handle(): X509CertificateHandle | undefined {
    return this.#leaf && new X509CertificateHandle(this.#leaf, this.#isServer ? [] : this.#sent);
  }
}

function verificationError(code: string, message: string): Error {
  return Object.assign(new Error(message), { code });
}
