/** Scripts that try to get out, in panes and, as a control, in plain frames. What runs in a page stands for itself. */
import type { startLeakServer } from './leak-server.ts';
import { paneHelpers, paneProbes } from './pane-probes.ts';
import { documentProbes, probeScript } from './probes.ts';

/** `pane-entry.ts`, bundled for the page. */
declare const sandbox: typeof import('./pane-entry.ts');

export interface Run {
  key: string;
  script: string;
}

/** The probe after which there is no page any more. */
export const ENDS_THE_PAGE = 'top-location';

/** Every probe of a document, each with an address of its own. */
export async function probeRuns(
  mode: 'pane' | 'control',
  leaks: Awaited<ReturnType<typeof startLeakServer>>,
): Promise<Run[]> {
  const runs: Run[] = [];
  const helpers = paneHelpers.map(String).join('\n');
  for (const [name, probe] of Object.entries({ ...documentProbes, ...paneProbes })) {
    const key = `${mode}/document/${name}`;
    const script = probeScript(probe, await leaks.target(key, name), 'console.log');
    runs.push({ key, script: `${helpers}\n${script}` });
  }
  return runs;
}

/** In the site's page: each script in a pane of its own, as the script of a page. */
export async function runInPanes(runs: Run[]): Promise<Record<string, string>> {
  const frame = await (await fetch('/engine/browser-frame.js')).text();
  const heard: Record<string, string> = {};
  await Promise.all(
    runs.map(
      ({ key, script }) =>
        new Promise<void>((resolve) => {
          const pane = sandbox.openPane(
            undefined,
            key,
            {
              script: frame,
              content: {
                html: '<!doctype html><html><head></head><body><p>page</p><script src="marker:0."></script></body></html>',
                marker: 'marker',
                scripts: [script],
                address: 'https://app.tally.example:8443/notes',
                referrer: '',
                cookie: '',
                storage: { local: [], session: [] },
                hosts: ['app.tally.example'],
                later: { handlers: true, scripts: true, evaluation: true },
              },
            },
            {
              message(message) {
                // The lab's network: it brings everything, and it is not what is tried here.
                if (message.type === 'request')
                  pane.post({ type: 'response', id: message.id, response: { failed: 'network' } });
                if (message.type !== 'console' || !/^(ran|done|threw|read)/.test(message.text)) return;
                heard[key] = `${heard[key] ? `${heard[key]}, ` : ''}${message.text}`;
                resolve();
              },
              left() {},
            },
          );
        }),
    ),
  );
  return heard;
}

/** In a page without a policy: the same scripts in plain frames. */
export function runControl(runs: Run[]): void {
  for (const { script } of runs) {
    const frame = document.createElement('iframe');
    frame.srcdoc = `<!doctype html><html><head></head><body><p>page</p><script>${script}</script></body></html>`;
    document.body.append(frame);
  }
}
