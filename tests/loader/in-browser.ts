import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { openEnginePage } from '../sandbox/support/engine-page.ts';
import type { Outcome } from './program.ts';

declare const sandbox: typeof import('../../src/sandbox/embedded/index.ts');

type Tree = { [name: string]: string | Tree };

/** The folder as the sandbox mounts it. */
function readTree(folder: string): Tree {
  return Object.fromEntries(
    readdirSync(folder).map((name) => {
      const path = join(folder, name);
      return [name, statSync(path).isDirectory() ? readTree(path) : readFileSync(path, 'utf8')];
    }),
  );
}

/** The embedded engine in a browser, to run folders of programs in: each at the very path it has on this machine. */
export async function openBrowserEngine() {
  const engine = await openEnginePage();
  return {
    run(folder: string, args: string[], env: Record<string, string> = {}): Promise<Outcome> {
      return engine.page.evaluate(
        async ({ workdir, tree, args, env }) => {
          const box = await sandbox.bootEmbedded({ workdir });
          await box.mount(tree);
          const process = await box.spawn('node', args, { env });
          const read = async (stream: ReadableStream<string>) => {
            let text = '';
            for await (const chunk of stream) text += chunk;
            return text;
          };
          const [stdout, stderr, code] = await Promise.all([
            read(process.stdout),
            read(process.stderr),
            process.exit,
          ]);
          await box.teardown();
          return { stdout, stderr: stderr.replaceAll(/\(node:\d+\)/g, '(node:PID)'), code };
        },
        { workdir: folder, tree: readTree(folder), args, env },
      );
    },
    close: () => engine.close(),
  };
}
