// A worker that comes to an end as a process of the embedded engine does, at the place that it is given.
import { workerData } from 'node:worker_threads';
import { createStandstill } from '../../../src/sandbox/embedded/worker/standstill.ts';

createStandstill(() => workerData)();
