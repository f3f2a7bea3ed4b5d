// No such file.
import { readFileSync } from 'node:fs';
import { tell } from './support/meet.mjs';

try {
  readFileSync(new URL('certificates/app.pem', import.meta.url));
} catch (error) {
  tell('program', error);
}
