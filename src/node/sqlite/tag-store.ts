/** `SQLTagStore`: template literals as statements, whose placeholders are parameters; the statements are kept. */
import { illegalConstructor, invalidState, invalidType, nativeClass, outOfRange } from './native.ts';
import {
  all,
  get,
  iterate,
  prepare,
  restart,
  run,
  type Statement,
  type StatementOptions,
  type StatementOwner,
} from './statement.ts';

interface Prepared {
  object: object;
  statement: Statement;
}

interface TagStore {
  readonly connection: StatementOwner;
  readonly database: object;
  readonly options: StatementOptions;
  readonly capacity: number;
  /** The least recently used first. */
  readonly statements: Map<string, Prepared>;
}

const DEFAULT_CAPACITY = 1000;

const stores = nativeClass<TagStore>('SQLTagStore', illegalConstructor);

export function createTagStore(
  connection: StatementOwner,
  database: object,
  options: StatementOptions,
  capacity: unknown = DEFAULT_CAPACITY,
): object {
  const message = 'The "maxSize" argument must be a positive integer.';
  if (typeof capacity !== 'number') throw invalidType(message);
  if ((capacity | 0) !== capacity || capacity <= 0) throw outOfRange(message);
  return stores.create({ connection, database, options, capacity, statements: new Map() });
}

function prepared(store: TagStore, parts: unknown): Prepared {
  if (store.connection.pointer === 0) throw invalidState('database is not open');
  if (!Array.isArray(parts)) {
    throw invalidType('First argument must be an array of strings (template literal).');
  }
  if (!parts.every((part) => typeof part === 'string')) {
    throw invalidType('Template literal parts must be strings.');
  }
  const sql = parts.join('?');
  const { connection, options, statements, capacity } = store;
  let found = statements.get(sql);
  statements.delete(sql);
  if (!found || found.statement.pointer === 0) found = prepare(connection, sql, { ...options });
  statements.set(sql, found);
  if (statements.size > capacity) statements.delete(statements.keys().next().value as string);
  return found;
}

/** The values are parameters by their places: an object among them names nothing. */
function begin(store: TagStore, [parts, ...values]: unknown[]): Prepared {
  const found = prepared(store, parts);
  restart(found.statement, values, true);
  return found;
}

stores.methods({
  get: (store, args) => get(begin(store, args).statement),
  all: (store, args) => all(begin(store, args).statement),
  iterate(store, args) {
    const { statement, object } = begin(store, args);
    return iterate(statement, object);
  },
  run: (store, args) => run(begin(store, args).statement),
  clear: (store) => store.statements.clear(),
});

stores.getters({
  capacity: (store) => store.capacity,
  db: (store) => store.database,
  size: (store) => store.statements.size,
});
