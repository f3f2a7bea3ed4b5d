/** The door of this folder. */
export { type Chapter, course, type Part, placeOf } from './course.ts';
export { ui } from './ui.ts';
