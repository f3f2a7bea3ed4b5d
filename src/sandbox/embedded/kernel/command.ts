import type { Files } from '../../../node/host.ts';
import { resolvePath } from '../files/tree.ts';
import { CommandError } from './error.ts';
import { type Words, wordsOf } from './words.ts';

/** One run of `node`: its flags, the file, the arguments. */
export interface NodeCommand {
  readonly execArgv: string[];
  /** Absolute path of the file to run. */
  readonly main: string;
  /** Its bytes, where the command gives them (`node -e`). */
  readonly text?: Uint8Array;
  /** `process.argv` from index 1 on. */
  readonly args: string[];
  /** What the command adds to the environment. */
  readonly env: Readonly<Record<string, string>>;
}

/** A command the engine can run: one run of `node`, or several, each if the one before ended with 0. */
export interface Command {
  readonly steps: NodeCommand[];
  /** The lab host of a script that the lab's package.json gives one (see a lab's network.mjs). */
  readonly host?: string;
}

type Read = Pick<Files, 'read'>;

/** Scripts that run scripts that run scripts: an end to it. */
const DEEPEST = 8;

/**
 * Reads `node [flags] FILE …`, `node -e CODE`, `npm run NAME …`, `npm start`, `npm test`, and `sh -c` of these. Throws a
 * CommandError for anything else.
 */
export function readCommand(
  files: Read,
  cwd: string,
  command: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  depth = 0,
): Command {
  const name = command.replace(/^\/usr\/local\/bin\//, '');
  if (name === 'node') return { steps: [readNode(cwd, args, env)] };
  if (name === 'npm') return readNpm(files, cwd, args, env, depth);
  if (command === 'sh' && args[0] === '-c')
    return { steps: readShell(files, cwd, args[1] ?? '', env, depth) };
  throw new CommandError(
    `This sandbox runs \`node FILE\` and \`npm run NAME\`, not \`${[command, ...args].join(' ')}\`.`,
  );
}

/** Flags of Node's that take the word after them as their value. */
const WITH_VALUE =
  /^(-[repC]|-pe|--(eval|print|require|import|conditions|input-type|env-file|test-name-pattern))$/;
const EVAL = /^(-e|--eval|-p|--print|-pe)$/;
const UNSUPPORTED = /^(-[icrC]|--(interactive|check|require|loader|watch|env-file|conditions)\b)/;

function readNode(cwd: string, args: readonly string[], env: NodeCommand['env']): NodeCommand {
  const execArgv: string[] = [];
  let code: string | undefined;
  let at = 0;
  for (; at < args.length && /^-./.test(args[at]); at++) {
    const flag = args[at];
    if (UNSUPPORTED.test(flag))
      throw new CommandError(`\`node ${flag}\` does not run in this sandbox; give it a file.`);
    execArgv.push(flag);
    if (flag === '--') break;
    if (!WITH_VALUE.test(flag)) continue;
    execArgv.push(args[++at] ?? '');
    if (EVAL.test(flag)) code = /p/.test(flag) ? `console.log(\n${args[at]}\n)` : (args[at] ?? '');
  }
  const rest = args.slice(at);
  if (code !== undefined) return { execArgv, args: rest, env, ...evaluated(cwd, code) };
  if (execArgv.includes('--test') && rest.length !== 1)
    throw new CommandError('In this sandbox `node --test` runs one file: name it.');
  if (rest.length === 0) throw new CommandError('`node` without a file does not run in this sandbox.');
  const main = resolvePath(cwd, rest[0]);
  return { execArgv, main, args: [main, ...rest.slice(1)], env };
}

/** Node calls such a program `[eval]`, or `[eval1]` where its syntax is that of a module. */
function evaluated(cwd: string, code: string): Pick<NodeCommand, 'main' | 'text'> {
  const isModule = /^\s*(import\b(?!\s*\()|export\b)/m.test(code);
  const name = isModule ? '[eval1].mjs' : '[eval].cjs';
  return { main: resolvePath(cwd, name), text: new TextEncoder().encode(code) };
}

function readNpm(
  files: Read,
  cwd: string,
  args: readonly string[],
  env: NodeCommand['env'],
  depth: number,
): Command {
  const words = args.filter((word) => word !== '--silent' && word !== '-s');
  const [verb, ...rest] = words;
  const isRun = verb === 'run' || verb === 'run-script';
  if (!isRun && verb !== 'start' && verb !== 'test') {
    throw new CommandError(`Of npm, this sandbox knows \`npm run NAME\`, not \`npm ${args.join(' ')}\`.`);
  }
  const name = isRun ? rest.shift() : verb;
  if (rest[0] === '--') rest.shift();
  const { scripts, handfast } = readPackage(files, cwd);
  if (name === undefined || !Object.hasOwn(scripts ?? {}, name))
    throw new CommandError(`Missing script: "${name ?? ''}" (in ${resolvePath(cwd, 'package.json')})`);
  const given = { ...env, npm_lifecycle_event: name };
  const steps = readShell(files, cwd, String(scripts?.[name]), given, depth + 1, rest);
  return { steps, host: handfast?.scripts?.[name] };
}

interface Package {
  scripts?: Record<string, string>;
  handfast?: { scripts?: Record<string, string> };
}

function readPackage(files: Read, cwd: string): Package {
  const path = resolvePath(cwd, 'package.json');
  const bytes = files.read(path);
  if (!bytes) throw new CommandError(`There is no ${path}`);
  try {
    return JSON.parse(new TextDecoder().decode(bytes)) ?? {};
  } catch (error) {
    throw new CommandError(`${path} is not JSON: ${(error as Error).message}`);
  }
}

/** Reads a line for a shell: commands joined by `&&`, each with its assignments. `more` are words for the last of them. */
function readShell(
  files: Read,
  cwd: string,
  line: string,
  env: NodeCommand['env'],
  depth: number,
  more: readonly string[] = [],
): NodeCommand[] {
  if (depth > DEEPEST) throw new CommandError(`\`${line}\` runs itself.`);
  const commands: Words[] = wordsOf(line);
  return commands.flatMap(({ assigned, words: [command, ...args] }, index) => {
    const all = index === commands.length - 1 ? [...args, ...more] : args;
    try {
      return readCommand(files, cwd, command, all, { ...env, ...assigned }, depth).steps;
    } catch (error) {
      if (!(error instanceof CommandError) || depth === 0) throw error;
      throw new CommandError(`In the script \`${line}\`: ${error.message}`);
    }
  });
}
