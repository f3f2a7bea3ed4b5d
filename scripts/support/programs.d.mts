/** Types of programs.mjs, for the commands and tests written in TypeScript. */
export type DebianPackage =
  | 'openssl'
  | 'libnss3-tools'
  | 'python3-cryptography-vectors'
  | 'golang-go'
  | 'golang-golang-x-crypto-dev';
export function installPrograms(...packages: DebianPackage[]): DebianPackage[];
export function ensurePrograms(...packages: DebianPackage[]): void;
