import { readFileSync } from 'node:fs';

/**
 * The text of a file in `certificates/`.
 * @param {string} name
 */
export function pem(name) {
  return readFileSync(new URL(`certificates/${name}`, import.meta.url), 'utf8');
}
