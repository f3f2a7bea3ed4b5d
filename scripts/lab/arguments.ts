import { parseArgs } from 'node:util';
import type { Variant } from '../../src/lesson/index.ts';

export const engines = ['embedded', 'node'] as const;
export type EngineName = (typeof engines)[number];

export interface Wanted {
  slug: string;
  engine: EngineName;
  variant: Variant;
  json: boolean;
}

export const usage =
  'npm run --silent lab -- SLUG [--engine embedded|node] [--variant lab|solution|fixes/NAME] [--json]';

/** Reads the command's arguments. Throws an error whose message says what is wrong. */
export function readArguments(args: string[]): Wanted {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      engine: { type: 'string', default: 'embedded' },
      variant: { type: 'string', default: 'lab' },
      json: { type: 'boolean', default: false },
    },
  });
  if (positionals.length !== 1) {
    throw new Error(`Name one lesson. Usage: ${usage}`);
  }
  const engine = engines.find((name) => name === values.engine);
  if (engine === undefined) {
    throw new Error(`There is no engine "${values.engine}": there are ${engines.join(', ')}.`);
  }
  return { slug: positionals[0], engine, variant: values.variant as Variant, json: values.json };
}
