import { createRunner, type LabRun, type PrepareResult, treeOf } from '../../src/lab/index.ts';
import type { Lab, LabFiles } from '../../src/lesson/index.ts';
import { addressesOf } from '../../src/lesson/lab.ts';
import type { BootOptions, Sandbox } from '../../src/sandbox/index.ts';

/**
 * Runs a lab's steps, then its checks, in sandboxes of its own. The same for every engine; it also runs in a page. With
 * `patience` a step, the checks and the preparation may take so many times longer.
 */
export async function runLab(
  lab: Lab,
  files: LabFiles,
  worlds: Record<string, LabFiles>,
  boot: (options: BootOptions) => Promise<Sandbox>,
  patience = 1,
): Promise<LabRun> {
  const tree = treeOf(files);
  const prepare: PrepareResult[] = [];
  const runner = createRunner({
    lab,
    patience,
    boot: () => boot({ hosts: addressesOf(lab) }),
    files: () => tree,
    worldFiles: (variant) => treeOf(worlds[variant]),
    onEvent: (event) => {
      if (event.type !== 'prepare' || event.state === 'running') return;
      prepare.push(event.world === undefined ? event.result : { ...event.result, world: event.world });
    },
  });
  try {
    return { steps: await runner.runAll(), checks: await runner.check(), prepare };
  } finally {
    await runner.close();
  }
}
