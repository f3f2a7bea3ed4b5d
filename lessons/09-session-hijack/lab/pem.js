import { readFileSync } from 'node:fs';

/**
 * The text of a file in `certificates/`, which `pki.js` has made.
 * @param {string} name
 */
export function pem(name) {
  return readFileSync(new URL(`certificates/${name}`, import.meta.url), 'utf8');
}

/**
 * The secret that a client shares with the authorization server. Each side keeps its own copy; here both are this file.
 * @param {string} clientId
 */
export function secretOf(clientId) {
  return readFileSync(new URL(`secrets/${clientId}`, import.meta.url), 'utf8').trim();
}
