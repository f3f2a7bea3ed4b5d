import { LessonError } from './lesson-error.ts';

/** Where a value stands, so that a fault can be named exactly. */
export interface Place {
  file: string;
  field: string;
}

/** Reads a value of the given place or throws a `LessonError`. */
export type Reader<Value> = (value: unknown, place: Place) => Value;

function describe(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value) ?? String(value);
  return `an object with ${Object.keys(value).join(', ') || 'nothing'}`;
}

export function wrong(place: Place, expected: string, actual: unknown, remedy: string): LessonError {
  return new LessonError({
    code: actual === undefined ? 'missing-field' : 'wrong-value',
    ...place,
    expected,
    actual: describe(actual),
    remedy,
  });
}

export const text: Reader<string> = (value, place) => {
  if (typeof value === 'string' && value.trim() !== '') return value;
  throw wrong(place, 'a text', value, 'Write one.');
};

export const wholeNumber: Reader<number> = (value, place) => {
  if (Number.isInteger(value) && (value as number) >= 0) return value as number;
  throw wrong(place, 'a whole number', value, 'Write one, without quotes.');
};

/** What is allowed by saying so, and by nothing else. */
export const yes: Reader<true> = (value, place) => {
  if (value === true) return value;
  throw wrong(place, 'true', value, 'Write true, or leave it out.');
};

/** A text of a fixed shape, e.g. a kebab-case name. */
export function textLike(shape: RegExp, expected: string): Reader<string> {
  return (value, place) => {
    const given = text(value, place);
    if (shape.test(given)) return given;
    throw wrong(place, expected, value, 'Rename it.');
  };
}

export function oneOf<const Choice extends string>(choices: readonly Choice[]): Reader<Choice> {
  return (value, place) => {
    if (choices.includes(value as Choice)) return value as Choice;
    throw wrong(place, `one of ${choices.join(', ')}`, value, 'Choose one of them.');
  };
}

export function listOf<Item>(item: Reader<Item>, atLeast = 0): Reader<Item[]> {
  return (value, place) => {
    if (!Array.isArray(value)) throw wrong(place, 'a list', value, 'Write it in square brackets.');
    if (value.length < atLeast) throw wrong(place, `at least ${atLeast}`, value, 'Add what is missing.');
    return value.map((each, index) => item(each, { ...place, field: `${place.field}[${index}]` }));
  };
}

/** Marks a field that may be left out. */
export function optional<Value>(reader: Reader<Value>): Reader<Value | undefined> {
  return (value, place) => (value === undefined ? undefined : reader(value, place));
}

/** An object of any names, each with a value of the same kind. */
export function recordOf<Value>(item: Reader<Value>): Reader<Record<string, Value>> {
  return (value, place) => {
    if (value === null || typeof value !== 'object' || Array.isArray(value)) {
      throw wrong(place, 'an object', value, 'Write it in braces.');
    }
    const entries = Object.entries(value);
    if (entries.length === 0) throw wrong(place, 'at least one field', value, 'Add what is missing.');
    return Object.fromEntries(
      entries.map(([name, each]) => [name, item(each, { ...place, field: `${place.field}.${name}` })]),
    );
  };
}

type Shape = Record<string, Reader<unknown>>;
type Given<Of extends Shape> = { [Name in keyof Of]: ReturnType<Of[Name]> };

/** An object with exactly these fields: an unknown one is a misspelling, and stops. */
export function objectOf<Of extends Shape>(shape: Of): Reader<Given<Of>> {
  return (value, place) => {
    if (value === null || typeof value !== 'object' || Array.isArray(value)) {
      throw wrong(place, 'an object', value, `Give it the fields ${Object.keys(shape).join(', ')}.`);
    }
    const inside = (name: string) => (place.field === '' ? name : `${place.field}.${name}`);
    for (const name of Object.keys(value)) {
      if (name in shape) continue;
      throw new LessonError({
        code: 'unknown-field',
        file: place.file,
        field: inside(name),
        expected: `only the fields ${Object.keys(shape).join(', ')}`,
        actual: `"${name}"`,
        remedy: 'Correct the name, or take it out.',
      });
    }
    const given: Record<string, unknown> = {};
    for (const [name, reader] of Object.entries(shape)) {
      const read = reader((value as Record<string, unknown>)[name], {
        file: place.file,
        field: inside(name),
      });
      if (read !== undefined) given[name] = read;
    }
    return given as Given<Of>;
  };
}
