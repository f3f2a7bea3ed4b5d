/** Errors as this Node.js gives them, with the lab's addresses in them. */
import { type Any, LOOPBACK } from './here.ts';

/** As the operating system reports it. */
export function systemError(code: string, syscall: string, more: object, where = ''): Error {
  return Object.assign(new Error(`${syscall} ${code}${where}`), { code, syscall, ...more });
}

export const notFound = (name: string) =>
  systemError('ENOTFOUND', 'getaddrinfo', { errno: -3008, hostname: name }, ` ${name}`);

/** Puts the address that the program knows into an error. */
export function translate(problem: Any, address: string, port: number, real: number): void {
  const shown = address.includes(':') ? `[${address}]` : address;
  problem.message = String(problem.message).replace(
    `${LOOPBACK}:${real}`,
    `${problem.syscall === 'listen' ? address : shown}:${port}`,
  );
  problem.stack = String(problem.stack).replace(`${LOOPBACK}:${real}`, `${shown}:${port}`);
  if (problem.address !== undefined) Object.assign(problem, { address, port });
}
