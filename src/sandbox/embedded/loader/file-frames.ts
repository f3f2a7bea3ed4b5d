/**
 * What Node prints of its own `fs` when a synchronous call fails: the frames between the program and the system call, and
 * the excerpt above an error nobody caught. As version 24.21.0 has them.
 */

interface Place {
  readonly at: string;
  /** The line of `node:fs` that calls the system. */
  readonly line?: string;
}

/** By function; `b < a` is where `b` calls `a`. */
const places: Readonly<Record<string, Place>> = {
  accessSync: { at: '244:11', line: '  binding.access(getValidatedPath(path), mode);' },
  'tryReadSync < readSync': { at: '426:20' },
  readFileSync: { at: '483:20', line: '    return binding.readFileUtf8(path, stringToFlags(options.flag));' },
  'readFileSync < openSync': { at: '487:35' },
  'readFileSync < tryReadSync': { at: '529:19' },
  closeSync: { at: '578:11', line: '  binding.close(fd);' },
  openSync: { at: '621:18', line: '  return binding.open(' },
  readSync: { at: '797:18', line: '  return binding.read(fd, buffer, offset, length, position);' },
  renameSync: { at: '1073:11', line: '  binding.rename(' },
  rmdirSync: { at: '1236:11', line: '  binding.rmdir(path);' },
  rmSync: { at: '1281:16' },
  mkdirSync: { at: '1410:26', line: '  const result = binding.mkdir(' },
  readdirSync: { at: '1630:26', line: '  const result = binding.readdir(' },
  lstatSync: { at: '1770:25', line: '  const stats = binding.lstat(' },
  statSync: { at: '1794:25', line: '  const stats = binding.stat(' },
  readlinkSync: {
    at: '1839:18',
    line: '  return binding.readlink(getValidatedPath(path), options.encoding);',
  },
  unlinkSync: { at: '2000:11', line: '  binding.unlink(getValidatedPath(path));' },
  writeFileSync: { at: '2482:20', line: '    return binding.writeFileUtf8(' },
  'writeFileSync < openSync': { at: '2496:35' },
  'appendFileSync < writeFileSync': { at: '2564:6' },
  copyFileSync: { at: '3200:11', line: '  binding.copyFile(' },
};

export interface FileFrames {
  readonly frames: readonly string[];
  readonly excerpt: string | undefined;
}

/** For the engine's frames above the program's, innermost first; undefined if none is a function of `fs` known here. */
export function fileFrames(sites: readonly string[]): FileFrames | undefined {
  const frames: string[] = [];
  let excerpt: string | undefined;
  let inner: string | undefined;
  for (const site of sites) {
    const name = /^(?:[\w$]+\.)?(\w+Sync) \(/.exec(site)?.[1];
    const place = name && (places[`${name} < ${inner}`] ?? (inner === undefined ? places[name] : undefined));
    if (!place) continue;
    // As it was called: with `fs.` or by its name alone.
    frames.push(`${site.startsWith('Object.') ? 'Object.' : ''}${name} (node:fs:${place.at})`);
    if (inner === undefined && place.line) excerpt = drawExcerpt(place.at, place.line);
    inner = name;
  }
  return inner === undefined ? undefined : { frames, excerpt };
}

function drawExcerpt(at: string, line: string): string {
  const [lineNumber, column] = at.split(':');
  return `node:fs:${lineNumber}\n${line}\n${' '.repeat(Number(column) - 1)}^\n`;
}
