/** The door of this folder. The reading half needs a file system: in the browser, take the types only. */
export { type LabFiles, readFiles } from './files.ts';
export { type Frontmatter, type Objective, readFrontmatter } from './frontmatter.ts';
export type {
  Act,
  BrowserAction,
  BrowserScene,
  Expectation,
  Kind,
  Lab,
  LabBrowser,
  LabCheck,
  LabExercise,
  LabFileRights,
  LabHost,
  LabPath,
  LabProcess,
  LabStep,
  LabWorld,
  ProcessStart,
  Role,
  WorldFiles,
} from './lab.ts';
export { actorOf, actors, addressesOf, defineLab, kinds, roles } from './lab.ts';
export {
  type Fix,
  type Lesson,
  lessonSlugs,
  readLesson,
  readLessons,
  type Variant,
  variantFiles,
  variantsOf,
  worldFiles,
} from './lesson.ts';
export { LessonError } from './lesson-error.ts';
export { checkPlacement, tagsIn } from './placement.ts';
export { region, withoutMarkers } from './region.ts';
export { validateLab } from './validate-lab.ts';
