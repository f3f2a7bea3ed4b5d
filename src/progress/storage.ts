/** Raised when a stored shape changes; older shapes are then read by what is written for them, beside the shape. */
export const VERSION = 1;

export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The entries whose values are of one kind; what else is found there is left out. */
export function entriesOf<Kind>(
  value: unknown,
  isKind: (each: unknown) => each is Kind,
): Record<string, Kind> {
  if (!isRecord(value)) return {};
  return Object.fromEntries(
    Object.entries(value).filter((entry): entry is [string, Kind] => isKind(entry[1])),
  );
}

export const isText = (value: unknown): value is string => typeof value === 'string';

/** What is stored under a key, as it was written; null where there is nothing, or where storage is refused. */
export function readText(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

/** What is stored under a key, whatever it is: null where it is not even JSON. */
export function read(key: string): unknown {
  try {
    return JSON.parse(readText(key) ?? 'null');
  } catch {
    return null;
  }
}

/** Stores text, or removes it. Says whether that was possible: refused or full, what was done lasts as long as the page. */
export function writeText(key: string, text: string | undefined): boolean {
  try {
    if (text === undefined) localStorage.removeItem(key);
    else localStorage.setItem(key, text);
    return true;
  } catch {
    return false;
  }
}

export function write(key: string, value: unknown): boolean {
  return writeText(key, value === undefined ? undefined : JSON.stringify(value));
}

/** Every key under which this site keeps something, in order. */
export function ourKeys(): string[] {
  try {
    return Object.keys(localStorage)
      .filter((key) => key.startsWith('handfast:'))
      .sort();
  } catch {
    return [];
  }
}

/** Whether this browser lets the page keep anything. */
export function canKeep(): boolean {
  const key = 'handfast:try';
  const isKept = writeText(key, 'kept') && readText(key) === 'kept';
  writeText(key, undefined);
  return isKept;
}

/** How much is kept under the keys that begin so, in characters. */
export function sizeOfKept(prefix: string): number {
  const keys = ourKeys().filter((key) => key.startsWith(prefix));
  return keys.reduce((sum, key) => sum + (readText(key)?.length ?? 0), 0);
}

/** Nothing of this site’s is kept any more. */
export function forgetEverything(): void {
  for (const key of ourKeys()) writeText(key, undefined);
}

/** Calls back when another tab keeps or forgets something of ours. */
export function onKeptElsewhere(listener: () => void): void {
  addEventListener('storage', ({ key }) => {
    if (key === null || key.startsWith('handfast:')) listener();
  });
}
