/** "Errors you will meet": its codes, and what the page says of them. */
import { certificates } from './certificates.ts';
import { connections } from './connections.ts';
import type { ErrorKind } from './entry.ts';
import { files } from './files.ts';
import { handshake } from './handshake.ts';
import { oauth } from './oauth.ts';
import { programs } from './programs.ts';
import { tokens } from './tokens.ts';

export {
  addressOfError,
  ERRORS_PAGE,
  type ErrorCode,
  errorCodes,
  type FoundError,
  findErrors,
} from './codes.ts';
export type { ErrorEntry, ErrorKind } from './entry.ts';
export { errorsPage } from './page.ts';

/** The page, in its order. */
export const errorKinds: readonly ErrorKind[] = [
  connections,
  certificates,
  handshake,
  files,
  programs,
  tokens,
  oauth,
];
