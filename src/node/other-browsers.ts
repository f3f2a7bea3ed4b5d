/**
 * What Node's library takes for granted since it runs on V8, for browsers of another make. Imported before the library.
 */

// WebKit (2.50) has no explicit resource management yet; the library names methods by these symbols.
for (const name of ['dispose', 'asyncDispose'] as const) {
  if (!(name in Symbol)) Object.defineProperty(Symbol, name, { value: Symbol(`Symbol.${name}`) });
}

/** Asked when it is needed: as this is loaded, an error would make V8 (in Chromium) parse all of the engine anew. */
const isAsInV8 = () => String(new Error('told').stack).startsWith('Error: told');

/** `function@file:line:column`, with neither where there is none. */
const FRAME = /^(.*?)@(.*)$/;

/**
 * The text of an error's stack as V8 writes it: Firefox and WebKit leave out what the error says, and write frames in
 * their own way. The engine's own files have addresses that say nothing to anybody, and are left out.
 */
export function readableStack(error: Error, stack: string): string {
  if (isAsInV8()) return stack;
  const header = Error.prototype.toString.call(error);
  if (stack.startsWith(header)) return stack;
  const frames = stack.split('\n').flatMap((line) => {
    const [, called, place] = FRAME.exec(line) ?? [];
    if (!place || !/^(file:|\/).*:\d+$/.test(place)) return [];
    return `    at ${called ? `${called} (${place})` : place}`;
  });
  return [header, ...frames].join('\n');
}
