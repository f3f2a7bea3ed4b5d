import { createHash } from 'node:crypto';
import { pagePolicy as sandboxPagePolicy } from '../sandbox/embedded/policy.ts';

/** The hash by which a policy allows one inline script. */
const hashOf = (script: string) => `'sha256-${createHash('sha256').update(script).digest('base64')}'`;

/**
 * The policy of every page: the sandbox's own, and the inline scripts of the layout by their hashes. Styles may be inline
 * because the editor writes its own. In development Astro adds scripts of its own, so no policy is sent.
 */
export function pagePolicy(inlineScripts: readonly string[], frames?: readonly string[]): string | undefined {
  if (import.meta.env.DEV) return undefined;
  return sandboxPagePolicy({ scripts: inlineScripts.map(hashOf), ...(frames && { frames }) });
}
