/**
 * A browser in the lab: an actor with a person at it, not a process. It opens pages of the lab's hosts over the lab's
 * network, runs their scripts for real, and prints what that person would see (`browser-lines.ts` says how). The same in
 * every engine; reached by `Sandbox.browse`.
 */

/** What the person at the browser does. */
export type BrowserAction =
  /** Types an address. */
  | { open: string }
  /** Fills fields (by label, `aria-label` or `name`), then presses a button. */
  | { fill: Record<string, string>; press: string }
  /** Presses a button or a link, found by its visible text. */
  | { press: string };

export interface BrowserOptions {
  /** What the browser's lines are printed under. */
  name: string;
  /** The lab host it runs on. */
  host: string;
  /** Path of a PEM file in the sandbox's files: the only authorities it trusts. Read when the browser starts. */
  trusts: string;
}

/** One cookie of the jar. RFC 6265bis §5.7. */
export interface BrowserCookie {
  name: string;
  value: string;
  /** The host, or the domain when `hostOnly` is false. */
  domain: string;
  hostOnly: boolean;
  path: string;
  secure: boolean;
  httpOnly: boolean;
  sameSite: 'Strict' | 'Lax' | 'None';
  /** Milliseconds since 1970; absent for a cookie of the session. */
  expires?: number;
}

/** What the address bar and the panes beside it show. */
export interface BrowserPage {
  /** Empty before the first page. */
  address: string;
  title: string;
  loading: boolean;
  /** `refused`: the connection was not made, and `refusal` says why. */
  security: 'none' | 'secure' | 'plain' | 'refused';
  /** Chromium's name of a net error: `ERR_CERT_AUTHORITY_INVALID`. */
  refusal?: string;
  /** The server's certificate chain, leaf first, as DER. */
  certificates: readonly Uint8Array[];
  /** Every cookie in the jar. */
  cookies: readonly BrowserCookie[];
  /** `localStorage` of the page's origin. */
  storage: Readonly<Record<string, string>>;
  /** The HTML as it came from the server. */
  source: string;
}

export interface Browser {
  /** Lines, each with its line feed. */
  readonly output: ReadableStream<string>;
  /**
   * Resolves when the page that results has loaded, at once when none results. Rejects when the action cannot be done (no
   * such field or button). A refused connection is no rejection: it is a page, and a line.
   */
  perform(action: BrowserAction): Promise<void>;
  /** Called at once with the page as it is, then at each change. Returns the function that stops listening. */
  on(event: 'page', listener: (page: BrowserPage) => void): () => void;
  /** Embedded engine only: shows the page in this element of the site. */
  attach?(place: HTMLElement): void;
  reload(): Promise<void>;
  back(): Promise<void>;
  /** Everything it stored is gone, and no script of a page runs on. */
  close(): Promise<void>;
}
