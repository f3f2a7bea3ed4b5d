/**
 * The page that stands in for StackBlitz's `/headless`: speaks the protocol of the real client package (Comlink over the
 * port that `init` brings), and hands everything to real Node.js processes behind this server (`host.ts`).
 */
// @ts-expect-error the package ships it without types
import { Comlink } from '../../../node_modules/@webcontainer/api/dist/vendor/index.js';

// biome-ignore lint/suspicious/noExplicitAny: what crosses the port has the client package's shapes
type Any = any;

const mode = new URL(location.href).searchParams.get('stand-in') ?? document.documentElement.dataset.mode;

async function ask(path: string, body: unknown): Promise<Any> {
  const response = await fetch(`/stand-in/${path}`, { method: 'POST', body: JSON.stringify(body) });
  const answer = await response.json();
  if (answer.error) throw new Error(answer.error);
  return answer.value;
}

const encode = (bytes: Uint8Array) => btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
const decode = (text: string) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));

/** Every line of an answer without end. */
async function listen(path: string, heard: (event: Any) => void): Promise<void> {
  const { body } = await fetch(path);
  const reader = (body as ReadableStream<Uint8Array>).pipeThrough(new TextDecoderStream() as Any).getReader();
  let rest = '';
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    const lines = (rest + value).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) heard(JSON.parse(line));
  }
}

async function build({ workdirName }: Any) {
  if (mode === 'refuses') throw new Error('This site is not registered.');
  if (mode === 'never-builds') await new Promise(() => {});
  const { id, cwd } = await ask('build', { workdirName });
  const processes = new Map<number, { output: Any; exited: (code: number) => void }>();
  const listeners = new Map<string, Set<Any>>();
  const tell = (name: string, ...detail: unknown[]) => {
    for (const listener of listeners.get(name) ?? []) listener(...detail);
  };
  let isMute = false;
  function fallSilent(): void {
    isMute = true;
    ask('muted', { id });
  }
  const muted = () => (isMute ? new Promise(() => {}) : undefined);

  listen(`/stand-in/events?id=${id}`, async (event) => {
    if (event.type === 'mute') fallSilent();
    if (isMute) return;
    if (event.type === 'output') processes.get(event.pid)?.output?.(decode(event.bytes));
    else if (event.type === 'exit') {
      const ended = processes.get(event.pid);
      ended?.output?.(null);
      ended?.exited(event.code);
    } else if (event.type === 'error') tell('error', { message: event.message });
    else if (event.type === 'port') {
      const url = `http://${event.port}.stand-in.test`;
      tell('port', event.port, event.state, url);
      if (event.state === 'open') tell('server-ready', event.port, url);
    }
  });

  /** Asks for this instance, while it answers. */
  async function askFor(path: string, body: object): Promise<Any> {
    await muted();
    return ask(path, { id, ...body });
  }

  const fs = {
    async readFile(path: string, encoding?: string) {
      const bytes = decode(await askFor('fs', { call: 'readFile', path }));
      return encoding ? new TextDecoder().decode(bytes) : bytes;
    },
    writeFile: (path: string, data: string | Uint8Array) =>
      askFor('fs', {
        call: 'writeFile',
        path,
        data: encode(typeof data === 'string' ? new TextEncoder().encode(data) : data),
      }),
    readdir: (path: string) => askFor('fs', { call: 'readdir', path }),
    mkdir(path: string, options?: object) {
      if (mode === 'dies-early' && path.startsWith('world-')) fallSilent();
      return askFor('fs', { call: 'mkdir', path, options });
    },
    rm: (path: string, options?: object) => askFor('fs', { call: 'rm', path, options }),
  };

  return Comlink.proxy({
    fs: () => Comlink.proxy(fs),
    previewScript: () => Comlink.proxy({}),
    runtimeInfo: () => ({ cwd, path: '' }),
    loadFiles: (payload: Uint8Array, { mountPoints }: Any) =>
      askFor('load', { mountPoint: mountPoints, tree: new TextDecoder().decode(payload) }),
    async run(command: Any, _stdout: Any, _stderr: Any, output: Any) {
      const { pid } = await askFor('run', command);
      const { promise: onExit, resolve: exited } = Promise.withResolvers<number>();
      processes.set(pid, { output, exited });
      // From here on its output has somewhere to go.
      await askFor('follow', { pid });
      return Comlink.proxy({
        onExit,
        write: (data: string) => askFor('write', { pid, data }),
        kill: () => askFor('kill', { pid }),
        resize() {},
      });
    },
    on(name: string, listener: Any) {
      const all = listeners.get(name) ?? new Set();
      listeners.set(name, all.add(listener));
      return Comlink.proxy(() => void all.delete(listener));
    },
    teardown: () => askFor('teardown', {}),
  });
}

if (mode !== 'silent') {
  const { port1, port2 } = new MessageChannel();
  Comlink.expose({ build }, port1);
  parent.postMessage({ type: 'init' }, '*', [port2]);
}
