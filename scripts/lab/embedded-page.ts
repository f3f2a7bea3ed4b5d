/** What the harness page runs: the embedded engine, and the same `runLab` as everywhere. */
import type { Lab, LabFiles } from '../../src/lesson/index.ts';
import { bootEmbedded } from '../../src/sandbox/embedded/index.ts';
import { runLab } from './run-lab.ts';

Object.assign(globalThis, {
  handfastLab: (lab: Lab, files: LabFiles, worlds: Record<string, LabFiles>, patience: number) =>
    runLab(lab, files, worlds, bootEmbedded, patience),
});
