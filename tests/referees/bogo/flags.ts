/**
 * The flags that BoGo's runner gives to the program under test. Each holds for all connections of a run, or for the first
 * (`-on-initial-…`), or for the later ones (`-on-resume-…`).
 */

const SWITCHES = [
  'server',
  'async',
  'check-close-notify',
  'decline-alpn',
  'expect-hrr',
  'expect-no-hrr',
  'expect-no-session',
  'expect-no-session-id',
  'expect-session-id',
  'expect-session-miss',
  'expect-ticket-renewal',
  'export-traffic-secrets',
  'fail-cert-callback',
  'fail-ddos-callback',
  'fail-early-callback',
  'key-update',
  'no-ticket',
  'no-tls12',
  'no-tls13',
  'read-with-unfinished-write',
  'reject-alpn',
  'require-any-client-certificate',
  'reverify-on-resume',
  'send-alert',
  'shim-shuts-down',
  'shim-writes-first',
  'tls-unique',
  'use-custom-verify-callback',
  'use-export-context',
  'verify-fail',
  'verify-peer',
  'write-different-record-sizes',
] as const;

const NUMBERS = [
  'port',
  'resume-count',
  'min-version',
  'max-version',
  'expect-version',
  'export-keying-material',
  'expect-curve-id',
  'expect-peer-signature-algorithm',
  'max-send-fragment',
  'resumption-delay',
] as const;

const TEXTS = [
  'key-file',
  'cert-file',
  'host-name',
  'expect-server-name',
  'advertise-alpn',
  'select-alpn',
  'expect-alpn',
  'expect-advertised-alpn',
  'export-label',
  'export-context',
  'expect-peer-cert-file',
  'use-client-ca-list',
  'expect-client-ca-list',
] as const;

const LISTS = ['curves', 'verify-prefs', 'signing-prefs', 'expect-peer-verify-pref'] as const;

/** What these ask for is so here in any case, or has no meaning here; and why. */
const MEANINGLESS: Record<string, string> = {
  'expect-extended-master-secret': 'TLS 1.2 is not spoken without it',
  'expect-verify-result': 'the verdict on a certificate is the owner’s, and the shim is the owner',
  'expect-secure-renegotiation': 'a TLS 1.2 peer without RFC 5746 is refused',
  'handshake-twice': 'the engine has no call that could be made twice',
  'implicit-handshake': 'the engine shakes hands by itself',
  'install-ddos-callback': 'the event that shows the ClientHello is always there',
  'no-op-extra-handshake': 'the engine has no call that could be made twice',
  'no-tls1': 'TLS 1.0 is not spoken',
  'no-tls11': 'TLS 1.1 is not spoken',
  'peek-then-read': 'the engine hands over what it has read; nobody can peek',
  'renegotiate-ignore': 'a wish to renegotiate never has another effect than a warning',
  'renew-ticket': 'in TLS 1.3 a ticket that was used is always followed by a new one',
  'server-preference': 'a server always goes by its own order of cipher suites',
  'use-early-callback': 'a server always waits for its owner at the ClientHello',
  'use-old-client-cert-callback': 'the client’s certificate is given beforehand',
  'use-ticket-callback': 'tickets are always sealed and opened by the owner',
};
const MEANINGLESS_VALUES: Record<string, string> = {
  'expect-early-data-reason': 'there is never early data to give a reason for',
  'expect-cipher-aes': 'BoringSSL changes its order of suites with the hardware',
  'expect-cipher-no-aes': 'BoringSSL changes its order of suites with the hardware',
  'expect-total-renegotiations': 'is given with flags that ask for renegotiation, which are refused',
  'read-size': 'the engine hands over whole records',
};

export type Switch = (typeof SWITCHES)[number];
export type NumberFlag = (typeof NUMBERS)[number];
export type TextFlag = (typeof TEXTS)[number];
export type ListFlag = (typeof LISTS)[number];

/** The flags of one connection. */
export class Config {
  readonly #switches = new Set<string>();
  readonly #values = new Map<string, string>();
  readonly #lists = new Map<string, number[]>();

  has(name: Switch): boolean {
    return this.#switches.has(name);
  }

  number(name: NumberFlag): number | undefined {
    const value = this.#values.get(name);
    return value === undefined ? undefined : Number(value);
  }

  /** Each character is one byte of the argument, which Node has read as UTF-8. */
  text(name: TextFlag): string | undefined {
    const value = this.#values.get(name);
    return value === undefined ? undefined : Buffer.from(value, 'utf8').toString('latin1');
  }

  list(name: ListFlag): readonly number[] | undefined {
    return this.#lists.get(name);
  }

  turnOn(name: string): void {
    this.#switches.add(name);
  }

  set(name: string, value: string): void {
    this.#values.set(name, value);
  }

  append(name: string, value: string): void {
    this.#lists.set(name, [...(this.#lists.get(name) ?? []), Number(value)]);
  }
}

/** A flag asks for something that is not here. The runner is told so by an exit code of its own. */
export class Unimplemented extends Error {}

const isOf = (names: readonly string[], name: string) => names.includes(name);

/** Reads the arguments. Throws `Unimplemented` for a flag that means nothing to us. */
export function readFlags(args: readonly string[]): { readonly initial: Config; readonly resume: Config } {
  const initial = new Config();
  const resume = new Config();
  for (let index = 0; index < args.length; index++) {
    const flag = args[index].replace(/^--?/, '');
    const name = flag.replace(/^on-(initial|resume)-/, '');
    const configs = [
      ...(flag.startsWith('on-resume-') ? [] : [initial]),
      ...(flag.startsWith('on-initial-') ? [] : [resume]),
    ];
    const set = (apply: (config: Config, value: string) => void) => {
      index += 1;
      for (const config of configs) apply(config, args[index]);
    };
    if (isOf(SWITCHES, name)) for (const config of configs) config.turnOn(name);
    else if (isOf(NUMBERS, name) || isOf(TEXTS, name)) set((config, value) => config.set(name, value));
    else if (isOf(LISTS, name)) set((config, value) => config.append(name, value));
    else if (name in MEANINGLESS_VALUES) set(() => {});
    else if (!(name in MEANINGLESS)) throw new Unimplemented(`-${flag}`);
  }
  return { initial, resume };
}
