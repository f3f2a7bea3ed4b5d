// A value of the wrong kind: here `undefined`, where a secret was to be.
import { createHmac } from 'node:crypto';
import { tell } from './support/meet.mjs';

try {
  createHmac('sha256', process.env.NO_SUCH_SECRET);
} catch (error) {
  tell('program', error);
}
