/** Spoiling bytes in ways that follow from a seed, so that a failure, whose message names the seed, can be seen again. */
import assert from 'node:assert/strict';
import { reasons, TlsError } from '../../../src/tls/index.ts';
import { type End, seededRandom } from '../../tls/support/pair.ts';

/** Numbers below a bound. */
export type Numbers = (below: number) => number;

export function numbers(seed: number): Numbers {
  const random = seededRandom(seed);
  const four = new Uint8Array(4);
  return (below) => {
    random(four);
    return new DataView(four.buffer).getUint32(0) % below;
  };
}

/** One to four small wounds: a bit, a byte, a piece lost, doubled, moved, or a length blown up. */
export function mutate(content: Uint8Array, next: Numbers): Uint8Array {
  let bytes = [...content];
  for (let wounds = 1 + next(4); wounds > 0 && bytes.length > 0; wounds--) {
    const at = next(bytes.length);
    const piece = bytes.slice(at, at + 1 + next(40));
    switch (next(6)) {
      case 0:
        bytes[at] ^= 1 << next(8);
        break;
      case 1:
        bytes[at] = next(256);
        break;
      case 2:
        bytes.splice(at, piece.length);
        break;
      case 3:
        bytes.splice(at, 0, ...piece);
        break;
      case 4:
        bytes = bytes.slice(0, at);
        break;
      default:
        bytes[at] = 0xff;
    }
  }
  return Uint8Array.from(bytes);
}

/** An end may fail in any way it has a name for, but its own mistakes are not among them. */
export function assertSound(end: End, round: string): void {
  for (const error of end.errors()) {
    assert.ok(error instanceof TlsError, round);
    assert.ok(reasons.includes(error.reason), round);
    assert.notEqual(error.fault, 'Internal', `${round}: ${error.message} ${(error.cause as Error)?.stack}`);
    assert.notEqual(error.fault, 'ApiMisuse', `${round}: ${error.message}`);
  }
  assert.ok(end.errors().length <= 1, `${round}: a connection fails once`);
  assert.ok(end.connection.takeOutput().length < 100_000, round);
}
