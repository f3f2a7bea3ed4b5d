/** Functions of the program that SQLite calls: `database.function`, `aggregate` and `setAuthorizer`. */
import { SQLITE_DETERMINISTIC, SQLITE_DIRECTONLY, SQLITE_UTF8 } from './constants.ts';
import { type Connection, check } from './errors.ts';
import { hideFrames, invalidType, withDeepStacks } from './native.ts';
import { booleanOption, functionOption, objectOption, stringArgument } from './options.ts';
import { argumentValue, setResult } from './values.ts';
import { functionPointer, sqlite, textAt, view, withText } from './wasm.ts';

type Call = (...args: unknown[]) => unknown;

interface Registered {
  connection: Connection;
  asBigInts: boolean;
}

/** What SQLite hands back to our functions is a number; this is what it stands for. */
const registered = new Map<number, Registered & Record<string, unknown>>();
let lastNumber = 0;

function register(entry: Registered & Record<string, unknown>): number {
  registered.set(++lastNumber, entry);
  return lastNumber;
}

const forget = functionPointer('vi', (number: number) => void registered.delete(number));

/** Runs a function of the program. What it throws is kept for whoever called SQLite, to be thrown there. */
function guarded(context: number, connection: Connection, run: () => void): void {
  try {
    withDeepStacks(run);
  } catch (error) {
    connection.thrown = { error };
    withText('', (place) => sqlite.sqlite3_result_error(context, place, 0));
  }
}

function argumentsOf(count: number, place: number, asBigInts: boolean): unknown[] {
  return Array.from({ length: count }, (_, index) =>
    argumentValue(view().getUint32(place + 4 * index, true), asBigInts),
  );
}

const entryOf = <Entry>(context: number) =>
  registered.get(sqlite.sqlite3_user_data(context)) as Registered & Entry;

// --- scalar functions

const callScalar = functionPointer('viii', (context: number, count: number, place: number) => {
  const { connection, asBigInts, call } = entryOf<{ call: Call }>(context);
  guarded(context, connection, () =>
    setResult(context, call.apply(undefined, argumentsOf(count, place, asBigInts))),
  );
});

export function defineFunction(connection: Connection, args: unknown[]): void {
  const name = stringArgument(args[0], 'name');
  const options = args.length < 3 ? {} : objectOption(args[1]);
  const call = args.length < 3 ? args[1] : args[2];
  const asBigInts = booleanOption(options, 'useBigIntArguments') ?? false;
  const varargs = booleanOption(options, 'varargs') ?? false;
  const deterministic = booleanOption(options, 'deterministic') ? SQLITE_DETERMINISTIC : 0;
  const directOnly = booleanOption(options, 'directOnly') ? SQLITE_DIRECTONLY : 0;
  if (typeof call !== 'function') throw invalidType('The "function" argument must be a function.');
  const number = register({ connection, asBigInts, call });
  const answer = withText(name, (place) =>
    sqlite.sqlite3_create_function_v2(
      ...([connection.pointer, place, varargs ? -1 : call.length] as const),
      ...([SQLITE_UTF8 | deterministic | directOnly, number, callScalar, 0, 0, forget] as const),
    ),
  );
  check(connection, answer);
}

// --- aggregates and window functions

interface Aggregate {
  start: unknown;
  step: Call;
  inverse: Call | undefined;
  result: Call | undefined;
}

interface Accumulator {
  value: unknown;
  isWindow: boolean;
}

/** The accumulators in use, by the place SQLite gives each aggregation. */
const accumulators = new Map<number, Accumulator>();
const PLACE_SIZE = 8;

function accumulatorOf(context: number, { start }: Aggregate): Accumulator {
  const place = sqlite.sqlite3_aggregate_context(context, PLACE_SIZE);
  let accumulator = accumulators.get(place);
  if (!accumulator) {
    const value = typeof start === 'function' ? start.call(null) : start;
    accumulator = { value, isWindow: false };
    accumulators.set(place, accumulator);
  }
  return accumulator;
}

function stepping(which: 'step' | 'inverse') {
  return (context: number, count: number, place: number) => {
    const aggregate = entryOf<Aggregate>(context);
    const { connection, asBigInts } = aggregate;
    guarded(context, connection, () => {
      const accumulator = accumulatorOf(context, aggregate);
      const args = argumentsOf(count, place, asBigInts);
      accumulator.value = (aggregate[which] as Call).call(undefined, accumulator.value, ...args);
    });
  };
}

function valuing(isFinal: boolean) {
  return (context: number) => {
    const aggregate = entryOf<Aggregate>(context);
    guarded(context, aggregate.connection, () => {
      try {
        const accumulator = accumulatorOf(context, aggregate);
        if (!isFinal) accumulator.isWindow = true;
        else if (accumulator.isWindow) return;
        const { value } = accumulator;
        setResult(context, aggregate.result ? aggregate.result.call(null, value) : value);
      } finally {
        if (isFinal) accumulators.delete(sqlite.sqlite3_aggregate_context(context, PLACE_SIZE));
      }
    });
  };
}

const xStep = functionPointer('viii', stepping('step'));
const xInverse = functionPointer('viii', stepping('inverse'));
const xFinal = functionPointer('vi', valuing(true));
const xValue = functionPointer('vi', valuing(false));

export function defineAggregate(connection: Connection, args: unknown[]): void {
  const name = String(args[0]);
  const options = args[1] as Record<string, unknown>;
  const start = options.start;
  if (start === undefined) {
    throw invalidType('The "options.start" argument must be a function or a primitive value.');
  }
  const { step, result } = options;
  if (typeof step !== 'function') throw invalidType('The "options.step" argument must be a function.');
  const asBigInts = booleanOption(options, 'useBigIntArguments') ?? false;
  const varargs = booleanOption(options, 'varargs') ?? false;
  const directOnly = booleanOption(options, 'directOnly') ? SQLITE_DIRECTONLY : 0;
  const inverse = functionOption<Call>(options, 'inverse');
  // The first argument of each is the value so far.
  const count = varargs ? -1 : Math.max(step.length - 1, (inverse ?? step).length - 1, 0);
  const call = typeof result === 'function' ? result : undefined;
  const number = register({ connection, asBigInts, start, step, inverse, result: call });
  const window = inverse ? [xValue, xInverse] : [0, 0];
  const answer = withText(name, (place) =>
    sqlite.sqlite3_create_window_function(
      ...[
        connection.pointer,
        place,
        count,
        SQLITE_UTF8 | directOnly,
        number,
        xStep,
        xFinal,
        ...window,
        forget,
      ],
    ),
  );
  check(connection, answer);
}

// --- the authorizer

const DENY = 1;
const ANSWERS = [0, 1, 2];
const authorizers = new Map<number, { connection: Connection; call: Call }>();

const authorize = functionPointer(
  'iiiiiii',
  (connectionPointer: number, action: number, ...places: number[]) => {
    const authorizer = authorizers.get(connectionPointer);
    if (!authorizer) return DENY;
    try {
      const answer = authorizer.call.call(undefined, action, ...places.map(textAt));
      if (typeof answer !== 'number' || (answer | 0) !== answer) {
        throw hideFrames(new TypeError('Authorizer callback must return an integer authorization code'));
      }
      if (ANSWERS.includes(answer)) return answer;
      throw hideFrames(new RangeError('Authorizer callback returned a invalid authorization code'));
    } catch (error) {
      authorizer.connection.thrown = { error };
      return DENY;
    }
  },
);

export function setAuthorizer(connection: Connection, call: unknown): void {
  if (call !== null && typeof call !== 'function') {
    throw invalidType('The "callback" argument must be a function or null.');
  }
  const { pointer } = connection;
  if (call === null) authorizers.delete(pointer);
  else authorizers.set(pointer, { connection, call: call as Call });
  check(connection, sqlite.sqlite3_set_authorizer(pointer, call === null ? 0 : authorize, pointer));
}

export const forgetAuthorizer = ({ pointer }: Connection): void => void authorizers.delete(pointer);
