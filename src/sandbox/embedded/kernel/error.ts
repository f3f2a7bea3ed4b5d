/** An error with a code that the page can show, as Node's file system errors have. */
export class KernelError extends Error {
  readonly code: string;
  constructor(code: string, message: string) {
    super(`${code}: ${message}`);
    this.code = code;
  }
}

/** A command that the sandbox does not run. */
export class CommandError extends Error {
  readonly code = 'ERR_COMMAND';
}
