// A check that does not hold.
import assert from 'node:assert/strict';
import { tell } from './support/meet.mjs';

try {
  assert.equal(200, 401);
} catch (error) {
  tell('program', error);
}
