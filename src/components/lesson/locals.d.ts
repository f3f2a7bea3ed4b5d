import type { LessonContext } from './lesson-context.ts';

declare global {
  namespace App {
    interface Locals {
      /** The lesson being rendered: what its components look into, and what they have placed. */
      lesson: LessonContext;
    }
  }
}
