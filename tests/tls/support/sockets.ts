import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import net from 'node:net';
import type { End } from './pair.ts';

/** An end of ours on a real TCP socket, so that real implementations can talk to it. */
export class Wire {
  readonly end: End;
  readonly socket: net.Socket;
  #changed: () => void = () => {};

  constructor(end: End, socket: net.Socket) {
    this.end = end;
    this.socket = socket;
    socket.on('data', (chunk) => {
      end.connection.receive(chunk);
      this.flush();
    });
    socket.on('end', () => {
      end.connection.receiveEnd();
      this.flush();
      socket.end();
    });
    // A reset is one of the ways in which a peer says that it has had enough; the events tell the rest.
    socket.on('error', () => this.#changed());
    socket.on('close', () => this.#changed());
    end.connection.start();
    this.flush();
  }

  flush(): void {
    const output = this.end.connection.takeOutput();
    if (output.length && this.socket.writable) this.socket.write(output);
    this.#changed();
  }

  write(content: Uint8Array): void {
    this.end.connection.write(content);
    this.flush();
  }

  close(): void {
    this.end.connection.close();
    this.flush();
    this.socket.end();
  }

  /** Settles when the condition holds; fails when the connection ends before. */
  async until(what: string, condition: () => boolean): Promise<void> {
    while (!condition()) {
      if (this.socket.destroyed) {
        const problems = this.end.errors().map((error) => `${error.reason}: ${error.message}`);
        throw new Error(`the connection ended before ${what} (${problems.join('; ') || 'no error'})`);
      }
      await new Promise<void>((resolve) => {
        this.#changed = resolve;
      });
    }
  }
}

/** A TCP server for one connection; gives its port and, later, the wire. */
export async function acceptOne(
  makeEnd: () => End,
): Promise<{ port: number; wire: Promise<Wire>; stop(): void }> {
  const server = net.createServer();
  const wire = new Promise<Wire>((resolve) => {
    server.once('connection', (socket) => resolve(new Wire(makeEnd(), socket)));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return { port, wire, stop: () => server.close() };
}

export async function dial(port: number, makeEnd: () => End): Promise<Wire> {
  const socket = net.connect(port, '127.0.0.1');
  await once(socket, 'connect');
  return new Wire(makeEnd(), socket);
}

/** A port that was free a moment ago, for programs that must be told one. */
export async function freePort(): Promise<number> {
  const server = net.createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
