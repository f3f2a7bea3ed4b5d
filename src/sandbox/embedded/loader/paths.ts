/** POSIX paths and file URLs: the virtual tree has no others, whatever machine the page runs on. */

export function directoryOf(path: string): string {
  const slash = path.lastIndexOf('/');
  return slash <= 0 ? '/' : path.slice(0, slash);
}

/** Extension with its dot; a leading dot alone is no extension. */
export function extensionOf(path: string): string {
  const name = path.slice(path.lastIndexOf('/') + 1);
  const dot = name.lastIndexOf('.');
  return dot <= 0 ? '' : name.slice(dot);
}

/** Resolves `.` and `..` against an absolute folder. A trailing slash is dropped. */
export function resolvePath(folder: string, path: string): string {
  const parts: string[] = [];
  for (const part of (path.startsWith('/') ? path : `${folder}/${path}`).split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return `/${parts.join('/')}`;
}

/** As `url.pathToFileURL(path).href`. */
export function toFileUrl(path: string): string {
  const url = new URL('file:///');
  url.pathname = path
    .replaceAll('%', '%25')
    .replaceAll('\\', '%5C')
    .replaceAll('\n', '%0A')
    .replaceAll('\r', '%0D')
    .replaceAll('\t', '%09')
    .replaceAll('?', '%3F')
    .replaceAll('#', '%23');
  return url.href;
}

/** The path of a file URL; anything after it (a query, a hash) is ignored, as Node's loader does. */
export function toPath(url: string | URL): string {
  return decodeURIComponent(new URL(url).pathname);
}
