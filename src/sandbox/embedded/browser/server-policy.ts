/**
 * The Content-Security-Policy that a lab's server sends with a page, judged as a browser does it (CSP level 3): the pane
 * rewrites the page's scripts, so it must ask here which of them may run. Only what decides about scripts, styles,
 * images, connections and forms; reporting is left out.
 */

type Directives = Map<string, string[]>;

export type Destination = 'script' | 'style' | 'image' | 'connect' | 'form-action';

const FETCH_DIRECTIVES: Record<Exclude<Destination, 'form-action'>, string[]> = {
  script: ['script-src-elem', 'script-src', 'default-src'],
  style: ['style-src-elem', 'style-src', 'default-src'],
  image: ['img-src', 'default-src'],
  connect: ['connect-src', 'default-src'],
};

/** A refusal in Chromium's manner, or undefined when it is allowed. */
type Verdict = string | undefined;

export class ServerPolicy {
  readonly #policies: Directives[] = [];
  readonly #self: string;

  /** `url` is the page's own. */
  constructor(url: string) {
    this.#self = url;
  }

  /** Adds what one header, or one `<meta>`, says: policies are separated by commas. */
  add(text: string): void {
    for (const part of text.split(',')) {
      const directives: Directives = new Map();
      for (const directive of part.split(';')) {
        const [name, ...sources] = directive.trim().split(/\s+/);
        if (name && !directives.has(name.toLowerCase())) directives.set(name.toLowerCase(), sources);
      }
      if (directives.size > 0) this.#policies.push(directives);
    }
  }

  /** Whether something may be fetched from (or a form sent to) this URL. CSP §6.7.2. */
  fetching(destination: Destination, url: string, nonce = ''): Verdict {
    for (const policy of this.#policies) {
      const found = find(
        policy,
        destination === 'form-action' ? [destination] : FETCH_DIRECTIVES[destination],
      );
      if (!found) continue;
      if (nonce && destination !== 'form-action' && found.sources.includes(`'nonce-${nonce}'`)) continue;
      const dynamic = destination === 'script' && found.sources.includes("'strict-dynamic'");
      if (dynamic || !found.sources.some((source) => matches(source, url, this.#self)))
        return refusal(`load or send to '${url}'`, found);
    }
    return undefined;
  }

  /** Whether an inline script or style may run. CSP §6.7.3.3. */
  async inline(kind: 'script' | 'style', text: string, nonce = ''): Promise<Verdict> {
    for (const policy of this.#policies) {
      const found = find(policy, FETCH_DIRECTIVES[kind]);
      if (!found || allowsAllInline(found.sources)) continue;
      if (nonce && found.sources.includes(`'nonce-${nonce}'`)) continue;
      if (!(await hashListed(found.sources, text))) return refusal(`execute inline ${kind}`, found);
    }
    return undefined;
  }

  /** Whether an event handler in an attribute may run. */
  async handler(text: string): Promise<Verdict> {
    for (const policy of this.#policies) {
      const found = find(policy, ['script-src-attr', 'script-src', 'default-src']);
      if (!found || allowsAllInline(found.sources)) continue;
      const hashed = found.sources.includes("'unsafe-hashes'") && (await hashListed(found.sources, text));
      if (!hashed) return refusal('execute inline event handler', found);
    }
    return undefined;
  }

  /** What scripts that come into being later may do: handlers in HTML, inline scripts, evaluation of text. */
  get later(): { handlers: boolean; scripts: boolean; evaluation: boolean } {
    const all = (names: string[], allows: (sources: string[]) => boolean) =>
      this.#policies.every((policy) => {
        const found = find(policy, names);
        return !found || allows(found.sources);
      });
    return {
      handlers: all(['script-src-attr', 'script-src', 'default-src'], allowsAllInline),
      scripts: all(FETCH_DIRECTIVES.script, allowsAllInline),
      evaluation: all(['script-src', 'default-src'], (sources) => sources.includes("'unsafe-eval'")),
    };
  }
}

interface Found {
  directive: string;
  sources: string[];
}

function find(policy: Directives, names: string[]): Found | undefined {
  for (const directive of names) {
    const sources = policy.get(directive);
    if (sources) return { directive, sources };
  }
  return undefined;
}

function refusal(what: string, { directive, sources }: Found): string {
  return `Refused to ${what} because it violates the following Content Security Policy directive: "${[directive, ...sources].join(' ')}".`;
}

/** §6.7.3.2. */
function allowsAllInline(sources: string[]): boolean {
  return (
    sources.includes("'unsafe-inline'") &&
    !sources.some((source) => /^'(nonce-|sha(256|384|512)-)|^'strict-dynamic'$/i.test(source))
  );
}

async function hashListed(sources: string[], text: string): Promise<boolean> {
  for (const source of sources) {
    const [, size, expected] = /^'sha(256|384|512)-([^']+)'$/i.exec(source) ?? [];
    if (!size) continue;
    const hash = await crypto.subtle.digest(`SHA-${size}`, new TextEncoder().encode(text));
    const actual = btoa(String.fromCharCode(...new Uint8Array(hash)));
    if (actual === expected.replaceAll('-', '+').replaceAll('_', '/')) return true;
  }
  return false;
}

const DEFAULT_PORTS: Record<string, string> = { 'http:': '80', 'https:': '443' };

/** Whether a source expression takes in a URL. §6.7.2.8. */
function matches(source: string, url: string, self: string): boolean {
  const target = new URL(url);
  if (source === '*') return target.protocol in DEFAULT_PORTS;
  if (source.toLowerCase() === "'self'") return target.origin === new URL(self).origin;
  if (/^[a-z][a-z0-9+.-]*:$/i.test(source)) return protocolMatches(source.toLowerCase(), target.protocol);
  const parts = /^(?:([a-z][a-z0-9+.-]*):\/\/)?(\*|(?:\*\.)?[^:/*']+)(?::(\d+|\*))?(\/.*)?$/i.exec(source);
  if (!parts) return false;
  const [, scheme, host, port, path] = parts;
  if (!protocolMatches(scheme ? `${scheme.toLowerCase()}:` : new URL(self).protocol, target.protocol))
    return false;
  if (!hostMatches(host.toLowerCase(), target.hostname)) return false;
  const actualPort = target.port || DEFAULT_PORTS[target.protocol];
  if (port !== '*' && (port ?? DEFAULT_PORTS[target.protocol]) !== actualPort) return false;
  return (
    !path ||
    path === '/' ||
    (path.endsWith('/') ? target.pathname.startsWith(path) : target.pathname === path)
  );
}

const protocolMatches = (wanted: string, actual: string) =>
  wanted === actual || (wanted === 'http:' && actual === 'https:');

function hostMatches(pattern: string, host: string): boolean {
  if (pattern === '*') return true;
  return pattern.startsWith('*.') ? host.endsWith(pattern.slice(1)) : host === pattern;
}
