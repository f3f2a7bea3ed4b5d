import { isRecord, read, readText, VERSION, write, writeText } from './storage.ts';

const settingsKey = 'handfast:settings';
/** The theme has a key of its own and is kept as a bare word: the script in every page's head reads it before it is painted. */
const themeKey = 'handfast:theme';

/** What a reader can set. A value that is unknown, out of range or of another kind counts as not set. */
export interface Settings {
  theme: 'system' | 'light' | 'dark';
  /** Which engine runs the labs. */
  engine: 'embedded' | 'webcontainer';
  /** The text's share of the width beside the lab, in per cent; undefined leaves it to the page. */
  split: number | undefined;
  /** The files' share of the height of the lab, above the consoles, in per cent; undefined leaves it to the page. */
  rows: number | undefined;
  /** Whether the tree of all files stands beside the file that is shown. */
  tree: boolean;
  /** Whether single keys act (WCAG 2.1.4: they must be able to be switched off). */
  keys: boolean;
  /** Whether the consoles show when each line was printed. */
  timestamps: boolean;
}

interface Setting<Value> {
  readonly fallback: Value;
  isValid(value: unknown): boolean;
}

const oneOf = <Value extends string>(fallback: Value, ...others: Value[]): Setting<Value> => ({
  fallback,
  isValid: (value) => [fallback, ...others].includes(value as Value),
});

const yesOrNo = (fallback: boolean): Setting<boolean> => ({
  fallback,
  isValid: (value) => typeof value === 'boolean',
});

const share: Setting<number | undefined> = {
  fallback: undefined,
  isValid: (value) => typeof value === 'number' && value >= 10 && value <= 90,
};

/** Every setting there is: what it is until it is set, and what it may be set to. */
const known: { readonly [Name in keyof Settings]: Setting<Settings[Name]> } = {
  theme: oneOf<Settings['theme']>('system', 'light', 'dark'),
  engine: oneOf<Settings['engine']>('embedded', 'webcontainer'),
  split: share,
  rows: share,
  tree: yesOrNo(false),
  keys: yesOrNo(true),
  timestamps: yesOrNo(false),
};

const isKnown = (name: string): name is keyof Settings => Object.hasOwn(known, name);

function stored(): Record<string, unknown> {
  const value = read(settingsKey);
  const values =
    isRecord(value) && value.version === VERSION && isRecord(value.settings) ? value.settings : {};
  return { ...values, theme: readText(themeKey) };
}

/** How a setting stands: as the reader chose, or as it is for everybody. */
export function settingOf<Name extends keyof Settings>(name: Name): Settings[Name] {
  const value = stored()[name];
  return known[name].isValid(value) ? (value as Settings[Name]) : known[name].fallback;
}

/** Keeps a reader’s choice; `undefined` leaves it to the page again. Says whether that was possible. */
export function keepSetting<Name extends keyof Settings>(
  name: Name,
  value: Settings[Name] | undefined,
): boolean {
  if (name === 'theme') return writeText(themeKey, value as string | undefined);
  const { theme: _, ...others } = stored();
  const { [name]: _before, ...rest } = others;
  const settings = value === undefined ? rest : { ...rest, [name]: value };
  return write(settingsKey, Object.keys(settings).length > 0 ? { version: VERSION, settings } : undefined);
}

/** All that the reader has set, as far as it is known here. */
export function settingsSet(): Partial<Settings> {
  return validSettings(stored());
}

/** Those of these values that are settings of ours and may be set so. */
export function validSettings(values: Record<string, unknown>): Partial<Settings> {
  return Object.fromEntries(
    Object.entries(values).filter(([name, value]) => isKnown(name) && known[name].isValid(value)),
  );
}

/** Every setting as it is for everybody. */
export function forgetSettings(): void {
  write(settingsKey, undefined);
  writeText(themeKey, undefined);
}
