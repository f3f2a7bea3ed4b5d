// A module whose file is not there.
import { tell } from './support/meet.mjs';

await import('./narate.js').catch((error) => tell('program', error));
