/** How a process, or a thread of one, is told where it is, and how it tells those that it starts. */
import { getEnvironmentData, setEnvironmentData } from 'node:worker_threads';
import type { Placement } from '../hosts.ts';

const PLACE = 'HANDFAST_PLACE';

/** As a word of `NODE_OPTIONS`. */
const quoted = (word: string) => `"${word.replace(/[\\"]/g, '\\$&')}"`;
const optionsFor = ({ preloads }: Placement) => preloads.map(quoted).join(' ');

/**
 * From the environment, which is the program's own from then on. A thread has its process's, and hears it from the thread
 * that has started it.
 */
function inherited(): Placement {
  const { env } = process;
  const text = env[PLACE] ?? (getEnvironmentData(PLACE) as unknown as string);
  setEnvironmentData(PLACE, text);
  delete env[PLACE];
  const placement: Placement = JSON.parse(text);
  const options = env.NODE_OPTIONS;
  const ours = optionsFor(placement);
  if (options?.endsWith(ours)) {
    env.NODE_OPTIONS = options.slice(0, -ours.length).trimEnd();
    if (env.NODE_OPTIONS === '') delete env.NODE_OPTIONS;
  }
  return placement;
}

export const placement = inherited();

/** The environment of a child. `isHeard`: what it writes is read for reports. `byOptions`: nothing is in its arguments. */
export function handedOn(env: NodeJS.ProcessEnv, isHeard: boolean, byOptions: boolean): NodeJS.ProcessEnv {
  const { mark: _mark, ...silent } = placement;
  const place = { [PLACE]: JSON.stringify(isHeard ? placement : silent) };
  if (!byOptions) return { ...env, ...place };
  return { ...env, ...place, NODE_OPTIONS: `${env.NODE_OPTIONS ?? ''} ${optionsFor(placement)}`.trimStart() };
}
