/**
 * The engine's modules that pieces ask for, by Node's id or by the path in this project. The build knows which they are
 * and puts the real table in place of this empty one (build/pieces.ts); where there are no pieces, nobody asks.
 */
export const shared: Readonly<Record<string, () => unknown>> = {};
