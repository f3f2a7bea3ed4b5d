/** `node:sqlite` over SQLite in WebAssembly. */
import './vfs.ts';
import { backup } from './backup.ts';
import { constants } from './constants.ts';
import { DatabaseSync } from './database.ts';
import { Session } from './session.ts';
import { StatementSync } from './statement.ts';

const readOnly: typeof constants = Object.create(Object.prototype);
for (const [name, value] of Object.entries(constants)) {
  Object.defineProperty(readOnly, name, { value, enumerable: true });
}

export const sqlite = { DatabaseSync, StatementSync, Session, constants: readOnly, backup };
