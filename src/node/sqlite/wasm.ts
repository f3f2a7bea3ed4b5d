/**
 * SQLite, compiled to WebAssembly by its own project (`@sqlite.org/sqlite-wasm`), without that package's JavaScript: we
 * call SQLite's C interface, as Node's C++ does, so that what Node makes of it can be followed call by call. Pointers
 * and ints are numbers; 64-bit integers are BigInts.
 */
import { host } from '../current.ts';

type Exports = Record<string, (...args: (number | bigint)[]) => number> & {
  sqlite3_column_int64(statement: number, column: number): bigint;
  sqlite3_value_int64(value: number): bigint;
  sqlite3_last_insert_rowid(db: number): bigint;
  sqlite3_changes64(db: number): bigint;
};

/** What the module was linked for: 8 MiB to begin with, at most 2 GiB. */
const FIRST_PAGES = 128;
const MOST_PAGES = 32768;
const PAGE = 65536;
/** `ENOSYS` of musl and of WASI: nothing goes through the C library's files, ours is the only VFS that is used. */
const ENOSYS = -38;
const WASI_ENOSYS = 52;

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

const memory = new WebAssembly.Memory({ initial: FIRST_PAGES, maximum: MOST_PAGES });

let bytesNow = new Uint8Array(memory.buffer);
let viewNow = new DataView(memory.buffer);

/** The bytes of SQLite's memory: ask each time, growing gives it a new buffer. */
export function heap(): Uint8Array {
  if (bytesNow.buffer !== memory.buffer) bytesNow = new Uint8Array(memory.buffer);
  return bytesNow;
}

export function view(): DataView {
  if (viewNow.buffer !== memory.buffer) viewNow = new DataView(memory.buffer);
  return viewNow;
}

function grow(wanted: number): number {
  try {
    memory.grow(Math.ceil((wanted - memory.buffer.byteLength) / PAGE));
    return 1;
  } catch {
    return 0;
  }
}

/** `struct tm` of local time, for SQLite's 'localtime'. */
function localTime(seconds: bigint, place: number): void {
  const date = new Date(Number(seconds) * 1000);
  const newYear = new Date(date.getFullYear(), 0, 1);
  const fields = [
    ...[date.getSeconds(), date.getMinutes(), date.getHours()],
    ...[date.getDate(), date.getMonth(), date.getFullYear() - 1900, date.getDay()],
    ...[Math.round((date.getTime() - newYear.getTime()) / 86_400_000 - 0.5), 0],
    -60 * date.getTimezoneOffset(),
  ];
  fields.forEach((field, index) => {
    view().setInt32(place + 4 * index, field, true);
  });
}

const given: Record<string, (...args: never[]) => unknown> = {
  emscripten_date_now: () => host().now(),
  emscripten_get_now: () => performance.now(),
  emscripten_get_heap_max: () => MOST_PAGES * PAGE,
  emscripten_resize_heap: (wanted: number) => grow(wanted >>> 0),
  _tzset_js: () => {},
  _localtime_js: localTime,
  clock_time_get(_clock: number, _precision: bigint, place: number) {
    view().setBigInt64(place, BigInt(Math.round(host().now() * 1e6)), true);
    return 0;
  },
};

function imports(module: WebAssembly.Module): WebAssembly.Imports {
  const modules: Record<string, Record<string, WebAssembly.ImportValue>> = {};
  for (const { module: from, name, kind } of WebAssembly.Module.imports(module)) {
    const absent = () => (from === 'env' ? ENOSYS : WASI_ENOSYS);
    modules[from] ??= {};
    modules[from][name] = kind === 'memory' ? memory : (given[name] ?? absent);
  }
  return modules;
}

function instantiate(): WebAssembly.Exports {
  const bytes = host().asset('sqlite.wasm');
  if (!bytes) throw new Error('The sandbox did not load sqlite.wasm');
  const module = new WebAssembly.Module(bytes as Uint8Array<ArrayBuffer>);
  return new WebAssembly.Instance(module, imports(module)).exports;
}

const exported = instantiate();
(exported.__wasm_call_ctors as () => void)();

/** SQLite's functions, under the names of its C interface. */
export const sqlite = exported as unknown as Exports;

// --- functions of ours that SQLite calls

type Signature = string;
const VALUE_TYPES: Record<string, number> = { i: 0x7f, j: 0x7e, d: 0x7c };

/**
 * A JavaScript function as one of WebAssembly's, which alone may be in its table: a module of a few bytes that imports
 * it and exports it. `signature` is the result's type, `v` for none, then the arguments': `i` int or pointer, `j` 64-bit.
 */
function asWasm(call: (...args: never[]) => unknown, signature: Signature): unknown {
  const [result, ...parameters] = signature;
  const results = result === 'v' ? [] : [VALUE_TYPES[result]];
  const type = [1, 0x60, parameters.length, ...parameters.map((each) => VALUE_TYPES[each])];
  const types = [...type, results.length, ...results];
  const bytes = [
    ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...[1, types.length, ...types],
    ...[2, 7, 1, 1, 0x65, 1, 0x66, 0, 0],
    ...[7, 5, 1, 1, 0x66, 0, 0],
  ];
  const module = new WebAssembly.Module(new Uint8Array(bytes));
  return new WebAssembly.Instance(module, { e: { f: call as WebAssembly.ExportValue } }).exports.f;
}

/** The pointer by which C calls a function. It is never given back: make each once. */
export function functionPointer(signature: Signature, call: (...args: never[]) => unknown): number {
  const table = exported.__indirect_function_table as WebAssembly.Table;
  const index = table.grow(1);
  table.set(index, asWasm(call, signature));
  return index;
}

// --- memory

export function allocate(size: number): number {
  const place = sqlite.sqlite3_malloc(Math.max(size, 1));
  if (place === 0) throw new RangeError('SQLite is out of memory');
  return place;
}

export const free = (place: number): void => void sqlite.sqlite3_free(place);

/** A copy of bytes in SQLite's memory, for the caller to free. Never null, even of nothing. */
export function allocateBytes(bytes: Uint8Array): number {
  const place = allocate(bytes.length);
  heap().set(bytes, place);
  return place;
}

export const encode = (text: string): Uint8Array => encoder.encode(text);

/** A C string, for the caller to free. */
export function allocateText(text: string): number {
  const bytes = encode(text);
  const place = allocate(bytes.length + 1);
  heap().set(bytes, place);
  heap()[place + bytes.length] = 0;
  return place;
}

/** Gives `use` a C string for as long as it runs. */
export function withText<Result>(text: string, use: (place: number) => Result): Result {
  const place = allocateText(text);
  try {
    return use(place);
  } finally {
    free(place);
  }
}

/** Gives `use` room for one pointer, which begins as null. */
export function withPointer<Result>(use: (place: number) => Result): Result {
  const place = allocate(8);
  heap().fill(0, place, place + 8);
  try {
    return use(place);
  } finally {
    free(place);
  }
}

export const pointerAt = (place: number): number => view().getUint32(place, true);

export const bytesAt = (place: number, length: number): Uint8Array<ArrayBuffer> =>
  heap().slice(place, place + length) as Uint8Array<ArrayBuffer>;

export const decode = (place: number, length: number): string =>
  decoder.decode(heap().subarray(place, place + length));

/** A C string; null for the null pointer. */
export function textAt(place: number): string | null {
  if (place === 0) return null;
  return decode(place, heap().indexOf(0, place) - place);
}
