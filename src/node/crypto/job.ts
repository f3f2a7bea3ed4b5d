/**
 * A unit of cryptographic work as Node's library starts it: at once, in the background with a callback,
 * or as the promise behind a Web Crypto method. Unless the platform can do it in the background, the work runs on this
 * thread, and what differs is when its result is told.
 */
import type { Any } from '../current.ts';
import { later, whenDone } from './environment.ts';

declare const require: (id: string) => Any;

export const kCryptoJobAsync = 0;
export const kCryptoJobSync = 1;
export const kCryptoJobWebCrypto = 2;

type Outcome<Result> = [error: Error | undefined, result: Result | undefined];

export abstract class Job<Result> {
  ondone?: (error: Error | undefined, result: Result | undefined) => void;
  readonly #mode: number;

  constructor(mode: number) {
    this.#mode = mode;
  }

  /** Does the work; a thrown error is the job's error. */
  protected abstract work(): Result;

  /** The same work, done by the platform meanwhile. What it leaves undone, or refuses, this thread does. */
  protected inBackground(): Promise<Result | undefined> | undefined {
    return undefined;
  }

  run(): Outcome<Result> | Promise<Result> | undefined {
    if (this.#mode === kCryptoJobSync) return this.#outcome();
    if (this.#mode === kCryptoJobAsync) {
      this.#start((error, result) => this.ondone?.(error, result));
      return undefined;
    }
    return new Promise((resolve, reject) => {
      this.#start((error, result) => {
        if (error) reject(operationError(error));
        else resolve(result as Result);
      });
    });
  }

  #start(tell: (error: Error | undefined, result: Result | undefined) => void): void {
    const here = () => tell(...this.#outcome());
    const background = this.inBackground();
    if (!background) later(here);
    else whenDone(background, (result) => (result === undefined ? here() : tell(undefined, result)), here);
  }

  #outcome(): Outcome<Result> {
    try {
      return [undefined, this.work()];
    } catch (error) {
      return [error as Error, undefined];
    }
  }
}

/** What a method of Web Crypto rejects with, whatever went wrong inside. */
function operationError(cause: Error): Error {
  const { lazyDOMException } = require('internal/util');
  return lazyDOMException('The operation failed for an operation-specific reason', {
    name: 'OperationError',
    cause,
  });
}
