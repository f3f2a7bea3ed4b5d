/** The door of this folder. */
export { compareWords } from './compare.ts';
export { type Chapter, course, type Part, placeOf } from './course.ts';
export { engineCheckWords } from './engine-check.ts';
export { engineWords } from './engines.ts';
export {
  addressOfError,
  ERRORS_PAGE,
  type ErrorCode,
  type ErrorEntry,
  type ErrorKind,
  errorCodes,
  errorKinds,
  errorsPage,
  type FoundError,
  findErrors,
} from './errors/index.ts';
export { filingWords } from './filing.ts';
export { frontWords } from './front.ts';
export { keyWords, splitWords } from './keys.ts';
export { loadingWords } from './loading.ts';
export { pathWords } from './path.ts';
export { settingsWords } from './settings.ts';
export { ui } from './ui.ts';
