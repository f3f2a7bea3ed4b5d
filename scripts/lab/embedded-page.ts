/** What the harness page runs: the embedded engine, and the same `runLab` as everywhere. */
import { bootEmbedded } from '../../src/sandbox/embedded/index.ts';
import { runLab } from './run-lab.ts';

Object.assign(globalThis, {
  handfastLab: (lab: Parameters<typeof runLab>[0], files: Parameters<typeof runLab>[1]) =>
    runLab(lab, files, bootEmbedded),
});
