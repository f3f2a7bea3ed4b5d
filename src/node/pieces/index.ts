/** The engine's side of the pieces: hands them what they share with it, evaluates them when they are first asked for. */
import type { Any } from '../current.ts';
import { internalBinding, primordials } from '../free-variables.ts';
import { keepNames } from '../keep-names.ts';
import { process } from '../process-object.ts';
import type { PieceName } from './list.ts';
import { shared } from './shared.ts';

export type { PieceName } from './list.ts';

type Factories = Readonly<Record<string, () => Any>>;

/** What a piece's script finds in the global `__handfastPiece__` for as long as it is evaluated. */
export interface PieceEngine {
  readonly primordials: Any;
  readonly internalBinding: (name: string) => Any;
  readonly process: Any;
  readonly keepNames: (named: Record<string, object>) => void;
  /** A module of the engine, or of another piece that is named, by Node's id or by the path in this project. */
  require(id: string, piece?: PieceName): Any;
  /** Called by the script with its modules, still unmade. */
  handOver(modules: Factories): void;
}

const PIECE_GLOBAL = '__handfastPiece__';

const loaded = new Map<PieceName, Factories>();
let evaluatePiece: (name: PieceName, root: string) => void = (name) => {
  throw new Error(`The part "${name}" of Node's library cannot be loaded here`);
};

/** Says how a piece's script is evaluated, synchronously and in this realm, and for which of its modules. */
export function setPieceLoader(evaluate: (name: PieceName, root: string) => void): void {
  evaluatePiece = evaluate;
}

/** A root of a piece, for the engine's own files that ask for it. The build puts calls of this in their place. */
export function requireFromPiece(root: string, name: PieceName): Any {
  return loadPiece(name, root)[root]();
}

function loadPiece(name: PieceName, root: string): Factories {
  const known = loaded.get(name);
  if (known) return known;
  let modules: Factories | undefined;
  const engine: PieceEngine = {
    primordials,
    internalBinding,
    process,
    keepNames,
    require(id, piece) {
      if (piece !== undefined) return requireFromPiece(id, piece);
      if (Object.hasOwn(shared, id)) return shared[id]();
      throw new Error(`The piece "${name}" asks for ${id}, which the engine does not share`);
    },
    handOver(given) {
      modules = given;
    },
  };
  Object.defineProperty(globalThis, PIECE_GLOBAL, { value: engine, configurable: true });
  try {
    evaluatePiece(name, root);
  } finally {
    delete (globalThis as Any)[PIECE_GLOBAL];
  }
  if (!modules) throw new Error(`The script of the piece "${name}" did not hand over its modules`);
  loaded.set(name, modules);
  return modules;
}
