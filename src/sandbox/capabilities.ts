/** Whether an engine can do something; where it cannot, the reason is a sentence for the reader. */
export type Capability = { readonly can: true } | { readonly can: false; readonly reason: string };

/** What an engine can do. Whoever needs something asks here first, instead of failing later. */
export interface Capabilities {
  /** `segment` and `keylog` events: what passes on the network, and the keys to it. */
  readonly wireTap: Capability;
  /** Several sandboxes at once; without it, a step's worlds run one after the other. */
  readonly worlds: Capability;
  /** Somebody may stand on the path between two hosts, and change what passes. */
  readonly onPath: Capability;
  /** A run can be repeated to the byte, from a seed and a start time. */
  readonly deterministic: Capability;
  /** `npm install` runs; without it, a lab has the packages that the build knows. */
  readonly npmInstall: Capability;
  /** `stderr` comes apart from `stdout`; without it, everything comes on `stdout`. */
  readonly separateStderr: Capability;
  /** Once loaded, it needs no network. */
  readonly offline: Capability;
  /** `browse`: a person at a browser. */
  readonly browsers: Capability;
  /** Each host has its address; without it, the hosts share one, and each port stands for another. */
  readonly ownAddresses: Capability;
}

export const can: Capability = { can: true };

export const cannot = (reason: string): Capability => ({ can: false, reason });
