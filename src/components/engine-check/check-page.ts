/** The engine check: asks an engine what it can do, when its button is pressed and not before, and prints a report. */
import { boot, fetchProbe, type ProbeReport, probe, type Sandbox } from '../../sandbox/index.ts';
import { engineWords, engineCheckWords as words } from '../../text/index.ts';

const page = document.querySelector('[data-engine-check]') as HTMLElement;
const found = <Kind extends HTMLElement>(selector: string) => page.querySelector(selector) as Kind;
const report = found('[data-report]');
const copy = found<HTMLButtonElement>('[data-copy]');
const buttons = [...page.querySelectorAll<HTMLButtonElement>('[data-check]')];

type Engine = 'embedded' | 'webcontainer';

/** What has been found out so far, by engine. */
const sections = new Map<Engine, string[]>();

function say(text: string): void {
  found('[data-said]').textContent = text;
}

const answers = ({ answers }: ProbeReport) =>
  Object.entries(answers).map(([name, answer]) => `  ${name}: ${answer === true ? words.works : answer}`);

async function ask(engine: Engine): Promise<string[]> {
  const start = performance.now();
  const program = await fetchProbe();
  const sandbox: Sandbox = await boot(engine, { progress: (step) => say(engineWords.steps[step]) });
  const booted = performance.now();
  try {
    const seen = await probe(sandbox, program);
    const time = words.times(Math.round(booted - start), Math.round(performance.now() - booted));
    const own = sandbox.probe
      ? [`  ${words.itsOwn}`, ...answers(sandbox.probe), `  ${words.inLab(sandbox.standsIn === true)}`]
      : [];
    return [
      `  Node.js ${seen.node}, OpenSSL ${seen.openssl || '?'}; ${time}`,
      ...own,
      ...answers(seen),
      ...cannot(sandbox),
    ];
  } finally {
    await sandbox.teardown();
  }
}

function cannot({ capabilities }: Sandbox): string[] {
  return Object.entries(capabilities).flatMap(([name, capability]) =>
    capability.can
      ? []
      : [
          `  ${words.cannot(engineWords.capabilities[name as keyof typeof capabilities])} ${capability.reason}`,
        ],
  );
}

function print(): void {
  const about = [
    `${words.title}, ${new Date().toISOString()}`,
    navigator.userAgent,
    words.isolated(globalThis.crossOriginIsolated === true),
  ];
  const parts = [...sections].flatMap(([engine, lines]) => ['', engineWords.names[engine], ...lines]);
  report.textContent = [...about, ...parts].join('\n');
  report.hidden = false;
  copy.hidden = false;
}

for (const button of buttons) {
  button.addEventListener('click', async () => {
    if (button.getAttribute('aria-disabled') === 'true') return;
    const engine = button.dataset.check as Engine;
    for (const each of buttons) each.setAttribute('aria-disabled', 'true');
    say(words.running(engineWords.names[engine]));
    const lines = await ask(engine).catch((problem) => [
      `  ${problem instanceof Error ? problem.message : problem}`,
    ]);
    sections.set(engine, lines);
    print();
    say(words.done(engineWords.names[engine]));
    for (const each of buttons) each.removeAttribute('aria-disabled');
  });
}

copy.addEventListener('click', async () => {
  try {
    await navigator.clipboard.writeText(report.textContent ?? '');
    say(words.copied);
  } catch {
    say(words.notCopied);
  }
});
