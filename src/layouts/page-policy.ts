import { createHash } from 'node:crypto';

/** The hash by which a policy allows one inline script. */
export function scriptHash(source: string): string {
  return `'sha256-${createHash('sha256').update(source).digest('base64')}'`;
}

/**
 * The page's own policy. `srcdoc` frames inherit it, so it must also allow what the sandbox's frame does:
 * workers from blobs. `frame-src 'none'` keeps a frame from being navigated anywhere, while `srcdoc` still loads.
 * Styles may be inline because the editor writes its own.
 */
export function pagePolicy(inlineScripts: readonly string[]): string {
  const development = import.meta.env.DEV;
  const scripts = development ? "'unsafe-inline'" : inlineScripts.map(scriptHash).join(' ');
  return [
    "default-src 'none'",
    `script-src 'self' ${scripts} blob: data:`,
    "style-src 'self' 'unsafe-inline'",
    "font-src 'self'",
    "img-src 'self' data:",
    `connect-src 'self'${development ? ' ws:' : ''}`,
    'worker-src blob: data:',
    "frame-src 'none'",
    "form-action 'none'",
    "base-uri 'none'",
    "manifest-src 'self'",
  ].join('; ');
}
