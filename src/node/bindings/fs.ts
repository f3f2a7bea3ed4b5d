import type { Any } from '../current.ts';
export const fs: Any = {
  FSReqCallback: class {},
  FileHandle: class {},
  statValues: new Float64Array(36),
  bigintStatValues: new BigInt64Array(36),
  kFsStatsFieldsNumber: 18,
  kUsePromises: Symbol(),
};
export const fsDir: Any = {};
export const fsEventWrap: Any = { FSEvent: class {} };
