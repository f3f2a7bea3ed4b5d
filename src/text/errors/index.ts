/** "Errors you will meet": its codes, and what the page says of them. */
export {
  addressOfError,
  ERRORS_PAGE,
  type ErrorCode,
  errorCodes,
  type FoundError,
  findErrors,
} from './codes.ts';
