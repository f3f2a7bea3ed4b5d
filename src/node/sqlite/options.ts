/** What programs give `DatabaseSync` and its methods, checked in Node's order and refused in Node's words. */
import { type LimitName, limitNames } from './limits.ts';
import { invalidType, otherTypeError, outOfRange } from './native.ts';
import type { StatementOptions } from './statement.ts';
import { encode } from './wasm.ts';

type Options = Record<string, unknown>;

export interface DatabaseOptions extends StatementOptions {
  open: boolean;
  readOnly: boolean;
  enableForeignKeyConstraints: boolean;
  enableDoubleQuotedStringLiterals: boolean;
  allowExtension: boolean;
  timeout: number;
  defensive: boolean;
  limits: Partial<Record<LimitName, number>>;
}

const isObject = (value: unknown): value is Options =>
  (typeof value === 'object' && value !== null) || typeof value === 'function';

const isInt32 = (value: unknown): value is number =>
  typeof value === 'number' && (value | 0) === value && !Object.is(value, -0);

export function objectOption(value: unknown): Options {
  if (!isObject(value)) throw invalidType('The "options" argument must be an object.');
  return value;
}

const named = (options: Options, name: string, is: string, check: (value: unknown) => boolean) => {
  const value = options[name];
  if (value === undefined) return undefined;
  if (!check(value)) throw invalidType(`The "options.${name}" argument must be ${is}.`);
  return value;
};

export const booleanOption = (options: Options, name: string) =>
  named(options, name, 'a boolean', (value) => typeof value === 'boolean') as boolean | undefined;

export const integerOption = (options: Options, name: string) =>
  named(options, name, 'an integer', isInt32) as number | undefined;

export const stringOption = (options: Options, name: string) =>
  named(options, name, 'a string', (value) => typeof value === 'string') as string | undefined;

export const functionOption = <Type>(options: Options, name: string) =>
  named(options, name, 'a function', (value) => typeof value === 'function') as Type | undefined;

export function stringArgument(value: unknown, name: string): string {
  if (typeof value !== 'string') throw invalidType(`The "${name}" argument must be a string.`);
  return value;
}

export function booleanArgument(value: unknown, name: string): boolean {
  if (typeof value !== 'boolean') throw invalidType(`The "${name}" argument must be a boolean.`);
  return value;
}

/** A path: a string, the bytes of one, or a `file:` URL, as which SQLite reads it. */
export function databasePath(value: unknown, name: string): string {
  let path: string | undefined;
  if (typeof value === 'string') path = value;
  else if (value instanceof Uint8Array) path = new TextDecoder().decode(value);
  else if (isObject(value) && typeof value.href === 'string') {
    path = value.href;
    if (!path.startsWith('file:')) {
      throw otherTypeError('The URL must be of scheme file:', 'ERR_INVALID_URL_SCHEME');
    }
  }
  if (path === undefined || encode(path).includes(0)) {
    throw invalidType(`The "${name}" argument must be a string, Uint8Array, or URL without null bytes.`);
  }
  return path;
}

function limitOptions(value: unknown): DatabaseOptions['limits'] {
  const limits: DatabaseOptions['limits'] = {};
  if (value === undefined) return limits;
  if (!isObject(value)) throw invalidType('The "options.limits" argument must be an object.');
  for (const name of limitNames) {
    const limit = value[name];
    if (limit === undefined) continue;
    if (!isInt32(limit)) throw invalidType(`The "options.limits.${name}" argument must be an integer.`);
    if (limit < 0) throw outOfRange(`The "options.limits.${name}" argument must be non-negative.`);
    limits[name] = limit;
  }
  return limits;
}

export function databaseOptions(given: unknown): DatabaseOptions {
  const options = given === undefined ? {} : objectOption(given);
  const boolean = (name: string, fallback: boolean) => booleanOption(options, name) ?? fallback;
  return {
    open: boolean('open', true),
    readOnly: boolean('readOnly', false),
    enableForeignKeyConstraints: boolean('enableForeignKeyConstraints', true),
    enableDoubleQuotedStringLiterals: boolean('enableDoubleQuotedStringLiterals', false),
    allowExtension: boolean('allowExtension', false),
    timeout: integerOption(options, 'timeout') ?? 0,
    readBigInts: boolean('readBigInts', false),
    returnArrays: boolean('returnArrays', false),
    allowBareNamedParameters: boolean('allowBareNamedParameters', true),
    allowUnknownNamedParameters: boolean('allowUnknownNamedParameters', false),
    defensive: boolean('defensive', true),
    limits: limitOptions(options.limits),
  };
}

/** What `prepare` is given over the database's own. */
export function statementOptions(given: unknown, defaults: StatementOptions): StatementOptions {
  const options = given === undefined ? {} : objectOption(given);
  const boolean = (name: keyof StatementOptions) => booleanOption(options, name) ?? defaults[name];
  return {
    returnArrays: boolean('returnArrays'),
    readBigInts: boolean('readBigInts'),
    allowBareNamedParameters: boolean('allowBareNamedParameters'),
    allowUnknownNamedParameters: boolean('allowUnknownNamedParameters'),
  };
}
