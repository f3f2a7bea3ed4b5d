/** The free variables of Node's files inside a piece: they come from the engine that evaluates it. */
import type { PieceEngine } from './index.ts';

const engine = (globalThis as unknown as { __handfastPiece__: PieceEngine }).__handfastPiece__;

export const { primordials, internalBinding, process, keepNames } = engine;
export const requireFromEngine = engine.require;
export const handOver = engine.handOver;
