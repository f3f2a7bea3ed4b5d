/** The door of this folder. */

export type {
  Expectation,
  Kind,
  Lab,
  LabCheck,
  LabExercise,
  LabHost,
  LabProcess,
  LabStep,
  Role,
} from './lab.ts';
export { defineLab, kinds, roles } from './lab.ts';
export { LessonError } from './lesson-error.ts';
export { validateLab } from './validate-lab.ts';
