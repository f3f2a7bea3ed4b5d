import { createRunner, type LabRun, treeOf } from '../../src/lab/index.ts';
import type { Lab, LabFiles } from '../../src/lesson/index.ts';
import type { BootOptions, Sandbox } from '../../src/sandbox/index.ts';

/** Runs a lab's steps, then its checks, in a sandbox of its own. The same for every engine; it also runs in a page. */
export async function runLab(
  lab: Lab,
  files: LabFiles,
  boot: (options: BootOptions) => Promise<Sandbox>,
): Promise<LabRun> {
  const hosts = Object.fromEntries(lab.hosts.map(({ name, address }) => [name, address]));
  const tree = treeOf(files);
  const runner = createRunner({ lab, boot: () => boot({ hosts }), files: () => tree });
  try {
    return { steps: await runner.runAll(), checks: await runner.check() };
  } finally {
    await runner.close();
  }
}
