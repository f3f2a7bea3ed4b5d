/**
 * Runs classic script text under a file's name. `importScripts` of a blob is what a worker has for that: no `eval`, and
 * the browser reports the file's own name and line in stack traces. Captured early: user code does not get to see these.
 */
export function createEvaluate(): (source: string, fileUrl: string) => void {
  const { importScripts, URL, Blob } = globalThis as typeof globalThis & { importScripts(url: string): void };
  const { createObjectURL, revokeObjectURL } = URL;
  return (source, fileUrl) => {
    const url = createObjectURL.call(
      URL,
      new Blob([source, `\n//# sourceURL=${fileUrl}`], { type: 'text/javascript' }),
    );
    try {
      importScripts.call(globalThis, url);
    } finally {
      revokeObjectURL.call(URL, url);
    }
  };
}
