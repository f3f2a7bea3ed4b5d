/** What a Node.js can do of all that a lab needs: `main.js`, a plain program, asks it, in any engine. */
import type { Sandbox } from '../index.ts';

/** What the program prints. */
export interface ProbeReport {
  /** `process.version` and `process.versions.openssl`, as that Node.js gives them. */
  node: string;
  openssl: string;
  /** By what was tried: `true`, or how it failed. */
  answers: Record<string, true | string>;
}

/** The program's last line. Throws when it said nothing of the kind. */
export function readReport(output: string): ProbeReport {
  const line = output.trim().split('\n').at(-1) ?? '';
  try {
    return JSON.parse(line);
  } catch {
    throw new Error(`The probe did not answer. It said: ${output.trim().slice(-300) || 'nothing'}`);
  }
}

export async function fetchProbe(engineUrl = '/engine/'): Promise<string> {
  const response = await fetch(`${engineUrl}container-probe.js`);
  if (!response.ok) throw new Error(`The probe could not be loaded: the server answered ${response.status}`);
  return response.text();
}

/** Runs the probe as a program of the sandbox, as any lab's. */
export async function probe(sandbox: Sandbox, program: string): Promise<ProbeReport> {
  await sandbox.mount({ 'probe.mjs': program });
  const process = await sandbox.spawn('node', ['probe.mjs']);
  const said: string[] = [];
  const reading = [process.stdout, process.stderr].map((stream) =>
    stream.pipeTo(new WritableStream({ write: (text) => void said.push(text) })),
  );
  await Promise.all([process.exit, ...reading]);
  return readReport(said.filter((text) => text.includes('{"node"')).join('') || said.join(''));
}

/** Whether our own TLS and cryptography have to stand in, so that labs run. */
export function lacksTls({ answers }: ProbeReport): boolean {
  const needed = ['tls', 'tls refusal', 'rsa', 'rsa keys', 'ec', 'ec keys', 'X509Certificate'];
  return needed.some((name) => answers[name] !== true);
}
