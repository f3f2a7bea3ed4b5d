/**
 * A unit of cryptographic work as Node's library starts it: at once, in the background with a callback,
 * or as the promise behind a Web Crypto method. The work itself always runs on this thread; what differs is when its result is told.
 */
import { later } from './environment.ts';

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

  run(): Outcome<Result> | Promise<Result> | undefined {
    if (this.#mode === kCryptoJobSync) return this.#outcome();
    if (this.#mode === kCryptoJobAsync) {
      later(() => {
        const [error, result] = this.#outcome();
        this.ondone?.(error, result);
      });
      return undefined;
    }
    return new Promise((resolve, reject) => {
      later(() => {
        const [error, result] = this.#outcome();
        if (error) reject(error);
        else resolve(result as Result);
      });
    });
  }

  #outcome(): Outcome<Result> {
    try {
      return [undefined, this.work()];
    } catch (error) {
      return [error as Error, undefined];
    }
  }
}
