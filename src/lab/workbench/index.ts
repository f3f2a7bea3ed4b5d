/** The door of the workbench: the lab in the page. Everything here is loaded when the reader first reaches for it. */
export { openWorkbench, startEngine, type Workbench } from './workbench.ts';
