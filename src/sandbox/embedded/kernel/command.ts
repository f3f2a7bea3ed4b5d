import type { Files } from '../../../node/host.ts';
import { resolvePath } from '../files/tree.ts';

/** A command the engine can run: `node` with its flags, the main file and the arguments. */
export interface NodeCommand {
  execArgv: string[];
  /** Absolute path of the main file, then the arguments. */
  args: string[];
}

export class CommandError extends Error {
  readonly code = 'ERR_COMMAND';
}

/** Reads `node [flags] FILE …`, `npm run NAME …`, `npm start` and `npm test`. Throws a CommandError for anything else. */
export function readCommand(
  files: Pick<Files, 'read'>,
  cwd: string,
  command: string,
  args: readonly string[],
): NodeCommand {
  if (command === 'node') return readNode(cwd, args);
  if (command === 'npm') return readNpm(files, cwd, args);
  throw new CommandError(
    `This sandbox runs \`node FILE\` and \`npm run NAME\`, not \`${[command, ...args].join(' ')}\`.`,
  );
}

function readNode(cwd: string, args: readonly string[]): NodeCommand {
  const main = args.findIndex((argument) => !argument.startsWith('-'));
  const flags = args.slice(0, main < 0 ? args.length : main);
  const unsupported = flags.find((flag) =>
    /^(-[epicr]|--(eval|print|interactive|check|require|import|loader|watch|env-file)\b)/.test(flag),
  );
  if (unsupported)
    throw new CommandError(`\`node ${unsupported}\` does not run in this sandbox; give it a file.`);
  if (main < 0) throw new CommandError('`node` without a file does not run in this sandbox.');
  return { execArgv: flags, args: [resolvePath(cwd, args[main]), ...args.slice(main + 1)] };
}

function readNpm(files: Pick<Files, 'read'>, cwd: string, args: readonly string[]): NodeCommand {
  const words = args.filter((word) => word !== '--silent' && word !== '-s');
  const [verb, ...rest] = words;
  const isRun = verb === 'run' || verb === 'run-script';
  if (!isRun && verb !== 'start' && verb !== 'test') {
    throw new CommandError(`Of npm, this sandbox knows \`npm run NAME\`, not \`npm ${args.join(' ')}\`.`);
  }
  const name = isRun ? rest.shift() : verb;
  if (rest[0] === '--') rest.shift();
  const script = name === undefined ? undefined : scriptNamed(files, cwd, name);
  if (script === undefined)
    throw new CommandError(`Missing script: "${name ?? ''}" (in ${resolvePath(cwd, 'package.json')})`);
  const [program, ...scriptArgs] = splitWords(script);
  if (program !== 'node') {
    throw new CommandError(
      `The script "${name}" is \`${script}\`: this sandbox runs scripts of the form \`node FILE …\`.`,
    );
  }
  return readNode(cwd, [...scriptArgs, ...rest]);
}

function scriptNamed(files: Pick<Files, 'read'>, cwd: string, name: string): string | undefined {
  const path = resolvePath(cwd, 'package.json');
  const bytes = files.read(path);
  if (!bytes) throw new CommandError(`There is no ${path}`);
  try {
    const scripts = JSON.parse(new TextDecoder().decode(bytes))?.scripts;
    return scripts && Object.hasOwn(scripts, name) ? String(scripts[name]) : undefined;
  } catch (error) {
    throw new CommandError(`${path} is not JSON: ${(error as Error).message}`);
  }
}

/** Words of a shell command without variables, pipes or other shell business: that much a `node FILE …` script needs. */
function splitWords(text: string): string[] {
  if (/[|&;<>$`\\]/.test(text)) throw new CommandError(`\`${text}\` needs a shell; this sandbox has none.`);
  return [...text.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map((match) => match[1] ?? match[2] ?? match[3]);
}
