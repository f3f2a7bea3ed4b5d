/**
 * The implementation under test, as BoringSSL's BoGo knows it: a program that understands the runner's flags, connects to
 * the runner as often as it is told to, and lets our engine speak. Here it is a function that `relay.go` reaches.
 */
import net from 'node:net';
import { TICKET_KEYS_LENGTH, ticketSealer } from '../../../src/tls/index.ts';
import { Failure, type Memory, runConnection } from './connection.ts';
import { readFlags, Unimplemented } from './flags.ts';

/** How a program ended. */
interface Verdict {
  readonly Stdout: string;
  readonly Stderr: string;
  readonly ExitCode: number;
}

/** The runner takes this exit code for: there is no such thing here. */
const UNIMPLEMENTED = 89;

/** Does what a program with these arguments would. */
async function shim(args: readonly string[]): Promise<Verdict> {
  // A program that can be cut in two at a handshake is for BoringSSL's own use.
  if (args.includes('-is-handshaker-supported')) return { Stdout: 'No\n', Stderr: '', ExitCode: 0 };
  try {
    await connections(args);
    return { Stdout: '', Stderr: '', ExitCode: 0 };
  } catch (error) {
    if (error instanceof Unimplemented)
      return { Stdout: '', Stderr: `unimplemented: ${error.message}\n`, ExitCode: UNIMPLEMENTED };
    const words = error instanceof Failure ? error.message : (error as Error).stack;
    return { Stdout: '', Stderr: `${words}\n`, ExitCode: 1 };
  }
}

async function connections(args: readonly string[]): Promise<void> {
  const { initial, resume } = readFlags(args);
  const random = (bytes: Uint8Array) => void crypto.getRandomValues(bytes as Uint8Array<ArrayBuffer>);
  const keys = new Uint8Array(TICKET_KEYS_LENGTH);
  random(keys);
  const memory: Memory = {
    session: undefined,
    tickets: ticketSealer(keys, random),
    sessionsById: new Map(),
    now: Date.now(),
  };
  const count = 1 + (initial.number('resume-count') ?? 0);
  for (let index = 0; index < count; index++) {
    const config = index === 0 ? initial : resume;
    if (index > 0 && !config.has('server') && !memory.session) throw new Failure('no session to offer');
    await runConnection(config, memory, index > 0);
    memory.now += 1000 * (config.number('resumption-delay') ?? 0);
  }
}

/** Answers relays at a socket: one line of JSON with the arguments, one with the verdict. */
export async function serveShim(socketPath: string): Promise<net.Server> {
  const server = net.createServer((relay) => {
    let request = '';
    relay.setEncoding('utf8');
    // A relay that the runner has killed wants no answer any more.
    relay.on('error', () => {});
    relay.on('data', async (text: string) => {
      request += text;
      if (!request.endsWith('\n')) return;
      relay.end(`${JSON.stringify(await shim(JSON.parse(request)))}\n`);
    });
  });
  await new Promise<void>((resolve) => server.listen(socketPath, resolve));
  return server;
}
