/**
 * RSA keys in stock. The platform makes one after the other, some 75 ms each, whoever asks. A lab's authority asks for
 * several at once, and it does so first thing: so making them begins when a lab with such a program is mounted, while its
 * workers are still starting. Every key is given away once.
 */

/** The keys that are kept: what nearly everybody asks for. Others a process makes itself. */
const KEY = {
  name: 'RSASSA-PKCS1-v1_5',
  modulusLength: 2048,
  publicExponent: Uint8Array.of(1, 0, 1),
  hash: 'SHA-256',
};

/** As many as the authority of a lab with five hosts needs. */
const STOCK = 6;

/**
 * A stock that was drawn on is filled up once nobody has asked for so long and no process starts: whoever works has the
 * processor to himself. Those who ask are about to sign with their keys, and then come the servers that use them.
 */
const REFILL_AFTER_MS = 1500;

const MAKES_RSA_KEYS = /\bgenerateKeyPair/;

/** Whether a program among these files is likely to ask for RSA keys. */
export function makesRsaKeys(files: Iterable<{ path: string; bytes?: Uint8Array }>): boolean {
  const decoder = new TextDecoder();
  for (const { path, bytes } of files) {
    if (!/\.[cm]?js$/.test(path) || path.includes('node_modules/')) continue;
    if (bytes && MAKES_RSA_KEYS.test(decoder.decode(bytes))) return true;
  }
  return false;
}

export interface RsaKeys {
  /** Keys are being made, which keeps a processor busy. */
  readonly isMaking: boolean;
  /** Begins to make keys ahead. */
  stock(): void;
  /** A new key of 2048 bits with the exponent 65537, in PKCS #8; nothing where the platform makes none. */
  take(): Promise<Uint8Array | undefined>;
}

export function createRsaKeys(
  platform: SubtleCrypto | undefined,
  isBusy: () => boolean = () => false,
): RsaKeys {
  const ready: Promise<Uint8Array | undefined>[] = [];
  let refill: ReturnType<typeof setTimeout> | undefined;
  let isStocked = false;
  let making = 0;

  async function make(): Promise<Uint8Array | undefined> {
    making += 1;
    try {
      const pair = await platform?.generateKey(KEY, true, ['sign', 'verify']);
      return pair && new Uint8Array((await platform?.exportKey('pkcs8', pair.privateKey)) as ArrayBuffer);
    } catch {
      return undefined; // the process makes its key itself, and says what is wrong
    } finally {
      making -= 1;
    }
  }

  function fill(): void {
    while (platform && ready.length < STOCK) ready.push(make());
  }

  function fillLater(): void {
    clearTimeout(refill);
    refill = setTimeout(() => (isBusy() ? fillLater() : fill()), REFILL_AFTER_MS);
  }

  return {
    get isMaking() {
      return making > 0;
    },
    stock() {
      isStocked = true;
      fill();
    },
    take() {
      if (isStocked) fillLater();
      return ready.shift() ?? make();
    },
  };
}
