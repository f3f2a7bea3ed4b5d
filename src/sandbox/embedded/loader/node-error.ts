/**
 * Errors as Node's own library makes them: the stack starts with `Error [CODE]: message`, `name` stays the class's,
 * and `code` is an own property, so that it shows in what `console.log` prints.
 */

const ours = new WeakSet<Error>();

export type ErrorClass = new (message: string) => Error;

export function nodeError(
  code: string,
  message: string,
  { base = Error as ErrorClass, properties = {} as Record<string, unknown> } = {},
): Error & { code: string } {
  const error = new base(message) as Error & { code: string };
  ours.add(error);
  Object.assign(error, { code }, properties);
  return error;
}

/** The first line of a stack, which for Node's own errors carries the code. */
export function stackHeader(error: unknown): string {
  const thrown = error as { name?: unknown; code?: unknown; message?: unknown };
  if (error instanceof Error && (ours.has(error) || isNodes(error)))
    return `${thrown.name} [${thrown.code}]: ${thrown.message}`;
  try {
    return Error.prototype.toString.call(error);
  } catch {
    return '<error>';
  }
}

/** Errors of Node's library carry a symbol that is not exported. It is looked for among the classes between. */
function isNodes(error: Error): boolean {
  for (let owner: object = error; owner && owner !== Error.prototype; owner = Object.getPrototypeOf(owner)) {
    if (Object.getOwnPropertySymbols(owner).some(({ description }) => description === 'kIsNodeError'))
      return true;
  }
  return false;
}
