// An address without its scheme.
import { tell } from './support/meet.mjs';

try {
  new URL('/callback?code=abc');
} catch (error) {
  tell('program', error);
}
