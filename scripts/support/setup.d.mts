/** Types of setup.mjs, for the commands written in TypeScript. */
export const root: string;
export function fail(message: string): never;
export function pinnedNode(): string;
export function ensureInstalled(): string;
export function ensureEngine(): void;
export function ensureSite(): void;
export function handOver(script: string, args?: string[]): never;
