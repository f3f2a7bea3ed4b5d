/**
 * What a reader has done and chosen, kept in this browser and nowhere else. Storage may be refused or hold anything at
 * all: what is not ours to understand is left out, and a page works without it.
 */
export { type Edits, editsOf, forgetEdits, keepEdits, lessonsWithEdits } from './edits.ts';
export {
  countOf,
  forgetResult,
  forgetResults,
  keepResult,
  type LessonResults,
  lessonsWithResults,
  type Result,
  resultsOf,
} from './results.ts';
export { forgetSettings, keepSetting, type Settings, settingOf, settingsSet } from './settings.ts';
export { canKeep, forgetEverything, onKeptElsewhere, sizeOfKept } from './storage.ts';
export {
  exportProgress,
  type ImportPlan,
  type ImportProblem,
  importProgress,
  type KnownLesson,
  type LeftOut,
  MOST_CHARACTERS,
  planImport,
  readProgress,
} from './transfer.ts';
