/** Types of programs.mjs, for the commands written in TypeScript. */
export function ensurePrograms(...packages: ('openssl' | 'libnss3-tools')[]): void;
