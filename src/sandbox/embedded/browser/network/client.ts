import type { SandboxProcess } from '../../../index.ts';
import type { HeaderList, WireReply, WireRequest } from './protocol.ts';

export interface NetworkRequest {
  method: string;
  /** Without a fragment. */
  url: string;
  headers: HeaderList;
  body?: Uint8Array;
}

export interface NetworkResponse {
  url: string;
  status: number;
  statusText: string;
  headers: HeaderList;
  body: Uint8Array<ArrayBuffer>;
  /** DER, leaf first. */
  certificates: Uint8Array[];
}

/** A request that got no response. `code` is Chromium's name of the net error. */
export class NetworkError extends Error {
  readonly code: string;
  readonly url: string;
  readonly certificates: Uint8Array[];
  constructor(code: string, url: string, certificates: Uint8Array[] = [], message = code) {
    super(message);
    this.code = code;
    this.url = url;
    this.certificates = certificates;
  }
}

export interface NetworkClient {
  send(request: NetworkRequest): Promise<NetworkResponse>;
  close(): void;
}

/** The page's end of the browser's network process. */
export function createNetworkClient(process: SandboxProcess): NetworkClient {
  const waiting = new Map<number, { url: string; settle(reply: WireReply | undefined): void }>();
  const input = process.input.getWriter();
  let last = 0;
  let open = true;

  function end(): void {
    open = false;
    for (const { settle } of waiting.values()) settle(undefined);
    waiting.clear();
  }

  async function read(): Promise<void> {
    let rest = '';
    for await (const text of readChunks(process.stdout)) {
      const lines = (rest + text).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) {
        const reply: WireReply = JSON.parse(line);
        const asked = waiting.get(reply.id);
        waiting.delete(reply.id);
        asked?.settle(reply);
      }
    }
  }
  read().then(end, end);

  return {
    send({ method, url, headers, body }) {
      return new Promise((resolve, reject) => {
        if (!open) return reject(new NetworkError('ERR_ABORTED', url));
        const id = ++last;
        waiting.set(id, {
          url,
          settle(reply) {
            if (!reply) return reject(new NetworkError('ERR_ABORTED', url));
            const certificates = reply.certificates.map(fromBase64);
            if ('error' in reply) return reject(new NetworkError(reply.error, url, certificates, reply.code));
            const { status, statusText, headers } = reply;
            resolve({ url, status, statusText, headers, body: fromBase64(reply.body), certificates });
          },
        });
        const wire: WireRequest = { id, method, url, headers, body: body && toBase64(body) };
        input.write(`${JSON.stringify(wire)}\n`).catch(end);
      });
    },
    close() {
      end();
      process.kill('SIGKILL');
    },
  };
}

async function* readChunks(stream: ReadableStream<string>): AsyncGenerator<string> {
  const reader = stream.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    yield value;
  }
}

function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let at = 0; at < binary.length; at++) bytes[at] = binary.charCodeAt(at);
  return bytes;
}

const CHUNK = 0x8000;

export function toBase64(bytes: Uint8Array): string {
  let binary = '';
  for (let at = 0; at < bytes.length; at += CHUNK)
    binary += String.fromCharCode(...bytes.subarray(at, at + CHUNK));
  return btoa(binary);
}
