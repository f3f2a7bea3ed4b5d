/**
 * The harness's page: does in a real page, under the page's real policy, what one command asks. It talks to the command
 * over HTTP on the loopback address; the program in the sandbox can reach none of it.
 */
import { bootEmbedded, preload } from '../../src/sandbox/embedded/index.ts';
import type { FileEntry } from '../../src/sandbox/embedded/protocol.ts';
import type { Job } from './serve.ts';

async function send(path: string, body: BodyInit): Promise<void> {
  await fetch(path, { method: 'POST', body });
}

async function fetchFiles(): Promise<FileEntry[]> {
  const packed = new Uint8Array(await (await fetch('/files')).arrayBuffer());
  const indexLength = new DataView(packed.buffer).getUint32(0);
  const index = JSON.parse(new TextDecoder().decode(packed.subarray(4, 4 + indexLength)));
  let offset = 4 + indexLength;
  return index.map(
    ({ path, size, mtimeMs, mode }: { path: string; size?: number; mtimeMs: number; mode: number }) => {
      if (size === undefined) return { path, mtimeMs, mode };
      const bytes = packed.slice(offset, offset + size);
      offset += size;
      return { path, bytes, mtimeMs, mode };
    },
  );
}

/** Sends what both streams give in the order it came, one request at a time. */
function createSender() {
  let last: Promise<void> = Promise.resolve();
  return {
    async pipe(fd: 1 | 2, stream: ReadableStream<Uint8Array>): Promise<void> {
      for await (const bytes of stream) {
        last = last.then(() => send(`/output/${fd}`, bytes as Uint8Array<ArrayBuffer>));
        await last;
      }
    },
  };
}

async function pipeInput(input: WritableStream<Uint8Array>): Promise<void> {
  const { body } = await fetch('/input');
  await body?.pipeTo(input);
}

async function run(): Promise<void> {
  void preload();
  const job: Job = await (await fetch('/job')).json();
  const [sandbox, files] = await Promise.all([
    bootEmbedded({ workdir: job.cwd, localhost: job.localhost }),
    fetchFiles(),
  ]);
  sandbox.on('error', ({ message }) => void send('/failed', message));
  sandbox.on('notice', ({ message }) => void send('/output/2', `[handfast] ${message}\n`));
  await sandbox.mountEntries(files);
  const process = await sandbox.spawn('node', [job.entry, ...job.args], { cwd: job.cwd, env: job.env });
  await send('/started', '');
  const sender = createSender();
  pipeInput(process.bytes.input).catch(() => {});
  await Promise.all([sender.pipe(1, process.bytes.stdout), sender.pipe(2, process.bytes.stderr)]);
  await send('/exit', String(await process.exit));
}

run().catch((error) => send('/failed', String(error?.message ?? error)));
