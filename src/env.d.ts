/// <reference types="astro/client" />

declare namespace App {
  interface Locals {
    /** The lesson being rendered: what its components look into, and what they have placed. */
    lesson: import('./components/lesson/lesson-context.ts').LessonContext;
  }
}

declare module '*.astro' {
  const component: (props: Record<string, unknown>) => unknown;
  export default component;
}
